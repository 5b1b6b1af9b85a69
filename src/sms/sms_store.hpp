#pragma once
// The rows of sms. Internal to sms.

#include <optional>

#include "crypto/hash.hpp"
#include "db/database.hpp"
#include "jobs/periodic.hpp"

namespace cardea::sms {

struct Stored {
  Bytes number_sealed;
  Time enrolled_at = {};
};
[[nodiscard]] std::optional<Stored> find(db::Tx& tx, const AccountId& account);
[[nodiscard]] db::Condition has_factor(const AccountId& account);
void store(db::Tx& tx, const AccountId& account, const Stored& stored);
void remove(db::Tx& tx, const AccountId& account);

struct Begun {
  Bytes number_sealed;
  Time expires_at = {};
};
/// In place of what the same browser began before.
void begin(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Begun& begun);
/// Absent also when it has expired, or expires later than it can.
[[nodiscard]] std::optional<Begun> find_begun(db::Tx& tx, const AccountId& account, const crypto::Digest& owner,
                                              Time now);
/// Ends it; false when it was ended or replaced meanwhile, so that one code enrols one number.
[[nodiscard]] bool take_begun(db::Tx& tx, const AccountId& account, const crypto::Digest& owner, const Begun& begun);

[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::sms
