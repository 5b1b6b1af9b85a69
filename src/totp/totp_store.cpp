#include "totp/totp_store.hpp"

#include "totp/one_time_password.hpp"
#include "totp/totp.hpp"

namespace cardea::totp {
namespace {

std::optional<Stored> to_stored(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return Stored{.secret_sealed = row->bytes(0), .last_step = row->integer(1), .enrolled_at = row->time(2)};
}

}  // namespace

std::optional<Stored> find(db::Database& database, const AccountId& account) {
  return to_stored(
      database.read_one("SELECT secret_sealed, last_step, enrolled_at FROM totp WHERE account_id = $1", account));
}

std::optional<Stored> find(db::Tx& tx, const AccountId& account) {
  return to_stored(tx.one("SELECT secret_sealed, last_step, enrolled_at FROM totp WHERE account_id = $1", account));
}

db::Condition has_factor(const AccountId& account) {
  return {"EXISTS (SELECT 1 FROM totp WHERE account_id = $?)", account};
}

void store(db::Tx& tx, const AccountId& account, const Stored& stored) {
  tx.run(
      "INSERT INTO totp (account_id, secret_sealed, last_step, enrolled_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (account_id) DO UPDATE SET secret_sealed = excluded.secret_sealed,"
      "  last_step = excluded.last_step, enrolled_at = excluded.enrolled_at",
      account, stored.secret_sealed, stored.last_step, stored.enrolled_at);
}

bool use_step(db::Tx& tx, const AccountId& account, Time enrolled_at, std::int64_t step) {
  // A step too far ahead binds nobody: bounded_step.
  return tx
      .one(
          "UPDATE totp SET last_step = $3 WHERE account_id = $1 AND enrolled_at = $2 "
          "AND (last_step < $3 OR last_step > $4) RETURNING last_step",
          account, enrolled_at, step, step + farthest_step + 1)
      .has_value();
}

void remove(db::Tx& tx, const AccountId& account) {
  tx.run("DELETE FROM totp WHERE account_id = $1", account);
  tx.run("DELETE FROM totp_enrolment WHERE account_id = $1", account);
}

void begin(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Begun& begun) {
  tx.run(
      "INSERT INTO totp_enrolment (owner_hash, account_id, secret_sealed, expires_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (owner_hash) DO UPDATE SET account_id = excluded.account_id,"
      "  secret_sealed = excluded.secret_sealed, expires_at = excluded.expires_at",
      owner, account, begun.secret_sealed, begun.expires_at);
}

std::optional<Begun> find_begun(db::Database& database, const AccountId& account, const crypto::Digest& owner,
                                Time now) {
  const auto row = database.read_one(
      "SELECT secret_sealed, expires_at FROM totp_enrolment WHERE owner_hash = $1 AND account_id = $2 "
      "AND expires_at > $3 AND expires_at <= $4",
      owner, account, now, now + enrolment_lifetime);
  if (!row) return std::nullopt;
  return Begun{.secret_sealed = row->bytes(0), .expires_at = row->time(1)};
}

bool take_begun(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Begun& begun) {
  return tx
      .one(
          "DELETE FROM totp_enrolment WHERE owner_hash = $1 AND account_id = $2 AND secret_sealed = $3 "
          "RETURNING expires_at",
          owner, account, begun.secret_sealed)
      .has_value();
}

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "totp.sweep",
          .every = std::chrono::minutes{10},
          .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM totp_enrolment WHERE owner_hash IN (SELECT owner_hash FROM totp_enrolment "
                  "WHERE expires_at <= $1 OR expires_at > $2 LIMIT $3)",
                  now, now + enrolment_lifetime, jobs::batch_size);
            });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::totp
