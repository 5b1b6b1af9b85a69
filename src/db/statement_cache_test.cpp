#include "db/statement_cache.hpp"

#include <gtest/gtest.h>

#include "db/pool.hpp"
#include "tests/support/no_memory.hpp"

namespace cardea::db {
namespace {

TEST(StatementCache, the_least_recently_used_goes_first) {
  StatementCache<int> cache(2);
  EXPECT_EQ(cache.find("a"), nullptr);
  cache.add("a", 1);
  EXPECT_EQ(cache.surplus(), nullptr);
  cache.add("b", 2);
  EXPECT_EQ(*cache.surplus(), 1);
  EXPECT_EQ(*cache.find("a"), 1);  // used again
  EXPECT_EQ(*cache.surplus(), 2);
  cache.remove_oldest();
  cache.add("c", 3);
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_EQ(cache.find("b"), nullptr);
  EXPECT_EQ(*cache.find("a"), 1);
  EXPECT_EQ(*cache.find("c"), 3);
}

TEST(StatementCache, one_for_which_memory_ends_is_not_there_in_part) {
  StatementCache<int> cache(2);
  const std::string sql(100, 's');
  testing_support::with_ever_more_memory([&] { cache.add(sql, 1); },
                                         [&] {
                                           EXPECT_EQ(cache.size(), 0U);
                                           EXPECT_EQ(cache.find(sql), nullptr);
                                         });
  EXPECT_EQ(*cache.find(sql), 1);
  EXPECT_EQ(cache.size(), 1U);
}

TEST(Pool, takes_back_a_connection_without_memory) {
  EndOfWaits ends;
  Pool<int> pool{1, [] { return std::make_unique<int>(1); }, ends};
  const auto now = [] { return std::chrono::steady_clock::now(); };
  static_cast<void>(pool.acquire(now()));
  EXPECT_NE(testing_support::with_allocations(0, [&] { pool.close_idle(); }), testing_support::memory_ends);
  pool.close_idle();
  {
    const auto lease = pool.acquire(now());
    testing_support::allocations_left = 0;
  }
  testing_support::allocations_left = -1;
}

TEST(StatementCache, one_that_is_taken_is_there_no_more_until_it_is_added) {
  StatementCache<int> cache(2);
  cache.add("a", 1);
  cache.add("b", 2);
  EXPECT_EQ(cache.take("a"), 1);
  EXPECT_EQ(cache.take("a"), std::nullopt);
  EXPECT_EQ(cache.find("a"), nullptr);
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_EQ(cache.surplus(), nullptr);
  cache.add("a", 3);
  EXPECT_EQ(*cache.surplus(), 2);
  EXPECT_EQ(*cache.find("a"), 3);
}

}  // namespace
}  // namespace cardea::db
