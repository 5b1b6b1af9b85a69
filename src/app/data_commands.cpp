#include <fmt/core.h>

#include "app/command_database.hpp"
#include "app/print.hpp"
#include "app/real_clock.hpp"
#include "db/migrate.hpp"

namespace cardea::app {

int migrate_up(const Options& options) {
  return with_database(options, Missing::make, [](db::Database& database, const Settings&) {
    const int applied = db::migrate(database, db::embedded_migrations(), RealClock{}.now());
    fmt::print("{} applied\n", applied);
    return 0;
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
