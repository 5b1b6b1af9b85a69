#include "authn/pending.hpp"

#include <algorithm>

#include "crypto/opaque_token.hpp"

namespace cardea::authn {
Begun begin_pending(db::Tx& tx, const Beginning& beginning, Time now, Random& random) {
  auto token = crypto::make_opaque_token(random);
  const Time expires_at = now + beginning.lifetime;
  tx.later(
      "INSERT INTO pending_signin (token_hash, account_id, evidence, step, created_at, expires_at, is_unusual) "
      "VALUES ($1, $2, $3, 1, $4, $5, $6)",
      token.hash, beginning.account, to_text(beginning.evidence), now, expires_at, beginning.is_unusual);
  return {.token = std::move(token.text), .token_hash = token.hash, .expires_at = expires_at};
}

std::optional<PendingRow> find_pending(db::Tx& tx, const crypto::Digest& token_hash, Time now) {
  const auto row = tx.one(
      "SELECT account_id, evidence, step, expires_at, is_unusual FROM pending_signin "
      "WHERE token_hash = $1 AND expires_at > $2 AND expires_at <= $3 AND created_at <= $2",
      token_hash, now, now + verification_lifetime);
  if (!row) return std::nullopt;
  return PendingRow{.token_hash = token_hash,
                    .account = row->id<AccountId>(0),
                    .evidence = parse_evidence(row->text(1)),
                    .step = row->integer(2),
                    .expires_at = row->time(3),
                    .is_unusual = row->integer(4) != 0};
}

bool move_pending(db::Tx& tx, const PendingRow& row, const std::vector<Evidence>& evidence, Time now) {
  return tx
      .one(
          "UPDATE pending_signin SET step = step + 1, evidence = $4, "
          "expires_at = CASE WHEN expires_at > $5 THEN $5 ELSE expires_at END WHERE token_hash = $1 AND step = $2 "
          "AND expires_at > $3 RETURNING step",
          row.token_hash, row.step, now, to_text(evidence), now + pending_lifetime)
      .has_value();
}

bool take_pending(db::Tx& tx, const PendingRow& row, Time now) {
  return tx
      .one("DELETE FROM pending_signin WHERE token_hash = $1 AND step = $2 AND expires_at > $3 RETURNING step",
           row.token_hash, row.step, now)
      .has_value();
}

void end_pending(db::Tx& tx, const AccountId& account) {
  tx.run("DELETE FROM pending_signin WHERE account_id = $1", account);
}

void end_all_pending(db::Tx& tx) { tx.run("DELETE FROM pending_signin"); }

jobs::Periodic pending_sweep_job(db::Database& database) {
  return {.name = "authn.sweep_pending",
          .every = std::chrono::minutes{10},
          .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM pending_signin WHERE token_hash IN (SELECT token_hash FROM pending_signin "
                  "WHERE expires_at <= $1 OR expires_at > $2 OR created_at > $1 LIMIT $3)",
                  now, now + verification_lifetime, jobs::batch_size);
            });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::authn
