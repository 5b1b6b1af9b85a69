#include <fmt/core.h>

#include "app/command_database.hpp"
#include "app/print.hpp"
#include "app/real_clock.hpp"
#include "audit/audit.hpp"
#include "db/migrate.hpp"
#include "encoding/base64.hpp"

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

int audit_verify(const Options& options) {
  return with_copy(options, [](db::Database& database, const Settings&) {
    const auto found = audit::survey(database, RealClock{}.now());
    if (found.broken) {
      fmt::print(stderr, "The chain breaks at event {}: {}\n", found.broken->number, found.broken->what);
      return 1;
    }
    fmt::print("The chain is whole.\nEvents sealed: {}; the last has number {} and hash {}.\n", found.sealed,
               found.last_number, encoding::hex(found.last_hash));
    if (found.unsealed > 0) {
      fmt::print("Events not sealed yet: {}, the oldest of {}; of these, nothing shows whether some were removed.\n",
                 found.unsealed, rfc3339(*found.oldest_unsealed));
    }
    if (!found.is_overdue) return 0;
    fmt::print(stderr,
               "Events are sealed within ten seconds, and these were not. Look for audit.seal in the server's log, and "
               "for who else writes to the database.\n");
    return 1;
  });
}

}  // namespace cardea::app
