#include "password/password.hpp"

namespace cardea::password {

std::optional<Stored> find(db::Tx& tx, const AccountId& account) {
  const auto row = tx.one(
      "SELECT phc, changed_at, revision, breached_at FROM password WHERE account_id = $1 AND phc <> ''", account);
  if (!row) return std::nullopt;
  return Stored{
      .phc = row->text(0), .changed_at = row->time(1), .revision = row->integer(2), .breached_at = row->maybe_time(3)};
}

db::Condition is_set(const AccountId& account) {
  return {"EXISTS (SELECT 1 FROM password WHERE account_id = $? AND phc <> '')", account};
}

void store(db::Tx& tx, const AccountId& account, std::string_view phc, Time now) {
  tx.later(
      "INSERT INTO password (account_id, phc, changed_at) VALUES ($1, $2, $3) "
      "ON CONFLICT (account_id) DO UPDATE SET phc = excluded.phc, changed_at = excluded.changed_at, "
      "revision = password.revision + 1, breached_at = NULL",
      account, phc, now);
}

// The row stays, with a hash that is none, so that no later password has a revision of an earlier one.
void remove(db::Tx& tx, const AccountId& account) {
  tx.run("UPDATE password SET phc = '', revision = revision + 1, breached_at = NULL WHERE account_id = $1", account);
}

std::int64_t revision(db::Tx& tx, const AccountId& account) {
  const auto row = tx.one("SELECT revision FROM password WHERE account_id = $1", account);
  return row ? row->integer(0) : 0;
}

void replace_hash(db::Tx& tx, const AccountId& account, std::string_view old, std::string_view phc) {
  tx.later("UPDATE password SET phc = $3 WHERE account_id = $1 AND phc = $2", account, old, phc);
}

void mark_breached(db::Tx& tx, const AccountId& account, std::int64_t revision, Time now) {
  tx.later("UPDATE password SET breached_at = $3 WHERE account_id = $1 AND revision = $2", account, revision, now);
}

}  // namespace cardea::password
