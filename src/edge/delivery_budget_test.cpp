#include "edge/delivery_budget.hpp"

#include <gtest/gtest.h>

namespace cardea::edge {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t second = slowest_rate;  // bytes that pay for one

TEST(DeliveryBudget, is_whole_at_first_and_never_more) {
  DeliveryBudget budget{10s};
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(budget.for_next(second), 10s);
    budget.spend(1ms);
  }
}

TEST(DeliveryBudget, a_stall_is_forgiven_by_what_is_taken_later) {
  DeliveryBudget budget{10s};
  EXPECT_EQ(budget.for_next(0), 10s);
  budget.spend(9s);
  EXPECT_EQ(budget.for_next(0), 1s);
  EXPECT_EQ(budget.for_next(4 * second), 5s);
  EXPECT_EQ(budget.for_next(60 * second), 10s);
}

TEST(DeliveryBudget, who_keeps_up_the_slowest_rate_is_never_late) {
  DeliveryBudget budget{2s};
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_GE(budget.for_next(second), 1s);
    budget.spend(1s);
  }
}

TEST(DeliveryBudget, who_is_slower_is_late_in_the_end_although_no_single_wait_is_long) {
  DeliveryBudget budget{10s};
  int pieces = 0;
  while (pieces < 1'000 && budget.for_next(second / 2) >= 1s) {
    budget.spend(1s);
    ++pieces;
  }
  EXPECT_GE(pieces, 15);
  EXPECT_LE(pieces, 25);
}

TEST(DeliveryBudget, is_never_less_than_nothing) {
  DeliveryBudget budget{1s};
  EXPECT_EQ(budget.for_next(0), 1s);
  budget.spend(1h);
  EXPECT_EQ(budget.for_next(second / 2), 500ms);
}

}  // namespace
}  // namespace cardea::edge
