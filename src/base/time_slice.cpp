#include "base/time_slice.hpp"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cardea {
namespace {

constexpr std::uint64_t shortest = 100'000;  // nanoseconds: the least that the kernel takes
constexpr std::uint64_t usual = 0;

/// The kernel's first struct sched_attr, which older C libraries do not declare.
struct Attributes {
  std::uint32_t size = sizeof(Attributes);
  std::uint32_t policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0;  // the slice, of policies without a deadline
  std::uint64_t deadline = 0;
  std::uint64_t period = 0;
};
static_assert(sizeof(Attributes) == 48);

/// Returns the slice before; 0 when the kernel knows none, and then nothing was changed.
std::uint64_t set_slice(std::uint64_t slice) noexcept {
  Attributes attributes;
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return 0;
  const bool is_fair = attributes.policy == SCHED_OTHER || attributes.policy == SCHED_BATCH;
  if (!is_fair || attributes.runtime == 0) return 0;
  const std::uint64_t before = attributes.runtime;
  attributes.runtime = slice;
  return syscall(SYS_sched_setattr, 0, &attributes, 0) == 0 ? before : 0;
}

}  // namespace

void use_short_time_slices() noexcept { (void)set_slice(shortest); }

UsualTimeSlice::UsualTimeSlice() noexcept : own_(set_slice(usual)) {}
UsualTimeSlice::~UsualTimeSlice() {
  if (own_ != 0) (void)set_slice(own_);
}

}  // namespace cardea
