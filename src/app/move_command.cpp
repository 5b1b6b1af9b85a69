#include "app/move_command.hpp"

#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/command_database.hpp"
#include "app/database_check.hpp"
#include "app/move_tables.hpp"
#include "app/move_target.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "app/setting_rules.hpp"
#include "app/talk.hpp"
#include "db/folder_lock.hpp"
#include "db/migrate.hpp"
#include "db/move_lock.hpp"
#include "db/sqlite_file.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

int refuse(const std::string& why, int code = exit_code::failed) {
  complain(why + ". Nothing was moved");
  return code;
}

struct Place {
  explicit Place(std::string address) : url(std::move(address)), name(database_place(url)) {
    if (const auto path = sqlite_path(url)) file = db::resolve_file(*path);
  }
  std::string url;
  std::string name;              // for people
  std::optional<fs::path> file;  // of SQLite
};

/// The folders of the files, each for this move alone.
class Folders {
 public:
  /// False when somebody uses it.
  [[nodiscard]] bool take(const Place& place) {
    if (!place.file) return true;
    const fs::path folder = place.file->parent_path();
    for (const auto& [taken, lock] : locks_) {
      if (taken == folder) return true;
    }
    return locks_.emplace_back(folder, std::make_unique<db::FolderLock>(folder)).second->try_alone();
  }

 private:
  std::vector<std::pair<fs::path, std::unique_ptr<db::FolderLock>>> locks_;
};

std::unique_ptr<db::Database> open(const std::string& url, const Settings& settings, db::Use use) {
  // Past nobody: a move hears nobody.
  return db::open(url, {.readers = 1, .pool = 1, .use = use}, {.lending = database_pooler(settings).lending});
}

/// SQLite makes a log beside a file that it only reads, and leaves it: what was not there before goes at the end.
class Traces {
 public:
  explicit Traces(const std::optional<fs::path>& file) {
    for (const char* ending : {"-wal", "-shm"}) {
      if (file && !fs::exists(file->string() + ending)) made_.push_back(file->string() + ending);
    }
  }
  ~Traces() {
    std::error_code ignored;
    for (const auto& path : made_) fs::remove(path, ignored);
  }
  Traces(const Traces&) = delete;
  Traces& operator=(const Traces&) = delete;

 private:
  std::vector<fs::path> made_;
};

/// Why the source is not moved; empty: nothing keeps it.
std::string problem_with_source(db::Database& source) {
  for (const auto& state : db::migration_states(source, db::embedded_migrations())) {
    if (!state.applied_at) return "its schema is older than this program: run `cardea migrate up` on it first";
  }
  return {};
}

/// Copies what is missing, and compares. False, after a complaint, when they differ.
bool copy_and_compare(db::Tx& source, db::Database& target, const std::vector<db::Table>& tables, bool is_copied,
                      Progress& progress) {
  bool is_same = true;
  for (const auto& table : tables) {
    if (table.name == "migration") continue;  // the last one: finish_target
    const auto expected = is_copied ? digest_of(source, table, progress) : copy_table(source, target, table, progress);
    const auto found = target.read([&](db::Tx& tx) {
      db::allow_any_time(tx);
      return digest_of(tx, table, progress);
    });
    if (found != expected) {
      is_same = false;
      complain(fmt::format("{}: {} rows, {}, became {} rows, {}", table.name, expected.rows(), expected.text(),
                           found.rows(), found.text()));
      continue;
    }
    fmt::print("{:<16} {:>10} rows  {}\n", table.name, found.rows(), found.text());
    std::fflush(stdout);
  }
  return is_same;
}

/// How far it has come.
struct Course {
  Progress& progress;
  bool has_begun = false;
};

