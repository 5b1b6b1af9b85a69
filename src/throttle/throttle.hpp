#pragma once
// throttle: the one attempt-budget primitive. A pure policy and one table.
//
// Owns: throttle. Never: knows what an attempt is; holds a key in the clear (keys are hashed).
// An attempt is paid for before it is made, in a serializable transaction, so that of N simultaneous guesses no more
// than the budget reach the verifier; what succeeded is given back.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "config/section.hpp"
#include "db/database.hpp"
#include "jobs/periodic.hpp"

namespace cardea::throttle {

inline constexpr ErrorKind rate_limited{"rate_limited", 429, "Too many tries. Wait a little, then try again."};

/// How many attempts are free, how they come back, and how long one waits after that.
struct Budget {
  std::int64_t free = 5;                        // attempts before the first wait
  Duration regain = std::chrono::minutes{3};    // one attempt comes back this often
  Duration delay = std::chrono::seconds{1};     // the first wait; each further attempt doubles it
  Duration max_delay = std::chrono::minutes{15};
};
void describe(config::Section& section, Budget& budget);

/// What is stored of one key.
struct State {
  std::int64_t attempts = 0;
  Time last_at = {};        // of the last attempt, which it tells from the others
  Time regained_at = {};    // when an attempt last came back, or the first was made
  Time blocked_until = {};
};

/// What an attempt at `now` leads to: the state to store, or the instant to wait for. Pure.
struct Decision {
  State next;
  bool admitted = true;
};
[[nodiscard]] Decision decide(const Budget& budget, const State& state, Time now);

/// One budget and the key it is counted under, "signin.account:…".
struct Claim {
  const Budget& budget;
  std::string key;
};

/// Takes one attempt from every claim, or from none when one of them is spent. Returns the longest wait that begins with
/// this attempt; zero while attempts are free. Errors: rate_limited, with the wait.
Result<Duration> admit(db::Tx& tx, std::span<const Claim> claims, Time now);

/// Gives back the attempt that was admitted at `now`: it was right.
void give_back(db::Tx& tx, std::span<const Claim> claims, Time now);
/// Forgets every attempt under this key.
void forget(db::Tx& tx, std::string_view key);

/// The key of a client address: IPv4 as it is, IPv6 by its /64, which one subscriber has.
[[nodiscard]] std::string address_key(std::string_view address);

/// Removes rows whose budget is whole again.
[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::throttle
