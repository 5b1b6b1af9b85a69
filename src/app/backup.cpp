#include <fmt/format.h>

#include <filesystem>

#include "app/backup_commands.hpp"
#include "app/backup_name.hpp"
#include "app/command_database.hpp"
#include "app/database_check.hpp"
#include "app/interruption.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "app/talk.hpp"
#include "db/file_swap.hpp"
#include "db/sqlite_copy.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

constexpr double mebibyte = 1024.0 * 1024.0;

db::CopyProgress progress_of(const Interruption& interruption, Progress& progress) {
  return [&interruption, &progress](std::int64_t copied, std::int64_t all) {
    interruption.check();
    progress.reach(copied, all);
  };
}

/// Keeps to --keep. What cannot be removed is said; the copy is there all the same.
int remove_older(const BackupSeries& series, const fs::path& fresh, int keep) {
  try {
    for (const auto& removed : remove_old(series, fresh, static_cast<std::size_t>(keep))) {
      fmt::print("{}: removed\n", removed.string());
    }
    return exit_code::done;
  } catch (const fs::filesystem_error& problem) {
    complain(problem);
    complain("the copy is there, and older ones than --keep permits are too");
    return exit_code::partial;
  }
}

/// The very file that was asked for; absent when the name has the time in it.
std::optional<fs::path> exact_name(const BackupOrder& order) {
  const fs::path place{order.place};
  if (order.keep || !place.has_filename() || fs::is_directory(place)) return std::nullopt;
  return fs::absolute(place).lexically_normal();
}

/// Gives the draft its name: the exact one, or the first of the series that is free. Absent: it is taken.
std::optional<fs::path> publish(db::Draft& draft, const std::optional<fs::path>& exact, const BackupSeries& series,
                                Time now) {
  if (exact) return draft.publish(*exact) ? exact : std::nullopt;
  constexpr int most_in_a_second = 1000;
  for (int count = 1; count <= most_in_a_second; ++count) {
    auto name = series.name(now, count);
    if (draft.publish(name)) return name;
  }
  return std::nullopt;
}

int backup_sqlite(const Settings& settings, const std::string& file, const BackupOrder& order, Progress& progress) {
  const auto series = BackupSeries::at(order.place);
  const auto exact = exact_name(order);
  if (exact && fs::exists(*exact)) {
    complain(order.place + " is there already, and is not overwritten");
    return exit_code::conflict;
  }
  if (!fs::is_directory(series.folder)) {
    complain("there is no folder " + series.folder.string());
    return 1;
  }
  const Time now = RealClock{}.now();
  db::Draft draft{series.folder / series.stem};
  const Interruption interruption{"interrupted; no copy was left behind"};
  progress.begin("copying", 0, in_mebibytes);
  db::copy_sqlite(fs::absolute(file), draft.path(), progress_of(interruption, progress));
  const auto size = static_cast<double>(fs::file_size(draft.path()));
  const auto check = check_database(*db::open("sqlite:" + draft.path().string(), {.readers = 1, .use = db::Use::look}),
                                    settings, progress);
  interruption.check();
  if (!check.problems.empty()) return fail("the copy cannot be relied on, and was removed", check);
  const auto name = publish(draft, exact, series, now);
  if (!name) {
    complain(order.place + " was made by somebody else meanwhile; nothing was overwritten");
    return exit_code::conflict;
  }
  fmt::print("{}: {:.1f} MiB; {}\n", name->string(), size / mebibyte, say_checked(check));
  return order.keep ? remove_older(series, *name, *order.keep) : exit_code::done;
}

int point_at_pg_dump(const Settings& settings) {
  const auto place = database_place(settings);
  complain(
      fmt::format("the database is in PostgreSQL, whose own tool makes the backup. Nothing was done. Run:\n"
                  "  pg_dump --format=custom --file=cardea-{}.dump '{}'\n"
                  "It asks for a password, or reads ~/.pgpass. To bring a backup back, stop every server and run:\n"
                  "  pg_restore --clean --if-exists --single-transaction --dbname='{}' FILE\n"
                  "  cardea restore\n",
                  compact_utc(RealClock{}.now()), place, place));
  return 1;
}

}  // namespace

int backup(const Options& options, const BackupOrder& order) {
  return with_settings(options, [&](const Settings& settings) {
    const auto file = sqlite_path(database_url(settings));
    if (!file) return point_at_pg_dump(settings);
    // Open during all of it: nobody puts another file in the place of the one that is copied.
    Progress progress{!options.no_progress};
    return with_database(options, Missing::refuse, [&](db::Database&, const Settings&) {
      return backup_sqlite(settings, *file, order, progress);
    });
  });
}

}  // namespace cardea::app