/// The move itself, in the one transaction that reads the source.
int move_rows(db::Tx& source, std::string_view engine, db::Database& target, const Place& to, Course& course) {
  using State = MoveTarget::State;
  const auto identity = identity_of(source);
  const auto found = look_at_target(target, identity);
  if (found.state == State::unfit)
    return refuse(to.name + ": " + found.problem + ". Name an empty database", exit_code::conflict);
  const auto tables = db::list_tables(source, engine);
  course.has_begun = true;
  if (found.state == State::empty) begin_target(target, identity, RealClock{}.now());
  if (found.state == State::begun) fmt::print("A move that was begun before goes on.\n");
  const bool is_moved = found.state == State::moved;
  if (!copy_and_compare(source, target, tables, is_moved, course.progress)) {
    complain(is_moved ? to.name + " was moved from here before, and has changed since. It was left as it is"
                      : "what arrived is not what was sent; run the same command again");
    return is_moved ? exit_code::conflict : exit_code::partial;
  }
  if (is_moved) {
    fmt::print("It had been moved before, and all of it is the same.\n");
    return 0;
  }
  finish_target(source, target);
  db::analyze(target);
  return 0;
}

/// Runs `work` while nobody else can open the database there.
int with_place_alone(const Place& place, const Settings& settings, const std::function<int()>& work) {
  if (place.file) return work();  // its folder was taken
  const auto guard = open(place.url, settings, db::Use::look);
  return guard->read([&](db::Tx& tx) -> int {
    db::allow_any_time(tx);
    if (const auto other = db::take_database_alone(tx))
      return refuse(place.name + ": " + *other + ". Stop it first", exit_code::conflict);
    return work();
  });
}

int move_all(db::Database& source, db::Database& target, const Place& to, Progress& progress) {
  Course course{.progress = progress};
  try {
    return source.read([&](db::Tx& tx) {
      db::allow_any_time(tx);
      return move_rows(tx, source.engine(), target, to, course);
    });
  } catch (const std::exception& problem) {
    if (!course.has_begun) throw;
    progress.end();
    complain(problem);
    complain("the move is not finished; the same command goes on where it was");
    return exit_code::partial;
  }
}

int move_into(db::Database& source, const Place& from, const Place& to, const Settings& settings, Progress& progress) {
  const auto target = open(to.url, settings, db::Use::alone);
  if (const int code = move_all(source, *target, to, progress); code != 0) return code;
  const auto arrived = check_database(*target, settings, progress);
  if (!arrived.problems.empty()) return fail(to.name + " cannot be relied on", arrived);
  fmt::print("{}: {}\n", to.name, say_checked(arrived));
  fmt::print("All of {} is in {} now. Name that in the settings; the former is as it was.\n", from.name, to.name);
  return 0;
}

int move_from(const Place& from, const Place& to, const Settings& settings, Progress& progress) {
  const Traces traces{from.file};
  const auto source = open(from.url, settings, db::Use::look);
  const auto check = check_database(*source, settings, progress);
  if (!check.problems.empty()) return fail(from.name + " cannot be moved. Nothing was changed", check);
  if (const auto problem = problem_with_source(*source); !problem.empty()) return refuse(from.name + ": " + problem);
  fmt::print("{}: {}\n", from.name, say_checked(check));
  return with_place_alone(to, settings, [&] { return move_into(*source, from, to, settings, progress); });
}

}  // namespace

int move_database(const Options& options, const MoveOrder& order) {
  return with_settings(options, [&](const Settings& settings) {
    const std::string url = order.from.empty() ? database_url(settings) : order.from;
    for (const auto& [option, address] : {std::pair{"--from", url}, std::pair{"--to", order.to}}) {
      if (const auto problem = problem_with_database(address); !problem.empty()) {
        complain(fmt::format("{}: {}", option, problem));
        return exit_code::usage;
      }
    }
    const Place from{url};
    const Place to{order.to};
    if (from.file && is_missing(url)) return refuse("there is no database at " + from.name);
    std::error_code ignored;
    if (from.file && to.file && (*from.file == *to.file || fs::equivalent(*from.file, *to.file, ignored))) {
      return refuse("both addresses name " + from.name);
    }
    if (to.file) db::make_folder(to.file->parent_path());
    Folders folders;
    Progress progress{!options.no_progress};
    for (const Place* place : {&from, &to}) {
      if (folders.take(*place)) continue;
      return refuse("a server or another command uses the folder of " + place->file->string() + ": stop it first",
                    exit_code::conflict);
    }
    return with_place_alone(from, settings, [&] { return move_from(from, to, settings, progress); });
  });
}

}  // namespace cardea::app
