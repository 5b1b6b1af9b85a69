#include "account_activity/account_activity_store.hpp"

#include "account_activity/account_activity.hpp"

namespace cardea::account_activity {

void insert(db::Tx& tx, const audit::Entry& entry, const Detail& detail) {
  const std::int64_t is_unusual = detail.is_unusual ? 1 : 0;
  tx.later(
      "INSERT INTO activity_detail (event_id, account_id, at, user_agent, is_unusual) "
      "SELECT $1, id, $3, $4, $5 FROM account WHERE id = $2",
      entry.id, *entry.account, entry.at, detail.user_agent, is_unusual);
}

std::map<EventId, Detail> details(db::Tx& tx, const AccountId& account, const EventId& first, const EventId& last) {
  std::map<EventId, Detail> found;
  for (const auto& row : tx.all("SELECT event_id, user_agent, is_unusual FROM activity_detail "
                                "WHERE account_id = $1 AND event_id >= $2 AND event_id <= $3",
                                account, first, last)) {
    found.emplace(row.id<EventId>(0), Detail{.user_agent = row.text(1), .is_unusual = row.integer(2) != 0});
  }
  return found;
}

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "account_activity.sweep",
          .every = std::chrono::hours{1},
          .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM activity_detail WHERE event_id IN (SELECT event_id FROM activity_detail "
                  "WHERE at <= $1 LIMIT $2)",
                  now - shown_for, jobs::batch_size);
            });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::account_activity
