#pragma once
// Callers whose requests are refused all the time. A claim costs two writes, which a flood of requests that are refused
// without any would otherwise make.

#include <mutex>
#include <optional>
#include <string>

#include "base/recent_map.hpp"
#include "base/time.hpp"

namespace cardea::idempotency {

/// Of this process alone, and of the callers that were refused last. Any thread.
class RefusedCallers {
 public:
  static constexpr int most = 60;  // in a minute
  static constexpr Duration minute = std::chrono::minutes{1};

  /// How long the caller has to wait; absent: not at all.
  [[nodiscard]] std::optional<Duration> wait(const std::string& caller, Time now) const {
    const std::lock_guard lock{mutex_};
    const auto* since = current(caller, now);
    if (since == nullptr || since->count < most) return std::nullopt;
    return since->began + minute - now;
  }
  void add(const std::string& caller, Time now) {
    const std::lock_guard lock{mutex_};
    const auto* since = current(caller, now);
    callers_.put(caller, since == nullptr ? Count{.began = now, .count = 1}
                                          : Count{.began = since->began, .count = since->count + 1});
  }

 private:
  struct Count {
    Time began;
    int count = 0;
  };
  /// Null also when the minute is over, or was begun by a clock that was ahead.
  [[nodiscard]] const Count* current(const std::string& caller, Time now) const {
    const auto* found = callers_.find(caller);
    return found != nullptr && now >= found->began && now < found->began + minute ? found : nullptr;
  }

  mutable std::mutex mutex_;
  RecentMap<std::string, Count> callers_{10'000};
};

}  // namespace cardea::idempotency
