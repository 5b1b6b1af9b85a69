#include "base/time_slice.hpp"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace cardea {
namespace {

/// Nanoseconds, of this thread; 0 before Linux 6.12.
std::uint64_t slice_of_this_thread() {
  std::array<std::uint64_t, 6> attributes{};  // struct sched_attr of sched_setattr(2)
  EXPECT_EQ(syscall(SYS_sched_getattr, 0, attributes.data(), sizeof attributes, 0), 0);
  return attributes[3];
}

TEST(TimeSlice, is_short_on_this_thread_and_on_those_it_starts_but_while_one_computes) {
  std::jthread{[] {
    const auto usual = slice_of_this_thread();
    if (usual == 0) GTEST_SKIP() << "this kernel knows no slices";
    use_short_time_slices();
    const auto own = slice_of_this_thread();
    EXPECT_LT(own, usual);
    std::jthread{[&] { EXPECT_EQ(slice_of_this_thread(), own); }}.join();
    {
      const UsualTimeSlice slice;
      EXPECT_EQ(slice_of_this_thread(), usual);
    }
    EXPECT_EQ(slice_of_this_thread(), own);
  }}.join();
}

TEST(TimeSlice, that_is_usual_stays_so) {
  const auto usual = slice_of_this_thread();
  {
    const UsualTimeSlice slice;
  }
  EXPECT_EQ(slice_of_this_thread(), usual);
}

}  // namespace
}  // namespace cardea
