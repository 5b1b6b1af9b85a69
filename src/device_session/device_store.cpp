#include "device_session/device_store.hpp"

#include "device_session/stamp.hpp"

namespace cardea::device_session {

void insert(db::Tx& tx, const session::BindingId& id, const Device& device, Time expires_at) {
  tx.run(
      "INSERT INTO device_session (id, account_id, public_key, created_at, proved_at, expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      id, device.account, device.public_key, device.created_at, device.proved_at, expires_at);
}

std::optional<Device> find(db::Tx& tx, const session::BindingId& id) {
  const auto row = tx.one("SELECT account_id, public_key, created_at, proved_at FROM device_session WHERE id = $1", id);
  if (!row) return std::nullopt;
  return Device{.account = row->id<AccountId>(0),
                .public_key = row->text(1),
                .created_at = row->time(2),
                .proved_at = row->time(3)};
}

bool prove(db::Tx& tx, const session::BindingId& id, Time issued_at, Time expires_at, Time now) {
  const auto proved = tx.one(
      "UPDATE device_session SET proved_at = $2, expires_at = $3 "
      "WHERE id = $1 AND (proved_at < $2 OR proved_at > $4) RETURNING id",
      id, issued_at, expires_at, now + clock_tolerance);
  return proved.has_value();
}

std::vector<Time> made_by(db::Tx& tx, const AccountId& account) {
  std::vector<Time> instants;
  for (const auto& row :
       tx.all("SELECT created_at FROM device_session WHERE account_id = $1 ORDER BY id LIMIT 1000", account)) {
    instants.push_back(row.time(0));
  }
  return instants;
}

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "device_session.sweep",
          .every = std::chrono::hours{1},
          .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM device_session WHERE id IN (SELECT id FROM device_session WHERE expires_at <= $1 "
                  "LIMIT $2)",
                  now, jobs::batch_size);
            });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::device_session
