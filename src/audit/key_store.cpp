#include "audit/key_store.hpp"

namespace cardea::audit {

std::optional<StoredKey> find_key(db::Tx& tx, const AccountId& account) {
  const auto row = tx.one("SELECT pseudonym, key_sealed FROM audit_key WHERE account_id = $1", account);
  if (!row) return std::nullopt;
  return StoredKey{.account = account, .pseudonym = row->id<Pseudonym>(0), .key_sealed = row->bytes(1)};
}

void insert_key(db::Tx& tx, const StoredKey& row) {
  // Whoever erases the account meanwhile is waited for: after that there is none, instead of a key of nobody.
  if (!tx.writes_alone()) tx.run("UPDATE account SET updated_at = updated_at WHERE id = $1", row.account);
  tx.run(
      "INSERT INTO audit_key (account_id, pseudonym, key_sealed) SELECT id, $2, $3 FROM account WHERE id = $1 "
      "ON CONFLICT (account_id) DO UPDATE SET key_sealed = excluded.key_sealed "
      "WHERE length(audit_key.key_sealed) = 0",
      row.account, row.pseudonym, row.key_sealed);
}

std::vector<AccountId> without_key(db::Tx& tx, std::int64_t limit) {
  std::vector<AccountId> found;
  for (const auto& row : tx.all("SELECT a.id FROM account a LEFT JOIN audit_key k ON k.account_id = a.id "
                                "WHERE k.account_id IS NULL LIMIT $1",
                                limit)) {
    found.push_back(row.id<AccountId>(0));
  }
  return found;
}

std::optional<Bytes> find_month(db::Tx& tx, std::int64_t month) {
  const auto row = tx.one("SELECT key_sealed FROM audit_month_key WHERE month = $1", month);
  return row ? std::optional{row->bytes(0)} : std::nullopt;
}

void insert_month(db::Tx& tx, std::int64_t month, BytesView key_sealed) {
  tx.run("INSERT INTO audit_month_key (month, key_sealed) VALUES ($1, $2) ON CONFLICT (month) DO NOTHING", month,
         key_sealed);
}

std::vector<std::pair<std::int64_t, Bytes>> all_months(db::Tx& tx) {
  std::vector<std::pair<std::int64_t, Bytes>> found;
  for (const auto& row : tx.all("SELECT month, key_sealed FROM audit_month_key")) {
    found.emplace_back(row.integer(0), row.bytes(1));
  }
  return found;
}

std::int64_t remove_months_before(db::Tx& tx, std::int64_t month) {
  return tx.run("DELETE FROM audit_month_key WHERE month < $1", month);
}

}  // namespace cardea::audit
