#pragma once
// The rows of recovery codes. Internal to recovery_code.

#include <optional>
#include <span>

#include "crypto/hash.hpp"
#include "db/database.hpp"
#include "jobs/periodic.hpp"

namespace cardea::recovery_code {

/// When the codes of an account were made, and how many are left; absent when there is none.
struct Set {
  Time made_at = {};
  std::int64_t left = 0;
};
std::optional<Set> find(db::Tx& tx, const AccountId& account);
/// That some of them are left.
[[nodiscard]] db::Condition has_codes(const AccountId& account);
bool has_code(db::Database& database, const AccountId& account, const crypto::Digest& hash);
void replace_all(db::Tx& tx, const AccountId& account, std::span<const crypto::Digest> hashes, Time now);
/// Uses a code up; false when it is none, or was used. One statement: of many at once one succeeds.
bool redeem(db::Tx& tx, const AccountId& account, const crypto::Digest& hash);
void remove(db::Tx& tx, const AccountId& account);

struct Draft {
  Bytes codes_sealed;
  Time expires_at = {};
};
void store_draft(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Draft& draft);
/// Absent also when it has expired, or expires later than it can.
std::optional<Draft> find_draft(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, Time now);
/// Ends it; false when it was ended meanwhile.
bool take_draft(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Draft& draft);

[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::recovery_code
