#include "base/small_vector.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cardea {
namespace {

using Small = SmallVector<int, 4>;

Small first(int count) {
  Small made;
  for (int i = 0; i < count; ++i) made.push_back(i);
  return made;
}

std::vector<int> values(const Small& small) { return {small.begin(), small.end()}; }

TEST(SmallVector, holds_what_was_put_in_within_itself_and_beyond) {
  for (const int count : {0, 1, 3, 4, 5, 8, 9, 100}) {
    const Small made = first(count);
    ASSERT_EQ(made.size(), static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) EXPECT_EQ(values(made)[static_cast<std::size_t>(i)], i);
    EXPECT_EQ(made.empty(), count == 0);
  }
  EXPECT_EQ(values({7, 8, 9}), (std::vector{7, 8, 9}));
  EXPECT_EQ(Small({7, 8}).front(), 7);
  EXPECT_EQ(Small({7, 8}).back(), 8);
}

TEST(SmallVector, copies_are_its_own_and_what_is_moved_leaves_nothing_behind) {
  for (const int from : {0, 2, 4, 9}) {
    for (const int to : {0, 3, 12}) {
      Small source = first(from);
      Small copy = first(to);
      copy = source;
      EXPECT_EQ(copy, source);
      copy.push_back(1000);
      EXPECT_EQ(source.size(), static_cast<std::size_t>(from));
      Small target = first(to);
      target = std::move(source);
      EXPECT_EQ(target, first(from));
      EXPECT_TRUE(source.empty());  // NOLINT(bugprone-use-after-move): that is the promise
      source.push_back(5);
      EXPECT_EQ(values(source), std::vector{5});
      EXPECT_EQ(target, first(from));
    }
  }
  Small itself = first(3);
  const Small& same = itself;
  itself = same;
  EXPECT_EQ(itself, first(3));
}

TEST(SmallVector, is_cut_where_it_is_told) {
  Small made = first(9);
  made.erase_from(made.begin() + 2);
  EXPECT_EQ(values(made), (std::vector{0, 1}));
  made.clear();
  EXPECT_TRUE(made.empty());
}

}  // namespace
}  // namespace cardea
