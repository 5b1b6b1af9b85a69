#include "db/pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace cardea::db {
namespace {

using namespace std::chrono_literals;

struct Wire {
  int number;
};

class PoolTest : public ::testing::Test {
 protected:
  int opened_ = 0;
  bool opens_ = true;
  EndOfWaits ends_;
  Pool<Wire> pool_{2,
                   [this] {
                     if (!opens_) throw DatabaseError("down");
                     return std::make_unique<Wire>(Wire{++opened_});
                   },
                   ends_};
  static Deadline now() { return std::chrono::steady_clock::now(); }
};

TEST_F(PoolTest, opens_a_connection_only_when_none_is_idle) {
  for (int i = 0; i < 3; ++i) pool_.acquire(now());
  EXPECT_EQ(opened_, 1);
  const auto first = pool_.acquire(now());
  const auto second = pool_.acquire(now());
  EXPECT_EQ(opened_, 2);
}

TEST_F(PoolTest, waits_for_one_in_use_before_it_opens_another_but_not_for_long) {
  const auto open = [this] { return std::make_unique<Wire>(Wire{++opened_}); };
  Pool<Wire> patient{2, open, ends_, {}, 1min};
  std::jthread waiter;
  {
    const auto first = patient.acquire(now());
    waiter = std::jthread([&] { patient.acquire(now() + 1min); });
  }
  waiter.join();
  EXPECT_EQ(opened_, 1);
  Pool<Wire> impatient{2, open, ends_, {}, 1ms};
  const auto first = impatient.acquire(now() + 1min);
  const auto second = impatient.acquire(now() + 1min);
  EXPECT_EQ(opened_, 3);
}

TEST_F(PoolTest, tells_what_each_holder_waited) {
  std::vector<std::chrono::nanoseconds> waits;
  Pool<Wire> pool{1, [] { return std::make_unique<Wire>(Wire{1}); }, ends_,
                  [&](auto waited) { waits.push_back(waited); }};
  {
    const auto held = pool.acquire(now());
    EXPECT_THROW(pool.acquire(now() + 5ms), DatabaseError);
  }
  pool.acquire(now());
  ASSERT_EQ(waits.size(), 3U);
  EXPECT_GE(waits[1], 5ms) << "who got none has waited too";
  EXPECT_EQ(waits[2], 0ns) << "an idle one";
}

TEST_F(PoolTest, refuses_when_all_are_held_past_the_deadline) {
  const auto first = pool_.acquire(now());
  const auto second = pool_.acquire(now());
  EXPECT_THROW(pool_.acquire(now() + 1ms), DatabaseError);
}

TEST_F(PoolTest, nobody_waits_beyond_the_end_of_waits) {
  const auto first = pool_.acquire(now());
  {
    const auto second = pool_.acquire(now());
    std::jthread waiting{[&] { EXPECT_THROW(pool_.acquire(now() + 1h), DatabaseError); }};
    ends_.set(now());
    pool_.look_at_end();
  }
  EXPECT_NO_THROW(pool_.acquire(now())) << "what is free is given";
}

TEST_F(PoolTest, a_waiter_gets_what_another_gives_back) {
  int got = 0;
  std::jthread waiter;
  {
    const auto first = pool_.acquire(now());
    const auto second = pool_.acquire(now());
    waiter = std::jthread([&] { got = pool_.acquire(now() + 1min)->number; });
  }
  waiter.join();
  EXPECT_GE(got, 1);
  EXPECT_EQ(opened_, 2);
}

TEST_F(PoolTest, a_dropped_connection_is_not_used_again) {
  pool_.acquire(now()).drop();
  EXPECT_EQ(pool_.acquire(now())->number, 2);
}

TEST_F(PoolTest, closing_idle_connections_makes_the_next_one_fresh) {
  static_cast<void>(pool_.acquire(now())->number);
  pool_.close_idle();
  EXPECT_EQ(pool_.acquire(now())->number, 2);
}

TEST_F(PoolTest, a_connection_that_cannot_be_opened_takes_no_place) {
  opens_ = false;
  for (int i = 0; i < 3; ++i) EXPECT_THROW(pool_.acquire(now()), DatabaseError);
  opens_ = true;
  const auto first = pool_.acquire(now());
  const auto second = pool_.acquire(now());
  EXPECT_EQ(opened_, 2);
}

/// Others have every place but so many.
class CrowdedPool : public ::testing::Test {
 protected:
  std::atomic<int> places_ = 1;
  std::atomic<int> attempts_ = 0;
  EndOfWaits ends_;
  Pool<Wire> pool_{4,
                   [this] {
                     ++attempts_;
                     if (--places_ >= 0) return std::make_unique<Wire>(Wire{1});
                     ++places_;
                     throw NoMoreConnections("too many clients");
                   },
                   ends_};
  static Deadline now() { return std::chrono::steady_clock::now(); }
};

TEST_F(CrowdedPool, hands_round_what_there_is) {
  std::vector<std::jthread> threads;
  std::atomic<int> served = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 100; ++k) {
        const auto lease = pool_.acquire(now() + 1min);
        ++served;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(served, 800);
}

TEST_F(CrowdedPool, does_not_ask_again_and_again) {
  const auto held = pool_.acquire(now());
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] { EXPECT_THROW(pool_.acquire(now() + 200ms), DatabaseError); });
  }
  threads.clear();
  EXPECT_LE(attempts_, 4) << "each once";
}

TEST_F(CrowdedPool, of_which_nobody_has_any_says_so_at_once) {
  places_ = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { EXPECT_THROW(pool_.acquire(now() + 1h), NoMoreConnections); });
  }
  threads.clear();
  places_ = 2;
  const auto first = pool_.acquire(now());
  const auto second = pool_.acquire(now() + 1min);  // it is tried again a second later
  EXPECT_THROW(pool_.acquire(now() + 5ms), DatabaseError);
}

TEST_F(CrowdedPool, waits_no_longer_when_the_last_one_is_dropped) {
  auto held = pool_.acquire(now());
  std::jthread waiting{[&] { EXPECT_THROW(pool_.acquire(now() + 1h), NoMoreConnections); }};
  while (attempts_ < 2) std::this_thread::yield();
  held.drop();
}

}  // namespace
}  // namespace cardea::db
