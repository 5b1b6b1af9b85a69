#pragma once

#include "base/time.hpp"

namespace cardea::app {

/// The machine's clock.
class RealClock : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
};

}  // namespace cardea::app
