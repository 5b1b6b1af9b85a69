#include "password/hash_slots.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "crypto/argon2.hpp"
#include "crypto/test_random.hpp"

namespace cardea::password {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

void hash_in(crypto::Argon2Memory& memory, std::int64_t memory_kib = 1024) {
  crypto::CountingRandom random;
  (void)crypto::argon2id("pw", {.memory_kib = memory_kib, .passes = 1}, random, &memory);
}

TEST(HashSlots, no_more_threads_than_slots_have_one_and_none_is_left_waiting) {
  constexpr int threads = 16;
  constexpr int rounds = 300;
  HashSlots slots{2, 1h};
  std::atomic<int> holding = 0;
  std::atomic<int> most = 0;
  std::atomic<int> turns = 0;
  {
    std::vector<std::jthread> crowd;
    for (int i = 0; i < threads; ++i) {
      crowd.emplace_back([&] {
        for (int n = 0; n < rounds; ++n) {
          const HashSlots::Lease lease{slots};
          const int now = ++holding;
          for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
          }
          ++turns;
          std::this_thread::yield();
          --holding;
        }
      });
    }
  }
  EXPECT_LE(most, 2);
  EXPECT_EQ(turns, threads * rounds);
  EXPECT_EQ(slots.waiting(), 0U);
}

TEST(HashSlots, first_come_is_first_served) {
  HashSlots slots{1, 1h};
  std::vector<int> served;  // by one thread at a time: each holds the only slot
  std::vector<std::jthread> queue;
  {
    const HashSlots::Lease lease{slots};
    for (int i = 0; i < 8; ++i) {
      queue.emplace_back([&, i] {
        const HashSlots::Lease own{slots};
        served.push_back(i);
      });
      while (slots.waiting() != static_cast<std::size_t>(i) + 1) std::this_thread::yield();
    }
  }
  queue.clear();
  EXPECT_EQ(served, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(HashSlots, slot_used_last_is_taken_first) {
  HashSlots slots{3, 1h};
  for (int i = 0; i < 10; ++i) hash_in(HashSlots::Lease{slots}.memory());
  EXPECT_LT(slots.memory_kept(), 2 * 2 * mebibyte) << "one slot is enough for one thread";
  const HashSlots::Lease warm{slots};
  EXPECT_GE(warm.memory().size(), mebibyte);
  EXPECT_EQ(slots.memory_kept(), 0U);
}

TEST(HashSlots, memory_belongs_to_the_slots_and_not_to_the_threads) {
  HashSlots slots{2, 1h};
  {
    std::vector<std::jthread> crowd;
    for (int i = 0; i < 16; ++i) {
      crowd.emplace_back([&] {
        for (int n = 0; n < 4; ++n) hash_in(HashSlots::Lease{slots}.memory());
      });
    }
  }
  EXPECT_GE(slots.memory_kept(), mebibyte);
  EXPECT_LE(slots.memory_kept(), 2 * 2 * mebibyte) << "blocks are rounded up to 2 MiB";
}

TEST(HashSlots, memory_goes_when_it_was_not_used_for_long_enough) {
  HashSlots patient{1, 1h};
  hash_in(HashSlots::Lease{patient}.memory());
  patient.release_idle();
  EXPECT_GE(patient.memory_kept(), mebibyte);

  HashSlots eager{1, 0s};
  hash_in(HashSlots::Lease{eager}.memory());
  EXPECT_GE(eager.memory_kept(), mebibyte) << "kept until somebody rests";
  eager.release_idle();
  EXPECT_EQ(eager.memory_kept(), 0U);
}

TEST(HashSlots, memory_that_only_a_burst_needed_goes_while_others_are_busy) {
  HashSlots slots{2, 0s};
  {
    const HashSlots::Lease busy{slots};
    hash_in(HashSlots::Lease{slots}.memory());
    EXPECT_GE(slots.memory_kept(), mebibyte);
    hash_in(busy.memory(), 8192);
  }
  EXPECT_GE(slots.memory_kept(), 8 * mebibyte);
  EXPECT_LT(slots.memory_kept(), 9 * mebibyte) << "the other slot's went when this one was given back";
}

TEST(HashSlots, slot_in_use_keeps_its_memory_when_others_rest) {
  HashSlots slots{2, 0s};
  const HashSlots::Lease busy{slots};
  hash_in(busy.memory());
  slots.release_idle();
  EXPECT_GE(busy.memory().size(), mebibyte);
}

}  // namespace
}  // namespace cardea::password
