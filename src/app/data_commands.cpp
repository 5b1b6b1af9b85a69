#include <fmt/core.h>

#include <filesystem>

#include "app/house.hpp"
#include "app/print.hpp"
#include "app/real_clock.hpp"
#include "crypto/system_random.hpp"
#include "db/migrate.hpp"

namespace cardea::app {
namespace {

enum class Missing { make, refuse };

// SQLite makes a file that is not there; a misspelt path would pass for an empty database.
bool is_missing(const std::string& url) {
  constexpr std::string_view scheme = "sqlite:";
  return url.starts_with(scheme) && !std::filesystem::exists(url.substr(scheme.size()));
}

// Opens the database the settings name and hands it to `work`.
template <class Work>
int with_database(const Options& options, Missing missing, Work work) {
  Settings settings;
  auto root = describe(settings);
  if (const auto loaded = load_settings(settings, root, options); !loaded) {
    fmt::print(stderr, "cardea: {}\n{}\n", loaded.error().kind->title, loaded.error().detail);
    return 1;
  }
  if (missing == Missing::refuse && is_missing(database_url(settings))) {
    fmt::print(stderr, "cardea: there is no database at {}\n", database_place(settings));
    return 1;
  }
  const auto database = db::open(database_url(settings), {.readers = 1, .pool = 1});
  return work(*database);
}

int no_such_user(const std::string& identifier) {
  fmt::print(stderr, "cardea: nobody has the user id or address \"{}\"\n", identifier);
  return 3;
}

}  // namespace

int migrate_up(const Options& options) {
  return with_database(options, Missing::make, [](db::Database& database) {
    const int applied = db::migrate(database, db::embedded_migrations(), RealClock{}.now());
    fmt::print("{} applied\n", applied);
    return 0;
  });
}

int migrate_status(const Options& options) {
  return with_database(options, Missing::refuse, [](db::Database& database) {
    for (const auto& state : db::migration_states(database, db::embedded_migrations())) {
      fmt::print("{}  {}\n", state.applied_at ? rfc3339(*state.applied_at) : "missing                 ", state.name);
    }
    return 0;
  });
}

int audit_verify(const Options& options) {
  return with_database(options, Missing::refuse, [](db::Database& database) {
    const auto broken = audit::verify(database);
    if (!broken) {
      fmt::print("The chain is whole.\n");
      return 0;
    }
    fmt::print(stderr, "The chain breaks at event {}: {}\n", broken->number, broken->what);
    return 1;
  });
}

int set_status(const Options& options, const std::string& identifier, bool is_active) {
  return with_database(options, Missing::refuse, [&](db::Database& database) {
    crypto::SystemRandom random;
    observe::Log log{observe::Format::human, observe::Level::warn};
    const audit::Trail trail{log, random};
    session::Cache no_cache{0, Duration{0}};  // a running server has its own, and trusts it for a minute
    const Time now = RealClock{}.now();
    const bool found = database.write([&](db::Tx& tx) {
      const auto account = identity::find_by_identifier(tx, identifier);
      const auto status = is_active ? identity::Status::active : identity::Status::disabled;
      if (!account || !identity::set_status(tx, account->id, status, now).ok()) return false;
      if (!is_active) session::revoke_all(tx, no_cache, account->id);
      trail.record(tx,
                   {.kind = is_active ? "user.unblocked" : "user.blocked", .account = account->id, .reason = "command"},
                   {}, now);
      return true;
    });
    if (!found) return no_such_user(identifier);
    fmt::print("{} is {}. A running server knows within a minute.\n", identifier,
               is_active ? "let in again" : "blocked");
    return 0;
  });
}

int set_admin(const Options& options, const std::string& identifier, bool is_admin) {
  return with_database(options, Missing::refuse, [&](db::Database& database) {
    crypto::SystemRandom random;
    observe::Log log{observe::Format::human, observe::Level::warn};
    const audit::Trail trail{log, random};
    const Time now = RealClock{}.now();
    const bool found = database.write([&](db::Tx& tx) {
      const auto account = identity::find_by_identifier(tx, identifier);
      if (!account || !identity::set_admin(tx, account->id, is_admin, now).ok()) return false;
      trail.record(tx,
                   {.kind = is_admin ? "admin.granted" : "admin.revoked", .account = account->id, .reason = "command"},
                   {}, now);
      return true;
    });
    if (!found) return no_such_user(identifier);
    fmt::print("{} is {}. A running server knows within a minute.\n", identifier,
               is_admin ? "an administrator" : "no administrator");
    return 0;
  });
}

}  // namespace cardea::app
