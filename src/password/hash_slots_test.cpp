#include "password/hash_slots.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
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
  HashSlots slots{2, 100, 1h};
  std::atomic<int> holding = 0;
  std::atomic<int> most = 0;
  std::atomic<int> turns = 0;
  {
    std::vector<std::jthread> crowd;
    for (int i = 0; i < threads; ++i) {
      crowd.emplace_back([&] {
        for (int n = 0; n < rounds; ++n) {
          const HashSlots::Lease lease{slots, {}};
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
  HashSlots slots{1, 100, 1h};
  std::vector<int> served;  // by one thread at a time: each holds the only slot
  std::vector<std::jthread> queue;
  {
    const HashSlots::Lease lease{slots, {}};
    for (int i = 0; i < 8; ++i) {
      queue.emplace_back([&, i] {
        const HashSlots::Lease own{slots, {}};
        served.push_back(i);
      });
      while (slots.waiting() != static_cast<std::size_t>(i) + 1) std::this_thread::yield();
    }
  }
  queue.clear();
  EXPECT_EQ(served, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
}

/// Threads that wait for the only slot, which the test holds until it ends.
class Queue {
 public:
  explicit Queue(std::size_t most_waiting) : slots_(1, most_waiting, 1h), lease_(std::in_place, slots_, Share{}) {}

  void add(char who, std::string_view address, bool has_reserve = false) {
    const std::size_t before = slots_.waiting();
    const std::size_t told = told_;
    threads_.emplace_back([=, this] {
      const HashSlots::Lease own{slots_, {.network = ClientNetwork{address}, .has_reserve = has_reserve}};
      const std::lock_guard lock{mutex_};
      (own ? served_ : refused_) += who;
      if (!own) ++told_;
    });
    while (slots_.waiting() == before && told_ == told) std::this_thread::yield();
  }
  [[nodiscard]] HashSlots& slots() { return slots_; }
  void wait_until_told(std::size_t count) const {
    while (told_ != count) std::this_thread::yield();
  }
  void go_on() {
    lease_.reset();
    threads_.clear();
  }
  [[nodiscard]] std::string served() const { return served_; }
  [[nodiscard]] std::string refused() const { return refused_; }

 private:
  HashSlots slots_;
  std::optional<HashSlots::Lease> lease_;
  std::mutex mutex_;
  std::atomic<std::size_t> told_ = 0;
  std::string served_;
  std::string refused_;
  std::vector<std::jthread> threads_;
};

TEST(HashSlots, who_waits_gets_turns_by_network_and_a_crowd_makes_room) {
  Queue queue{4};
  for (int i = 0; i < 5; ++i) queue.add('c', "192.0.2.1");
  EXPECT_FALSE(queue.slots().has_room_for({.network = ClientNetwork{"192.0.2.1"}}));
  EXPECT_TRUE(queue.slots().has_room_for({.network = ClientNetwork{"192.0.2.2"}}));
  queue.add('o', "192.0.2.2");
  queue.go_on();
  EXPECT_EQ(queue.served(), "cocc");
  EXPECT_EQ(queue.refused(), "cc");
}

TEST(HashSlots, an_eighth_of_the_places_is_for_those_with_a_reserve) {
  Queue queue{8};
  for (int i = 0; i < 8; ++i) queue.add('s', "192.0.2." + std::to_string(i));
  EXPECT_EQ(queue.refused(), "s");
  queue.add('k', "192.0.2.1", true);
  queue.go_on();
  EXPECT_EQ(queue.served().size(), 8U);
  EXPECT_LE(queue.served().find('k'), 1U) << queue.served();
}

TEST(HashSlots, closing_sends_away_who_waits_and_who_comes) {
  Queue queue{8};
  for (int i = 0; i < 3; ++i) queue.add('w', "192.0.2.1");
  queue.slots().close();
  queue.wait_until_told(3);
  queue.add('n', "192.0.2.2");
  queue.go_on();
  EXPECT_EQ(queue.served(), "");
  EXPECT_EQ(queue.refused().size(), 4U) << queue.refused();
}

TEST(HashSlots, slot_used_last_is_taken_first) {
  HashSlots slots{3, 100, 1h};
  for (int i = 0; i < 10; ++i) hash_in(HashSlots::Lease{slots, {}}.memory());
  EXPECT_LT(slots.memory_kept(), 2 * 2 * mebibyte) << "one slot is enough for one thread";
  const HashSlots::Lease warm{slots, {}};
  EXPECT_GE(warm.memory().size(), mebibyte);
  EXPECT_EQ(slots.memory_kept(), 0U);
}

TEST(HashSlots, memory_belongs_to_the_slots_and_not_to_the_threads) {
  HashSlots slots{2, 100, 1h};
  {
    std::vector<std::jthread> crowd;
    for (int i = 0; i < 16; ++i) {
      crowd.emplace_back([&] {
        for (int n = 0; n < 4; ++n) hash_in(HashSlots::Lease{slots, {}}.memory());
      });
    }
  }
  EXPECT_GE(slots.memory_kept(), mebibyte);
  EXPECT_LE(slots.memory_kept(), 2 * 2 * mebibyte) << "blocks are rounded up to 2 MiB";
}

TEST(HashSlots, memory_goes_when_it_was_not_used_for_long_enough) {
  HashSlots patient{1, 100, 1h};
  hash_in(HashSlots::Lease{patient, {}}.memory());
  patient.release_idle();
  EXPECT_GE(patient.memory_kept(), mebibyte);

  HashSlots eager{1, 100, 0s};
  hash_in(HashSlots::Lease{eager, {}}.memory());
  EXPECT_GE(eager.memory_kept(), mebibyte) << "kept until somebody rests";
  eager.release_idle();
  EXPECT_EQ(eager.memory_kept(), 0U);
}

TEST(HashSlots, memory_that_only_a_burst_needed_goes_while_others_are_busy) {
  HashSlots slots{2, 100, 0s};
  {
    const HashSlots::Lease busy{slots, {}};
    hash_in(HashSlots::Lease{slots, {}}.memory());
    EXPECT_GE(slots.memory_kept(), mebibyte);
    hash_in(busy.memory(), 8192);
  }
  EXPECT_GE(slots.memory_kept(), 8 * mebibyte);
  EXPECT_LT(slots.memory_kept(), 9 * mebibyte) << "the other slot's went when this one was given back";
}

TEST(HashSlots, slot_in_use_keeps_its_memory_when_others_rest) {
  HashSlots slots{2, 100, 0s};
  const HashSlots::Lease busy{slots, {}};
  hash_in(busy.memory());
  slots.release_idle();
  EXPECT_GE(busy.memory().size(), mebibyte);
}

}  // namespace
}  // namespace cardea::password
