#include "base/recent_map.hpp"

#include <gtest/gtest.h>

namespace cardea {
namespace {

TEST(RecentMap, holds_the_latest_and_never_more_than_it_may) {
  constexpr std::size_t most = 10;
  RecentMap<int, int> map{most};
  for (int i = 0; i < 1000; ++i) {
    map.put(i, i * 2);
    EXPECT_LE(map.size(), most);
    for (int late = std::max(0, i - 4); late <= i; ++late) {
      ASSERT_NE(map.find(late), nullptr) << late << " of " << i;
      EXPECT_EQ(*map.find(late), late * 2);
    }
  }
  EXPECT_EQ(map.find(900), nullptr);
  map.clear();
  EXPECT_EQ(map.size(), 0U);
  EXPECT_EQ(map.find(999), nullptr);
}

TEST(RecentMap, a_value_that_is_put_again_is_the_new_one_and_takes_no_more_room) {
  RecentMap<int, int> map{4};
  map.put(1, 1);
  map.put(2, 2);
  map.put(1, 10);
  EXPECT_EQ(map.size(), 2U);
  EXPECT_EQ(*map.find(1), 10);
  map.put(3, 3);  // 1 and 2 are old now
  map.put(1, 100);
  EXPECT_EQ(*map.find(1), 100);
}

TEST(RecentMap, without_room_remembers_nothing) {
  RecentMap<int, int> map{0};
  map.put(1, 1);
  EXPECT_EQ(map.find(1), nullptr);
}

}  // namespace
}  // namespace cardea
