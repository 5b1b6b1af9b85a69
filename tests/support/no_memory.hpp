#pragma once
// Allocations that fail. It replaces operator new, so that only one file of a program may include it. ThreadSanitizer
// has an operator new of its own: there memory never ends.

#include <cstdlib>
#include <new>

namespace cardea::testing_support {

#if __has_feature(thread_sanitizer)
inline constexpr bool memory_ends = false;
#else
inline constexpr bool memory_ends = true;
#endif

/// How many allocations of this thread still find memory; negative: all.
inline thread_local long allocations_left = -1;

/// Calls `work` with memory for so many allocations and no more; false when it threw std::bad_alloc for it.
template <class Work>
bool with_allocations(long count, Work&& work) {
  allocations_left = count;
  bool is_done = true;
  try {
    work();
  } catch (const std::bad_alloc&) {
    is_done = false;
  }
  allocations_left = -1;
  return is_done;
}

/// Calls `work` with memory for none, for one, for two allocations …, until it is done; and `look` after each that was
/// not.
template <class Work, class Look>
void with_ever_more_memory(Work work, Look look) {
  for (long count = 0; !with_allocations(count, work); ++count) look();
}

}  // namespace cardea::testing_support

#if !__has_feature(thread_sanitizer)
void* operator new(std::size_t size) {
  using cardea::testing_support::allocations_left;
  if (allocations_left == 0) throw std::bad_alloc{};
  if (allocations_left > 0) --allocations_left;
  if (void* place = std::malloc(size == 0 ? 1 : size)) return place;
  throw std::bad_alloc{};
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }
#endif
