#pragma once
// throttle: the one attempt-budget primitive. A pure policy and one table.
//
// Owns: throttle. Never: knows what an attempt is; holds a key in the clear (keys are hashed).
// An attempt is paid for before it is made, by one statement that is atomic by itself, so that of N simultaneous
// guesses no more than the budget reach the verifier; what succeeded is given back. The statements take their rows in
// the order of the keys and are as exact at READ COMMITTED as in a serializable transaction.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/client_network.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "config/section.hpp"
#include "db/database.hpp"
#include "jobs/periodic.hpp"
#include "principal/context.hpp"
#include "throttle/refusals.hpp"

namespace cardea::throttle {

inline constexpr ErrorKind rate_limited{"rate_limited", 429, "Too many tries. Wait a little, then try again."};

/// How many attempts are free, how they come back, and how long one waits after that.
struct Budget {
  std::int64_t free = 5;  // attempts before the first wait
  Duration regain = std::chrono::minutes{3};  // one attempt comes back this often
  Duration delay = std::chrono::seconds{1};  // the first wait; each further attempt doubles it
  Duration max_delay = std::chrono::minutes{15};
};
void describe(config::Section& section, Budget& budget);

/// What is stored of one key.
struct State {
  std::int64_t attempts = 0;
  Time last_at = {};  // of the last attempt, which it tells from the others
  Time regained_at = {};  // when an attempt last came back, or the first was made
  Time blocked_until = {};
  friend bool operator==(const State&, const State&) = default;
};

/// What an attempt at `now` leads to: the state to store, and until when to wait when it is refused.
struct Decision {
  State next;
  bool granted = true;
};
/// The policy; pure. `charge` does the same in SQL.
///
/// A wait that reaches further ahead than the longest one was begun by a clock that was wrong, and becomes the longest
/// one from now. The refused attempt stores that, or the wait would move along with the clock and never end.
///
/// `amount` is what it takes: of something that comes in sizes, an attempt takes as many as it is large.
[[nodiscard]] Decision decide(const Budget& budget, const State& state, Time now, std::int64_t amount = 1);
/// What is left when the attempt made at `attempt` did not count; pure. `settle` does the same in SQL.
[[nodiscard]] State without(const State& state, Time attempt, std::int64_t amount = 1);
/// When nothing of this is left to remember.
[[nodiscard]] Time forget_at(const Budget& budget, const State& state);

/// One budget and the key it is counted under, "signin.account:…".
struct Charge {
  Budget budget;
  std::string key;
  bool is_shared = false;  // with strangers, who may have spent it: whoever waits their turn passes it (charge_in_turn)
  std::int64_t amount = 1;  // what one attempt takes, from 1; what is left of the budget may be less
  bool is_told = true;  // who pays it learns what is left; of what is shared nobody does, since strangers pay it too
};
/// How many charges one attempt may have.
inline constexpr std::size_t most_charges = 8;

/// A charge for each width of the network, so that nobody gets more by having many addresses: `budget` for the
/// narrowest, twice and three times as much for the wider ones. `key` as in "signin.address".
[[nodiscard]] std::vector<Charge> network_charges(const Budget& budget, std::string_view key,
                                                  const ClientNetwork& network);

/// The waits that begin with an attempt, in the order of its charges; zero while attempts are free.
struct Charged {
  std::vector<Duration> waits;
  std::vector<Allowance> left = {};  // of the charges that are told
  [[nodiscard]] Duration longest() const;
};

/// Takes one attempt from every charge, or from none when one of them is spent. The keys differ. One statement when it
/// is granted. Errors: rate_limited, with the wait.
///
/// The first form runs by itself and always commits. Within a transaction that the refusal rolls back, a wait begun by
/// a wrong clock is not shortened.
Result<Charged> charge(db::Database& database, std::span<const Charge> charges, Time now);
Result<Charged> charge(db::Tx& tx, std::span<const Charge> charges, Time now);

/// The same for whoever caused an occasion: what is left, or how long to wait, is told to its allowances.
Result<Charged> charge(db::Database& database, std::span<const Charge> charges, const Context& context);

/// A charge on what all share, `budget` of it in sixteen parts by address, so that attempts do not all queue for one
/// row. `key` as in "signin.whole".
[[nodiscard]] Charge whole_charge(const Budget& budget, std::string_view key, std::string_view address);

/// Whose turn it is, and how long that takes.
struct Turn {
  std::string key;
  Duration wait = std::chrono::seconds{20};
};
/// As `charge`; where nothing but shared charges stands in the way, the first try is told to wait, and one that comes
/// when the wait is over, within two minutes, passes them: what strangers have spent delays an attempt and never shuts
/// it out. `charges` are then those that were taken. Put those that are not shared first. What is refused is remembered
/// in `refusals`, and asked there first. Errors: rate_limited.
Result<Charged> charge_in_turn(db::Database& database, Refusals& refusals, std::vector<Charge>& charges,
                               const Turn& turn, Time now);
Result<Charged> charge_in_turn(db::Database& database, Refusals& refusals, std::vector<Charge>& charges,
                               const Turn& turn, const Context& context);
/// The refusal that is remembered for one of these, without a look at the database.
[[nodiscard]] std::optional<Error> recall(const Refusals& refusals, std::span<const Charge> charges, const Turn& turn,
                                          Time now);
[[nodiscard]] std::optional<Error> recall(const Refusals& refusals, std::span<const Charge> charges, const Turn& turn,
                                          const Context& context);

/// What becomes of the attempt that was charged at some instant: given back because it was right (ends the wait that
/// this very attempt began, and no later one), or forgotten with every other attempt under the key.
struct Settlement {
  std::span<const Charge> give_back = {};
  std::span<const Charge> forget = {};
};
/// Settles an attempt charged at `attempt`, in one statement.
void settle(db::Database& database, const Settlement& settlement, Time attempt);
void settle(db::Tx& tx, const Settlement& settlement, Time attempt);

/// Gives every budget back whole.
void forget_all(db::Tx& tx);

/// Removes rows whose budget is whole again, and those written by a clock that was far ahead.
[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::throttle
