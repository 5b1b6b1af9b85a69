#pragma once
// Items of the queue as rows: claimed, settled, counted. Internal to jobs.

#include <set>
#include <string>
#include <vector>

#include "jobs/lease.hpp"
#include "jobs/queue.hpp"

namespace cardea::jobs {

/// An item that lies further ahead than it was put off and this was set by a clock that was wrong, and is moved.
inline constexpr Duration wait_tolerance = std::chrono::seconds{5};

/// An item this process has claimed. `attempt` is part of the claim: the next claim of the item has another.
struct Claimed {
  JobId id;
  int attempt = 1;
  std::string payload;
  Time created_at = {};
};

enum class Verdict { done, again, dead, released };

/// What became of a claimed item.
struct Outcome {
  JobId id;
  int attempt = 1;
  Verdict verdict = Verdict::done;
  Time at = {};        // when it ended; of a dead letter
  Duration wait = {};  // until the next attempt; `again` only
  std::string error;
};

/// The wait before the attempt after `attempt`: doubled each time from 10 s up to an hour, of which a random half is
/// left out, so that items that failed together do not come back together.
[[nodiscard]] Duration back_off(int attempt, Random& random);

/// Text that any engine stores and any terminal shows: printable ASCII, the rest as '?', cut short.
[[nodiscard]] std::string plain(std::string_view text);

/// When the next unclaimed item of the kind is due; absent when there is none.
[[nodiscard]] std::optional<Time> next_due(db::Tx& tx, const std::string& kind);
/// Claims up to `most` items that are due, the longest due first.
[[nodiscard]] std::vector<Claimed> claim(db::Tx& tx, Lease& lease, const std::string& kind, Time now,
                                         std::int64_t most);
/// Records an outcome; false when the item was no longer ours.
[[nodiscard]] bool settle(db::Tx& tx, const Lease& lease, const Outcome& outcome);
/// Releases what we have claimed of the kind without knowing it: the answer to a COMMIT was lost.
void release_all_but(db::Tx& tx, const Lease& lease, const std::string& kind, const std::set<JobId>& known);
/// Moves items that lie too far ahead back to where they belong.
void bound_waits(db::Tx& tx, const std::string& kind, Time now);

struct Figures {
  std::int64_t depth = 0;  // not dead
  std::int64_t dead = 0;
  std::optional<Time> oldest = {};
  bool has_wrong_waits = false;  // `bound_waits` has something to do
};
[[nodiscard]] Figures figures(db::Tx& tx, const std::string& kind, Time now);

}  // namespace cardea::jobs
