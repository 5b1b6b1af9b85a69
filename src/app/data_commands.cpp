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

namespace {

/// Does something to the account of an identifier, as the operator of this machine: nobody signed in, every permission.
template <class Work>
int with_account(const Options& options, const std::string& identifier, Work work) {
  Settings settings;
  return with_database(options, Missing::refuse, [&](db::Database& database) {
    crypto::SystemRandom random;
    observe::Log log{observe::Format::human, observe::Level::warn};
    const audit::Trail trail{log, random};
    const account::Deps deps{.database = database,
                             .trail = trail,
                             .identity = settings.identity,
                             .budgets = settings.account_budgets,
                             .recent = settings.session.recent};
    const Context context{.now = RealClock{}.now(),
                          .origin = {.surface = "cli"},
                          .principal = Principal{.permissions = Permissions{Role::owner}}};
    const auto account = database.read([&](db::Tx& tx) { return identity::find_by_identifier(tx, identifier); });
    const Result<Done> result = account ? work(deps, context, account->id) : Result<Done>{not_found};
    if (result.ok()) return 0;
    if (result.error().is(not_found)) return no_such_user(identifier);
    fmt::print(stderr, "cardea: {}\n", result.error().kind->title);
    return 1;
  });
}

}  // namespace

int user_block(const Options& options, const std::string& identifier) {
  const int code = with_account(options, identifier, account::block);
  if (code == 0) fmt::print("{} is blocked. A running server knows at once.\n", identifier);
  return code;
}

int user_unblock(const Options& options, const std::string& identifier) {
  const int code = with_account(options, identifier, account::unblock);
  if (code == 0) fmt::print("{} is let in again. A running server knows at once.\n", identifier);
  return code;
}

int set_role(const Options& options, const std::string& identifier, Role role) {
  const int code =
      with_account(options, identifier, [&](const auto& deps, const Context& context, const AccountId& id) {
        return account::set_role(deps, context, id, role);
      });
  if (code != 0) return code;
  if (role == Role::user || role == Role::owner) {
    fmt::print("{} is {} administrator. A running server knows at once.\n", identifier,
               role == Role::user ? "no" : "an");
  } else {
    fmt::print("{} has the role {}. A running server knows at once.\n", identifier, enum_text(role));
  }
  return 0;
}

}  // namespace cardea::app
