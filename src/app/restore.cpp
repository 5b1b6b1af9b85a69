#include <fmt/core.h>

#include <filesystem>

#include "app/backup_commands.hpp"
#include "app/backup_name.hpp"
#include "app/command_database.hpp"
#include "app/database_check.hpp"
#include "app/database_events.hpp"
#include "app/house.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "app/talk.hpp"
#include "audit/audit.hpp"
#include "authn/pending.hpp"
#include "challenge/challenge.hpp"
#include "crypto/system_random.hpp"
#include "db/file_swap.hpp"
#include "db/folder_lock.hpp"
#include "db/migrate.hpp"
#include "db/sqlite_copy.hpp"
#include "db/sqlite_file.hpp"
#include "known_browser/known_browser.hpp"
#include "session/session.hpp"
#include "throttle/throttle.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

int refuse(const std::string& why, int code = exit_code::failed) {
  complain(why);
  return code;
}

/// Ends what was live at the time of the backup and may have been ended since, and what has no meaning at another time.
/// Accounts, passwords, roles, blocks, keys and the audit trail are what they were. Returns how many sessions ended.
std::int64_t settle(db::Database& database, const Settings& settings, const std::string& subject) {
  const RealClock clock;
  crypto::SystemRandom random;
  observe::Log log{observe::Format::human, observe::Level::warn};
  const audit::Trail trail{log, random, audit_sealing_key(settings)};
  const Context context{.now = clock.now(), .origin = {.surface = "cli"}};
  return database.write([&](db::Tx& tx) {
    const std::int64_t ended = session::end_all(tx);
    authn::end_all_pending(tx);
    challenge::void_all(tx);
    known_browser::forget_all(tx);
    throttle::forget_all(tx);
    trail.record(tx, context, {.kind = database_restored, .reason = "command", .subject = subject});
    return ended;
  });
}

void say_settled(std::int64_t sessions) {
  fmt::print(
      "{} sessions were ended; sign-ins half done, codes and links, known browsers and budgets are gone.\n"
      "Passwords, roles and blocks are those of the backup: what was changed since then, change again.\n",
      sessions);
}

/// What is wrong with the file before it is opened.
std::string problem_with(const fs::path& source, const fs::path& target) {
  std::error_code ignored;
  if (!fs::is_regular_file(source, ignored)) return source.string() + " is no file";
  if (fs::equivalent(source, target, ignored)) return source.string() + " is the database itself";
  for (const char* ending : {"-wal", "-journal"}) {
    const fs::path log = source.string() + ending;
    if (fs::exists(log, ignored) && fs::file_size(log, ignored) > 0) {
      return log.string() +
             " lies beside the backup: it is a copy of a database in use, and half of it may be in there. "
             "Open it once (sqlite3 " +
             source.string() + " 'PRAGMA journal_mode=DELETE'), or take one by `cardea backup`";
    }
  }
  return {};
}

/// Looks through the copy, brings it up to date and settles it; the number of sessions that ended, or why not.
std::optional<std::int64_t> finish_copy(const fs::path& copy, const std::string& name, const Settings& settings,
                                        Progress& progress) {
  const std::string url = "sqlite:" + copy.string();
  const auto check = check_database(*db::open(url, {.readers = 1, .use = db::Use::look}), settings, progress);
  if (!check.problems.empty()) {
    fail(name + " cannot be put in place. Nothing was changed.", check);
    return std::nullopt;
  }
  fmt::print("{}: {}\n", name, say_checked(check));
  const auto database = db::open(url, {.readers = 1, .use = db::Use::alone});
  const int applied = db::migrate(*database, db::embedded_migrations(), RealClock{}.now());
  if (applied > 0) fmt::print("{} migrations were applied to it\n", applied);
  return settle(*database, settings, fs::path{name}.filename().string());
}

/// `wanted`, or that with a number behind it.
fs::path free_name(const std::string& wanted) {
  fs::path name = wanted;
  for (int number = 2; fs::exists(name); ++number) name = wanted + "-" + std::to_string(number);
  return name;
}

int restore_sqlite(const Settings& settings, const std::string& path, const std::string& name, Progress& progress) {
  const auto target = db::resolve_file(path);
  const fs::path source = fs::absolute(name);
  if (const auto problem = problem_with(source, target); !problem.empty()) return refuse(problem);
  db::make_folder(target.parent_path());
  db::FolderLock lock{target.parent_path()};
  if (!lock.try_alone()) {
    return refuse(
        "a server or another command uses the folder of " + target.string() + ": stop it first. Nothing was changed",
        exit_code::conflict);
  }
  db::Draft draft{target};
  progress.begin("copying", 0, in_mebibytes);
  fs::copy_file(source, draft.path(), fs::copy_options::overwrite_existing);
  fs::permissions(draft.path(), fs::perms::owner_read | fs::perms::owner_write);
  const auto ended = finish_copy(draft.path(), name, settings, progress);
  if (!ended) return 1;
  db::finish_sqlite(draft.path());
  const fs::path kept = free_name(target.string() + ".before-" + compact_utc(RealClock{}.now()));
  const bool has_kept = db::replace_sqlite(draft.path(), target, kept);
  fmt::print("{} is now what {} holds.\n", target.string(), name);
  if (has_kept) fmt::print("What was there before is {}: remove it when it is not wanted.\n", kept.string());
  say_settled(*ended);
  return 0;
}

int settle_postgres(const Options& options) {
  return with_database(options, Missing::refuse, [&](db::Database& database, const Settings& settings) {
    Progress progress{!options.no_progress};
    const auto check = check_database(database, settings, progress);
    if (!check.problems.empty()) return fail("what is in the database cannot be relied on", check);
    fmt::print("{}: {}\n", database_place(settings), say_checked(check));
    db::migrate(database, db::embedded_migrations(), RealClock{}.now());
    say_settled(settle(database, settings, "pg_restore"));
    return 0;
  });
}

}  // namespace

int restore(const Options& options, const std::string& file) {
  return with_settings(options, [&](const Settings& settings) {
    const auto path = sqlite_path(database_url(settings));
    if (path && file.empty()) {
      complain("name the backup: cardea restore FILE");
      return exit_code::usage;
    }
    Progress progress{!options.no_progress};
    if (path) return restore_sqlite(settings, *path, file, progress);
    if (file.empty()) return settle_postgres(options);
    return refuse(
        "the database is in PostgreSQL, whose own tool brings a backup back. Nothing was done. Stop every "
        "server and run:\n  pg_restore --clean --if-exists --single-transaction --dbname='" +
        database_place(settings) + "' " + file + "\n  cardea restore");
  });
}

}  // namespace cardea::app
