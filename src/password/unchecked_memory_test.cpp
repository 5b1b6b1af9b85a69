#include "password/unchecked_memory.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstdint>
#include <thread>
#include <vector>

namespace cardea::password {
namespace {

/// What a C library does with the answer of a malloc that failed.
__attribute__((no_sanitize("address", "undefined"))) void write_to(std::uintptr_t place) {
  *reinterpret_cast<volatile int*>(place) = 1;
}

TEST(UncheckedMemory, that_is_missing_is_noticed_and_the_thread_goes_on) {
  int there = 0;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(finds_memory([&] { write_to(400); }));
    EXPECT_TRUE(finds_memory([&] { write_to(reinterpret_cast<std::uintptr_t>(&there)); }));
  }
  EXPECT_EQ(there, 1);
}

TEST(UncheckedMemory, of_several_threads_is_their_own) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 100; ++k) EXPECT_FALSE(finds_memory([&] { write_to(0); }));
    });
  }
}

TEST(UncheckedMemoryDeathTest, other_faults_end_the_process_as_they_did) {
  EXPECT_DEATH(
      {
        (void)finds_memory([] {});
        write_to(0);
      },
      "");
  void* const forbidden = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(forbidden, MAP_FAILED);
  const auto place = reinterpret_cast<std::uintptr_t>(forbidden);
  EXPECT_DEATH((void)finds_memory([&] { write_to(place); }), "");
  EXPECT_EQ(munmap(forbidden, 4096), 0);
}

}  // namespace
}  // namespace cardea::password
