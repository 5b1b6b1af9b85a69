#include "app/surroundings.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "app/command_database.hpp"
#include "app/house.hpp"
#include "app/progress.hpp"
#include "breached/breached.hpp"
#include "db/migrate.hpp"
#include "db/move_lock.hpp"
#include "edge/certificate.hpp"
#include "geo/inspect.hpp"
#include "http/peers.hpp"
#include "jobs/periodic.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

/// A proxy that is not trusted names its clients in vain: they would share the budgets of one.
void look_at_unix_socket(const Settings& settings, Findings& found) {
  const auto& trusted = settings.trusted_proxies;
  if (!settings.server.listen.starts_with(http::unix_peer)) return;
  if (std::ranges::find(trusted, http::unix_peer) != trusted.end()) return;
  found.remark(
      "server.listen: all who come by the unix socket are one client; if a proxy does, add \"unix:\" to "
      "server.trusted_proxies",
      "trusted_proxies = [\"unix:\"]");
}

void look_at_certificate(const Settings& settings, Time now, Findings& found) {
  const std::string& file = settings.server.certificate_file;
  if (file.empty()) return;
  const auto facts = edge::read_certificate(file, settings.server.public_host);
  if (!facts.ok()) return found.problem("tls.certificate_file: " + facts.error().detail);
  if (const auto problem = edge::problem_with_successor(*facts, *facts, now); !problem.empty()) {
    found.problem("tls.certificate_file: " + problem);
  } else if (facts->not_after - now < certificate_is_old) {
    found.remark(fmt::format("tls.certificate_file: it has {} left; renew it and send SIGHUP",
                             days_text(facts->not_after - now)));
  }
  if (facts->covers_host) return;
  const std::string other = "tls.certificate_file: it does not name " + settings.server.public_host +
                            ", the host of url; browsers refuse it, and a proxy may";
  settings.trusted_proxies.empty() ? found.problem(other) : found.remark(other);
}

std::string mode_of(const fs::path& path, mode_t unwanted) {
  struct stat facts{};
  return ::stat(path.c_str(), &facts) == 0 && (facts.st_mode & unwanted) != 0 ? path.string() : std::string{};
}

/// The deepest folder above `file` that is there.
fs::path existing_folder(const fs::path& file) {
  std::error_code ignored;
  fs::path folder = fs::absolute(file, ignored).parent_path();
  while (!folder.empty() && folder != folder.root_path() && !fs::exists(folder, ignored)) folder = folder.parent_path();
  return folder;
}

/// Of the folder and file of a SQLite database. True when the file is there.
bool look_at_files(const fs::path& file, Findings& found) {
  std::error_code ignored;
  const bool is_there = fs::exists(file, ignored);
  const fs::path folder = existing_folder(file);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    found.problem(
        fmt::format("database: this user cannot write to {}; run chown on it, or name another folder", folder.string()),
        "sudo chown \"$(id -un)\" " + folder.string());
  }
  if (!is_there) {
    found.remark("database: there is none yet at " + file.string() + "; `cardea serve --create` makes it",
                 "cardea serve --create");
    return false;
  }
  if (const auto path = mode_of(file, S_IRWXO); !path.empty()) {
    found.problem(fmt::format("database: every user of this machine can get at {0}; run chmod o-rwx {0}", path),
                  "chmod o-rwx " + path);
  }
  if (const auto path = mode_of(folder, S_IWOTH); !path.empty() && mode_of(folder, S_ISVTX).empty()) {
    found.problem(fmt::format("database: every user of this machine may write to {0}; run chmod o-w {0}", path),
                  "chmod o-w " + path);
  }
  if (::access(file.c_str(), R_OK | W_OK) != 0) {
    found.problem("database: this user cannot read and write " + file.string() + "; run chown on it",
                  "sudo chown \"$(id -un)\" " + file.string());
    return false;
  }
  return true;
}

/// False when there is no schema yet, or one that this program does not know.
bool look_at_schema(db::Database& database, Findings& found) {
  const auto known = db::embedded_migrations();
  const auto states = db::migration_states(database, known);
  const auto is_missing = [](const db::MigrationState& state) { return !state.applied_at.has_value(); };
  const auto missing = static_cast<std::size_t>(std::ranges::count_if(states, is_missing));
  if (std::ranges::find(states, db::unfinished_move, &db::MigrationState::name) != states.end()) {
    found.problem("database: a move into it is not finished; run the same `cardea move` again");
    return false;
  }
  if (states.size() > known.size()) {
    found.problem("database: a newer program has written it; install that version, or restore a backup of before");
    return false;
  }
  if (missing > 0) found.remark(fmt::format("database: the next start applies {} migrations", missing));
  return missing < known.size();
}

