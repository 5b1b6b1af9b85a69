#include "edge/body_memory.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <vector>

namespace cardea::edge {
namespace {

TEST(BodyMemory, is_taken_to_the_last_byte_and_given_back) {
  BodyMemory memory{100};
  {
    const auto first = BodyShare::take(memory, 60);
    EXPECT_TRUE(first);
    EXPECT_FALSE(BodyShare::take(memory, 41));
    EXPECT_TRUE(BodyShare::take(memory, 40));
    EXPECT_EQ(memory.taken(), 60U);
  }
  EXPECT_EQ(memory.taken(), 0U);
  EXPECT_FALSE(BodyShare::take(memory, 101));
  EXPECT_FALSE(BodyShare::take(memory, SIZE_MAX));
}

TEST(BodyMemory, a_moved_share_is_given_back_once) {
  BodyMemory memory{100};
  {
    auto share = BodyShare::take(memory, 60);
    const BodyShare moved = std::move(*share);
    EXPECT_EQ(memory.taken(), 60U);
  }
  EXPECT_EQ(memory.taken(), 0U);
}

TEST(BodyMemory, threads_never_take_more_than_there_is) {
  BodyMemory memory{3};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&memory] {
      for (int round = 0; round < 2'000; ++round) {
        const auto share = BodyShare::take(memory, 2);
        EXPECT_LE(memory.taken(), 3U);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(memory.taken(), 0U);
}

}  // namespace
}  // namespace cardea::edge
