#pragma once
// When one periodic job runs in this process, and whether this process may. Internal to jobs.

#include <atomic>
#include <memory>
#include <optional>

#include "jobs/lease.hpp"
#include "jobs/periodic.hpp"

namespace cardea::jobs {

/// A lease that lies further ahead than a period and this was set by a clock that was wrong, and does not count.
inline constexpr Duration clock_tolerance = std::chrono::minutes{1};
/// However the clocks of several machines disagree, a process that saw a run begin waits this long, or the period when
/// that is shorter, before it begins another.
inline constexpr Duration shortest_pause = std::chrono::seconds{30};

/// A row of job_lease.
struct Turn {
  Time next_run_at;
  bool is_held_elsewhere = false;
  std::int64_t runs = 0;
  std::optional<Time> last_success_at = {};
};

/// True when a job of that period should run now. `since_start` is how long ago, by a clock that nobody sets, this
/// process saw the last run begin; absent when it saw none.
[[nodiscard]] bool is_due(const Turn& turn, Duration every, Time now, std::optional<Duration> since_start);

/// True when a clock that was ahead has set it: no job is due later than its period from now.
[[nodiscard]] bool is_too_far_ahead(const Turn& turn, Duration every, Time now);

/// True when `now` does not follow on the last run as a right clock would, or as it would while somebody ran the job.
[[nodiscard]] bool is_after_gap(const Turn& turn, Duration every, Time now);

/// One thread at a time.
class Schedule {
 public:
  Schedule(Periodic job, const Deps& deps, Lease& lease);

  /// Runs the job if it is due and nobody else is at it; true when it ran here. A job that fails or throws is logged.
  bool run_if_due(Time now);
  /// How long there is nothing to do, as of the last look.
  [[nodiscard]] Duration pause(Time now) const;
  [[nodiscard]] const std::string& name() const { return job_.name; }

 private:
  std::optional<Turn> look();
  [[nodiscard]] std::optional<std::int64_t> claim(db::Tx& tx, const std::optional<Turn>& turn, Time now);
  bool work(Time now);
  void leave_out();
  void finish(std::int64_t run, bool is_success);
  void saw(std::int64_t runs);

  Periodic job_;
  const Deps& deps_;
  Lease& lease_;
  observe::Counter& failures_;
  // Shared with the gauge, which the registry keeps for good.
  std::shared_ptr<std::atomic<std::int64_t>> last_success_ = std::make_shared<std::atomic<std::int64_t>>(0);
  std::optional<Time> next_run_at_;
  std::optional<std::int64_t> runs_seen_;
  std::optional<Duration> start_seen_at_;
};

}  // namespace cardea::jobs