void look_at_clock(db::Database& database, Time now, Findings& found) {
  const auto say = [&](Duration off, std::string_view other) {
    if (off <= clock_tolerance && off >= -clock_tolerance) return;
    found.problem(
        fmt::format("clock: this machine is {} seconds {} {}; let NTP set both (timedatectl set-ntp true)",
                    std::chrono::abs(off) / std::chrono::seconds{1}, off > Duration{0} ? "ahead of" : "behind", other),
        std::string{clock_fix});
  };
  if (database.engine() == "postgres") {
    const auto row = database.read_one("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
    say(now - row->time(0), "the database server");
  }
  const auto seen = database.read([](db::Tx& tx) { return jobs::last_success(tx); });
  if (seen && *seen > now) say(now - *seen, "what was written into the database");
}

void look_past_pooler(const Settings& settings, Findings& found) try {
  const auto [lending, url] = database_pooler(settings);
  if (lending == db::Lending::for_good) return;
  if (!url.empty()) {
    (void)db::open(url, {.pool = 1});
    return;
  }
  found.remark("database_direct: not set, so other processes are not heard and each session check asks the database");
} catch (const std::exception& failure) {
  found.problem("database_direct: " + std::string{failure.what()});
}

void look_at_database(const Settings& settings, Time now, Findings& found) try {
  const std::string url = database_url(settings);
  const auto path = sqlite_path(url);
  if (path && !look_at_files(*path, found)) return;
  const auto database = db::open(url, {.readers = 1, .pool = 1}, database_pooler(settings));
  if (!look_at_schema(*database, found)) return;
  look_at_clock(*database, now, found);
  (void)keyring::count_keys(*database, keyring_key(settings));
} catch (const std::exception& failure) {
  found.problem("database: " + std::string{failure.what()});
}

/// A list that is required, or there, has to be usable; and none gets better with age.
void look_at_leaked_list(const Settings& settings, Time now, Findings& found) {
  if (settings.password.breached == password::LeakCheck::off) return;
  const std::string file = leaked_list_file(settings);
  std::error_code ignored;
  if (settings.password.breached_file.empty() && (file.empty() || !fs::exists(file, ignored))) {
    const auto& service = settings.password.breached_service.url;
    if (!service.empty()) {
      return found.remark("password.breached_service: there is no list of leaked passwords; " + service +
                          " is asked when one is chosen");
    }
    return found.remark(
        "password.breached: there is no list of leaked passwords, so nobody is warned of them; `cardea password-list "
        "import` makes one");
  }
  const auto facts = breached::inspect(file);
  if (!facts) {
    return found.problem("password.breached_file: " + file + ": " + facts.error().detail,
                         "cardea password-list import FILE");
  }
  const auto entries = grouped(static_cast<std::int64_t>(facts->entries));
  const auto age = now - facts->made_at;
  if (age > leaked_list_is_old) {
    return found.remark(fmt::format("password.breached_file: the list of {} leaked passwords is {} old; import a newer "
                                    "one",
                                    entries, days_text(age)),
                        "cardea password-list import FILE");
  }
  found.remark(fmt::format("password.breached_file: {} leaked passwords, imported {} ago", entries, days_text(age)));
}

/// Networks move from one country to another.
void look_at_countries(const Settings& settings, Time now, Findings& found) try {
  const auto& file = settings.signin.country_file;
  if (file.empty()) return;
  const auto age = now - geo::made_at(file);
  if (age > country_file_is_old) {
    found.remark(fmt::format("signin.country_file: it was made {} ago; get a newer one", days_text(age)));
  }
} catch (const std::exception& failure) {
  found.problem(failure.what());
}

}  // namespace

std::string days_text(Duration span) { return fmt::format("{} days", span / std::chrono::days{1}); }

std::vector<Finding> look_around(const Settings& settings, const std::string& config_file, Time now) {
  Findings found;
  if (!config_file.empty() && !mode_of(config_file, S_IWOTH).empty()) {
    found.problem(fmt::format("{0}: every user of this machine may write to it; run chmod o-w {0}", config_file),
                  "chmod o-w " + config_file);
  }
  look_at_unix_socket(settings, found);
  look_at_certificate(settings, now, found);
  look_at_leaked_list(settings, now, found);
  look_at_countries(settings, now, found);
  look_at_database(settings, now, found);
  look_past_pooler(settings, found);
  return std::move(found.all);
}

}  // namespace cardea::app
