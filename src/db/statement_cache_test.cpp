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

}  // namespace
}  // namespace cardea::db
