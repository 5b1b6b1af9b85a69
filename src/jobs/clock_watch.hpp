#pragma once
// Notices that somebody has set the clock. Internal to jobs.

#include <optional>
#include <utility>

#include "base/time.hpp"

namespace cardea::jobs {

/// One thread.
class ClockWatch {
 public:
  /// Smaller steps are what keeps a clock right.
  static constexpr Duration tolerance = std::chrono::minutes{1};

  /// How far ahead (or back, when negative) the clock was set since the last look; absent when it went on as time does.
  /// `passed` is what a clock shows that nobody sets.
  [[nodiscard]] std::optional<Duration> look(Time now, Duration passed) {
    const Duration offset = now.time_since_epoch() - passed;
    const auto before = std::exchange(offset_, offset);
    if (!before) return std::nullopt;
    const Duration step = offset - *before;
    return step >= tolerance || step <= -tolerance ? std::optional{step} : std::nullopt;
  }

 private:
  std::optional<Duration> offset_;
};

}  // namespace cardea::jobs
