#pragma once
// The rows of audit_key and audit_month_key. Internal to audit.

#include <optional>
#include <utility>
#include <vector>

#include "audit/keys.hpp"

namespace cardea::audit {

[[nodiscard]] std::optional<StoredKey> find_key(db::Tx& tx, const AccountId& account);
/// Writes it if the account is there and has none, or the key alone if it has a pseudonym without one.
void insert_key(db::Tx& tx, const StoredKey& row);
/// Accounts that have none.
[[nodiscard]] std::vector<AccountId> without_key(db::Tx& tx, std::int64_t limit);

[[nodiscard]] std::optional<Bytes> find_month(db::Tx& tx, std::int64_t month);
/// Writes it if the month has none.
void insert_month(db::Tx& tx, std::int64_t month, BytesView key_sealed);
[[nodiscard]] std::vector<std::pair<std::int64_t, Bytes>> all_months(db::Tx& tx);
std::int64_t remove_months_before(db::Tx& tx, std::int64_t month);

}  // namespace cardea::audit
