#pragma once
// What was refused a moment ago, so that a flood of the same is refused without the database.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace cardea::throttle {

/// Any thread. Never: a refusal that is older than a second, since another process may have ended the wait; more than
/// `most` of them.
class Refusals {
 public:
  static constexpr Duration trusted_for = std::chrono::seconds{1};

  explicit Refusals(std::size_t most = 10'000) : most_(most) {}

  /// What is left of the wait under `key`, if it is known.
  [[nodiscard]] std::optional<Duration> wait(std::string_view key, Time now) const;
  void remember(std::string_view key, Duration wait, Time now);

 private:
  struct Refusal {
    Time at;
    Time until;
  };

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::map<std::string, Refusal, std::less<>> refusals_;
};

}  // namespace cardea::throttle
