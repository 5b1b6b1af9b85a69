#pragma once
// jobs: periodic work, which one process at a time does and holds a lease for while it works; and a queue of work that
// outlives a request (jobs/queue.hpp).
//
// Owns: job_lease, job_holder, job. Never: runs a periodic job twice at once, trusts an instant in the database without
// bound, or counts work as done that another process has taken over.

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "db/database.hpp"

namespace cardea::jobs {

/// Work that comes back.
struct Periodic {
  std::string name;  // "session.sweep"; names its lease
  Duration every;  // between the starts of two runs
  std::function<Result<Done>(Time)> work;  // on a thread of its own; may block, and may take longer than `every`
  // It removes what is old. A clock that is wrong for less than `every` removes nothing then: the run that begins long
  // after the last one, or before it, is left out, and what is old by then is old in the next one too.
  bool removes_by_age = false;
};

/// Rows that one transaction of `in_batches` should change: few enough for PostgreSQL's statement timeout, and for
/// SQLite's one writer to be free again soon.
inline constexpr std::int64_t batch_size = 1000;
/// Batches in one run; what is left then waits for the next.
inline constexpr int most_batches = 200;

/// Runs `batch`, which changes at most `batch_size` rows and returns how many, each time in a transaction of its own,
/// until it changes fewer. `batch` may run again on a conflict.
void in_batches(db::Database& database, const std::function<std::int64_t(db::Tx&)>& batch);

/// When a periodic job last succeeded, of any process, by that process's clock; absent when none has.
[[nodiscard]] std::optional<Time> last_success(db::Tx& tx);

/// Removes leases that nobody has taken for a week: of jobs that are no more, and of processes that have ended.
[[nodiscard]] Periodic lease_sweep_job(db::Database& database);

}  // namespace cardea::jobs
