#pragma once
// How long the kernel runs a thread before it looks whether another one has waited longer (sched_setattr(2)).
//
// A thread that computes for milliseconds keeps one that wakes up beside it waiting until its own slice of three or
// four is used up, whatever their priorities. One with a shorter slice is let in at once. Linux 6.12 and later; without
// effect before, and where the call is not permitted.

#include <cstdint>

namespace cardea {

/// From now on this thread, and those that it starts, have the shortest slice there is.
void use_short_time_slices() noexcept;

/// As long as it lives, its thread has the slice that everybody has: it will compute for long, and those with a short
/// one may come between. Costs about a microsecond.
class UsualTimeSlice {
 public:
  UsualTimeSlice() noexcept;
  ~UsualTimeSlice();
  UsualTimeSlice(const UsualTimeSlice&) = delete;
  UsualTimeSlice& operator=(const UsualTimeSlice&) = delete;

 private:
  std::uint64_t own_;  // nanoseconds; 0: unknown to this kernel
};

}  // namespace cardea
