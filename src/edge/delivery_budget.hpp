#pragma once
// How long a client may take for the pieces of a streamed response: it may stall for a while, but not often, and it
// must keep up a rate in the long run. A limit per piece alone would let it hold a place for days.

#include <algorithm>
#include <cstddef>

#include "base/time.hpp"

namespace cardea::edge {

inline constexpr std::size_t slowest_rate = 32 * 1024;  // bytes per second, for bodies of requests and responses

/// The time that `size` bytes take at the slowest rate.
[[nodiscard]] constexpr Duration slowest_time(std::size_t size) {
  return Duration{static_cast<Duration::rep>(size * 1'000'000 / slowest_rate)};
}

/// A bucket of time: filled by what is sent, emptied by waiting, never fuller than at the beginning.
class DeliveryBudget {
 public:
  explicit DeliveryBudget(Duration most) : most_(most), left_(most) {}

  /// The time for the next `size` bytes to be taken.
  [[nodiscard]] Duration for_next(std::size_t size) {
    left_ = std::min(most_, left_ + slowest_time(size));
    return left_;
  }
  /// They took `span`.
  void spend(Duration span) { left_ = std::max(Duration{0}, left_ - span); }

 private:
  Duration most_;
  Duration left_;
};

}  // namespace cardea::edge
