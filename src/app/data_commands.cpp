#include <fmt/format.h>

#include <algorithm>

#include "app/command_database.hpp"
#include "app/print.hpp"
#include "app/progress.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "app/talk.hpp"
#include "db/migrate.hpp"

namespace cardea::app {
namespace {

int apply_missing(db::Database& database, bool has_progress) {
  const auto states = db::migration_states(database, db::embedded_migrations());
  const auto missing = std::ranges::count_if(states, [](const auto& state) { return !state.applied_at; });
  std::int64_t applied = 0;
  Progress progress{has_progress};
  progress.begin("migrating", missing, {.name = "migrations"});
  try {
    db::migrate(database, db::embedded_migrations(), RealClock{}.now(),
                [&](std::string_view) { progress.reach(++applied); });
  } catch (const std::exception& problem) {
    if (applied == 0) throw;
    progress.end();
    complain(problem);
    complain(
        fmt::format("{} of {} migrations were applied; mend that, and run the same command again", applied, missing));
    return exit_code::partial;
  }
  progress.end();
  fmt::print("{} applied\n", applied);
  return exit_code::done;
}

}  // namespace

int migrate_up(const Options& options) {
  return with_database(options, Missing::make, [&](db::Database& database, const Settings&) {
    return apply_missing(database, !options.no_progress);
  });
}

int migrate_status(const Options& options) {
  return with_database(options, Missing::refuse, [](db::Database& database, const Settings&) {
    for (const auto& state : db::migration_states(database, db::embedded_migrations())) {
      fmt::print("{}  {}\n", state.applied_at ? rfc3339(*state.applied_at) : "missing                 ", state.name);
    }
    return 0;
  });
}

}  // namespace cardea::app
