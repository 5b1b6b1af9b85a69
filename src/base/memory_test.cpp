// What becomes of the containers when memory ends.
#include <gtest/gtest.h>

#include <vector>

#include "base/fair_queue.hpp"
#include "base/variant.hpp"
#include "tests/support/no_memory.hpp"

namespace cardea {
namespace {

using testing_support::with_allocations;
using testing_support::with_ever_more_memory;

using Choice = Variant<std::nullptr_t, std::int64_t, std::string, std::vector<std::string>>;

const std::string long_text(100, 'x');

TEST(Variant, of_which_no_copy_can_be_made_is_as_it_was) {
  for (const Choice& original :
       {Choice{nullptr}, Choice{std::int64_t{3}}, Choice{long_text}, Choice{std::vector<std::string>{long_text}}}) {
    std::vector<Choice> copies;
    with_ever_more_memory([&] { copies.push_back(original); }, [&] { EXPECT_TRUE(copies.empty()); });
    EXPECT_EQ(copies.at(0), original);
    Choice assigned{std::string{"before"}};
    with_ever_more_memory([&] { assigned = original; }, [&] { EXPECT_EQ(assigned, Choice{std::string{"before"}}); });
    EXPECT_EQ(assigned, original);
  }
}

TEST(Variant, is_moved_without_memory) {
  Choice one{long_text};
  Choice two;
  EXPECT_TRUE(with_allocations(0, [&] {
    two = std::move(one);
    const Choice three{std::move(two)};
    EXPECT_EQ(std::get<std::string>(three).size(), 100U);
  }));
}

Share from(int number) {
  return {.network = ClientNetwork{"2001:db8:" + std::to_string(number % 7) + ":" + std::to_string(number) + "::1"}};
}

TEST(FairQueue, gives_out_what_it_holds_without_memory) {
  FairQueue<int> queue{1000};
  for (int item = 0; item < 500; ++item) EXPECT_FALSE(queue.push(from(item % 50), item));
  int taken = 0;
  EXPECT_TRUE(with_allocations(0, [&] {
    while (taken < 200 && queue.pop()) ++taken;
    FairQueue<int> rest = queue.take_all();
    EXPECT_TRUE(queue.empty());
    while (rest.pop()) ++taken;
  }));
  EXPECT_EQ(taken, 500);
}

TEST(FairQueue, that_has_no_memory_for_an_item_is_as_it_was) {
  FairQueue<std::unique_ptr<int>> queue{100};
  for (int number = 0; number < 20; ++number) {
    const Share share = from(number);
    auto item = std::make_unique<int>(number);
    with_ever_more_memory([&] { EXPECT_FALSE(queue.push(share, item)); },
                          [&] { EXPECT_TRUE(item) << "it stays the caller's"; });
  }
  int count = 0;
  while (const auto item = queue.pop()) {
    EXPECT_TRUE(*item);
    ++count;
  }
  EXPECT_EQ(count, 20);
}

}  // namespace
}  // namespace cardea
