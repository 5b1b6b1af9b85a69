#include "db/statement_cache.hpp"

#include <gtest/gtest.h>

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
