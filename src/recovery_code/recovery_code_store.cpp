#include "recovery_code/recovery_code_store.hpp"

#include "recovery_code/recovery_code.hpp"

namespace cardea::recovery_code {

std::optional<Set> find(db::Tx& tx, const AccountId& account) {
  const auto row = tx.one(
      "SELECT made_at, (SELECT COUNT(*) FROM recovery_code WHERE account_id = $1) FROM recovery_set "
      "WHERE account_id = $1",
      account);
  if (!row) return std::nullopt;
  return Set{.made_at = row->time(0), .left = row->integer(1)};
}

db::Condition has_codes(const AccountId& account) {
  return {"EXISTS (SELECT 1 FROM recovery_code WHERE account_id = $?)", account};
}

bool has_code(db::Database& database, const AccountId& account, const crypto::Digest& hash) {
  return database.read_one("SELECT 1 FROM recovery_code WHERE account_id = $1 AND code_hash = $2", account, hash)
      .has_value();
}

void replace_all(db::Tx& tx, const AccountId& account, std::span<const crypto::Digest> hashes, Time now) {
  tx.run("DELETE FROM recovery_code WHERE account_id = $1", account);
  for (const auto& hash : hashes) {
    tx.later("INSERT INTO recovery_code (account_id, code_hash) VALUES ($1, $2)", account, hash);
  }
  tx.run(
      "INSERT INTO recovery_set (account_id, made_at) VALUES ($1, $2) "
      "ON CONFLICT (account_id) DO UPDATE SET made_at = excluded.made_at",
      account, now);
}

bool redeem(db::Tx& tx, const AccountId& account, const crypto::Digest& hash) {
  return tx
      .one("DELETE FROM recovery_code WHERE account_id = $1 AND code_hash = $2 RETURNING account_id", account, hash)
      .has_value();
}

void remove(db::Tx& tx, const AccountId& account) {
  tx.run("DELETE FROM recovery_code WHERE account_id = $1", account);
  tx.run("DELETE FROM recovery_set WHERE account_id = $1", account);
  tx.run("DELETE FROM recovery_draft WHERE account_id = $1", account);
}

void store_draft(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Draft& draft) {
  tx.run(
      "INSERT INTO recovery_draft (owner_hash, account_id, codes_sealed, expires_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (owner_hash) DO UPDATE SET account_id = excluded.account_id,"
      "  codes_sealed = excluded.codes_sealed, expires_at = excluded.expires_at",
      owner, account, draft.codes_sealed, draft.expires_at);
}

std::optional<Draft> find_draft(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, Time now) {
  const auto row = tx.one(
      "SELECT codes_sealed, expires_at FROM recovery_draft WHERE owner_hash = $1 AND account_id = $2 "
      "AND expires_at > $3 AND expires_at <= $4",
      owner, account, now, now + draft_lifetime);
  if (!row) return std::nullopt;
  return Draft{.codes_sealed = row->bytes(0), .expires_at = row->time(1)};
}

bool take_draft(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Draft& draft) {
  return tx
      .one(
          "DELETE FROM recovery_draft WHERE owner_hash = $1 AND account_id = $2 AND codes_sealed = $3 "
          "RETURNING expires_at",
          owner, account, draft.codes_sealed)
      .has_value();
}

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "recovery_code.sweep",
          .every = std::chrono::minutes{10},
          .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM recovery_draft WHERE owner_hash IN (SELECT owner_hash FROM recovery_draft "
                  "WHERE expires_at <= $1 OR expires_at > $2 LIMIT $3)",
                  now, now + draft_lifetime, jobs::batch_size);
            });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::recovery_code
