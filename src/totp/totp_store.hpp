#pragma once
// The rows of totp. Internal to totp.

#include <optional>

#include "crypto/hash.hpp"
#include "db/database.hpp"
#include "jobs/periodic.hpp"

namespace cardea::totp {

struct Stored {
  Bytes secret_sealed;
  std::int64_t last_step = 0;
  Time enrolled_at = {};
};
std::optional<Stored> find(db::Database& database, const AccountId& account);
std::optional<Stored> find(db::Tx& tx, const AccountId& account);
[[nodiscard]] db::Condition has_factor(const AccountId& account);
void store(db::Tx& tx, const AccountId& account, const Stored& stored);
/// Uses a step of the app enrolled then; false when it, or a later one, has been used. One statement: of many at once
/// one succeeds.
bool use_step(db::Tx& tx, const AccountId& account, Time enrolled_at, std::int64_t step);
void remove(db::Tx& tx, const AccountId& account);

struct Begun {
  Bytes secret_sealed;
  Time expires_at = {};
};
void begin(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Begun& begun);
/// Absent also when it has expired, or expires later than it can.
std::optional<Begun> find_begun(db::Database& database, const AccountId& account, const crypto::Digest& owner,
                                Time now);
/// Ends it; false when it was ended meanwhile, so that one set-up enrols one app.
bool take_begun(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Begun& begun);

[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::totp
