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
