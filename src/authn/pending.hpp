#pragma once
// Pending sign-ins: between two steps a sign-in is a row and the browser holds the key to it. The row gives access to
// nothing but its own next step. Internal to authn.
//
// Owns: pending_signin.

#include <optional>
#include <string_view>
#include <vector>

#include "authn/proof.hpp"
#include "base/random.hpp"
#include "crypto/hash.hpp"
#include "jobs/periodic.hpp"

namespace cardea::authn {

inline constexpr Duration pending_lifetime = std::chrono::minutes{10};
/// Of one that waits for a letter. Once it moves on it has no longer than the others.
inline constexpr Duration verification_lifetime = std::chrono::hours{1};

struct PendingRow {
  crypto::Digest token_hash{};
  AccountId account;
  std::vector<Evidence> evidence = {};
  std::int64_t step = 0;  // goes up with every move
  Time expires_at = {};
  bool is_unusual = false;  // neither the browser nor the network was known to the account when it began
};

struct Begun {
  Secret token;  // for the cookie; not to be had again
  crypto::Digest token_hash{};
  Time expires_at;
};
struct Beginning {
  AccountId account;
  std::vector<Evidence> evidence;
  bool is_unusual = false;
  Duration lifetime = pending_lifetime;
};
Begun begin_pending(db::Tx& tx, const Beginning& beginning, Time now, Random& random);
/// Absent also when it has expired, or its expiry lies further ahead than it can.
std::optional<PendingRow> find_pending(db::Tx& tx, const crypto::Digest& token_hash, Time now);

/// Moves a row on from the step it was read at; false when it has been moved since. One statement, so that of replays,
/// second tabs and races exactly one succeeds.
bool move_pending(db::Tx& tx, const PendingRow& row, const std::vector<Evidence>& evidence, Time now);
/// Ends it, with the same rule.
bool take_pending(db::Tx& tx, const PendingRow& row, Time now);

/// Ends all of one account.
void end_pending(db::Tx& tx, const AccountId& account);
/// Ends all of everybody.
void end_all_pending(db::Tx& tx);

/// Removes those that have expired.
[[nodiscard]] jobs::Periodic pending_sweep_job(db::Database& database);

}  // namespace cardea::authn
