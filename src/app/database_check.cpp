#include "app/database_check.hpp"

#include <fmt/core.h>

#include "app/house.hpp"
#include "app/say.hpp"
#include "audit/walk.hpp"
#include "db/migrate.hpp"
#include "db/sqlite_copy.hpp"

namespace cardea::app {

DatabaseCheck check_database(db::Database& database, const Settings& settings, Progress& progress) {
  DatabaseCheck check;
  progress.begin("looking at pages and references", 0);
  if (database.engine() == "sqlite") check.problems = db::find_damage(database);
  if (!check.problems.empty()) {  // what else it says is worth nothing
    progress.end();
    return check;
  }
  if (db::is_new(database)) {
    check.problems.emplace_back("there is nothing of Cardea's in it");
    return check;
  }
  try {
    db::require_known(database, db::embedded_migrations());
    const auto key = settings.secret.empty() ? audit::CheckpointKey{} : crypto::ed25519_public_key(audit_key(settings));
    progress.begin("checking the audit chain", 0, in_events);
    const auto told = [&progress](std::int64_t read, std::int64_t all) { progress.reach(read, all); };
    if (const auto broken = audit::verify(database, key, told)) {
      check.problems.push_back(fmt::format("the audit chain breaks at event {}: {}", broken->number, broken->what));
    }
    if (!settings.secret.empty()) {
      check.keys = keyring::count_keys(database, keyring_key(settings));
    }
  } catch (const std::exception& problem) {  // of a newer program, or another secret
    check.problems.emplace_back(problem.what());
  }
  progress.end();
  return check;
}

int fail(std::string_view what, const DatabaseCheck& check) {
  complain(what);
  for (const auto& problem : check.problems) fmt::print(stderr, "  {}\n", problem);
  return 1;
}

std::string say_checked(const DatabaseCheck& check) {
  const std::string keys = check.keys ? fmt::format("{} signing keys open", *check.keys)
                                      : "signing keys not tried, because no secret is set";
  return "pages and references are sound, the audit chain is whole, " + keys;
}

}  // namespace cardea::app
