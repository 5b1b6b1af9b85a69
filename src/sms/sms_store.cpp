#include "sms/sms_store.hpp"

#include "sms/sms.hpp"

namespace cardea::sms {

std::optional<Stored> find(db::Tx& tx, const AccountId& account) {
  const auto row = tx.one("SELECT number_sealed, enrolled_at FROM sms_factor WHERE account_id = $1", account);
  if (!row) return std::nullopt;
  return Stored{.number_sealed = row->bytes(0), .enrolled_at = row->time(1)};
}

db::Condition has_factor(const AccountId& account) {
  return {"EXISTS (SELECT 1 FROM sms_factor WHERE account_id = $?)", account};
}

void store(db::Tx& tx, const AccountId& account, const Stored& stored) {
  tx.run(
      "INSERT INTO sms_factor (account_id, number_sealed, enrolled_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (account_id) DO UPDATE SET number_sealed = excluded.number_sealed,"
      "  enrolled_at = excluded.enrolled_at",
      account, stored.number_sealed, stored.enrolled_at);
}

void remove(db::Tx& tx, const AccountId& account) {
  tx.run("DELETE FROM sms_factor WHERE account_id = $1", account);
  tx.run("DELETE FROM sms_enrolment WHERE account_id = $1", account);
}

void begin(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Begun& begun) {
  tx.run(
      "INSERT INTO sms_enrolment (owner_hash, account_id, number_sealed, expires_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (owner_hash) DO UPDATE SET account_id = excluded.account_id,"
      "  number_sealed = excluded.number_sealed, expires_at = excluded.expires_at",
      owner, account, begun.number_sealed, begun.expires_at);
}

std::optional<Begun> find_begun(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, Time now) {
  const auto row = tx.one(
      "SELECT number_sealed, expires_at FROM sms_enrolment WHERE owner_hash = $1 AND account_id = $2 "
      "AND expires_at > $3 AND expires_at <= $4",
      owner, account, now, now + code_lifetime);
  if (!row) return std::nullopt;
  return Begun{.number_sealed = row->bytes(0), .expires_at = row->time(1)};
}

bool take_begun(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Begun& begun) {
  return tx
      .one(
          "DELETE FROM sms_enrolment WHERE owner_hash = $1 AND account_id = $2 AND number_sealed = $3 "
          "RETURNING expires_at",
          owner, account, begun.number_sealed)
      .has_value();
}

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "sms.sweep",
          .every = std::chrono::minutes{10},
          .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM sms_enrolment WHERE owner_hash IN (SELECT owner_hash FROM sms_enrolment "
                  "WHERE expires_at <= $1 OR expires_at > $2 LIMIT $3)",
                  now, now + code_lifetime, jobs::batch_size);
            });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::sms
