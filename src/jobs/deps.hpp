#pragma once
// What running jobs need from outside. Internal to jobs, apart from whoever starts a Runner.

#include <chrono>
#include <functional>

#include "base/random.hpp"
#include "base/time.hpp"
#include "db/database.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

namespace cardea::jobs {

/// A clock that nobody sets: the time since some fixed point.
[[nodiscard]] inline Duration monotonic_now() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

/// Whether `span` has passed from `since` to `now`, by such a clock. Also when `now` is before `since`: on a machine
/// that was restored from a snapshot, or moved, it may begin again, and nothing is to wait for its former time.
[[nodiscard]] constexpr bool has_passed(Duration span, Duration since, Duration now) {
  return now < since || now - since >= span;
}

struct Deps {
  db::Database& database;
  const Clock& clock;
  Random& random;
  observe::Log& log;
  observe::Metrics& metrics;
  std::function<Duration()> monotonic = monotonic_now;  // callable from any thread
  Duration beat = std::chrono::seconds{5};  // between two renewals of the lease; the same in all processes
  Duration poll = std::chrono::seconds{5};  // the queue is looked at this often without being woken
};

}  // namespace cardea::jobs
