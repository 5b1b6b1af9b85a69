#pragma once
// jobs: periodic work, run by one process at a time under a lease in the database.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "db/database.hpp"
#include "observe/log.hpp"

namespace cardea::jobs {

struct Job {
  std::string name;                          // "session.sweep"; names its lease
  Duration every;                            // between the starts of two runs
  std::function<Result<Done>(Time)> work;    // on the job thread; may block
};

/// A lease further ahead than a period and this was written by a clock that was wrong, and does not count.
inline constexpr Duration clock_error = std::chrono::hours{24};

/// Rows that one transaction of `in_batches` should change: few enough for PostgreSQL's statement timeout, and for
/// SQLite's one writer to be free again soon.
inline constexpr std::int64_t batch_size = 1000;
/// Batches in one run; what is left then waits for the next.
inline constexpr int most_batches = 200;

/// Runs `batch`, which changes at most `batch_size` rows and returns how many, each time in a transaction of its own,
/// until it changes fewer. `batch` may run again on a conflict.
void in_batches(db::Database& database, const std::function<std::int64_t(db::Tx&)>& batch);

/// Takes `job`'s turn for this instant: true for exactly one caller per period among all processes on the database.
bool take_turn(db::Tx& tx, const Job& job, Time now);

/// One thread that runs jobs when due. A job that fails or throws is logged and tried again at its next turn.
class Runner {
 public:
  Runner(std::vector<Job> jobs, db::Database& database, const Clock& clock, observe::Log& log);
  ~Runner();  // stops and joins
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void start();
  /// Asks the thread to end after the job it is in, and waits for it.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Removes leases that nobody has taken for a week: of jobs that are no more, and of processes that have ended.
[[nodiscard]] Job lease_sweep_job(db::Database& database);

/// Runs every job that is due once, on this thread; for tests and `start`'s loop.
void run_due(const std::vector<Job>& jobs, db::Database& database, Time now, observe::Log& log);

}  // namespace cardea::jobs
