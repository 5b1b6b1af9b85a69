// A year of guesses at codes, played through by the pure policy that the statements of throttle follow.

#include "authn/code_budget.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace cardea::authn {
namespace {

using throttle::Budget;
using throttle::State;
using Days = std::chrono::days;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
constexpr Duration year = Days{365};
constexpr double right_codes = 2;  // of a million, at any instant: this step's and the last one's

/// How likely one of so many guesses is right.
double chance(int guesses) { return 1 - std::pow(1 - right_codes / 1'000'000, guesses); }

/// A budget of one account, as it is charged.
class Account {
 public:
  explicit Account(const Budget& budget) : budget_(budget) {}
  bool guess(Time now) {
    const auto decision = throttle::decide(budget_, state_, now);
    state_ = decision.next;
    return decision.granted;
  }
  /// A right code, whose attempt is given back.
  bool show(Time now) {
    if (!guess(now)) return false;
    state_ = throttle::without(state_, now);
    return true;
  }
  [[nodiscard]] Time next_at(Time now) const { return std::max(now, state_.blocked_until); }

 private:
  Budget budget_;
  State state_;
};

/// The judged guesses of who tries as soon as it is allowed, while the owner signs in each day by the same budget.
int greedy(const Budget& budget, bool with_owner, Time until = start + year) {
  Account account{budget};
  Time owner_at = start + std::chrono::hours{8};
  int judged = 0;
  for (Time now = start; now < until; now = account.next_at(now + Duration{1})) {
    for (; with_owner && owner_at <= now; owner_at += Days{1}) account.show(owner_at);
    if (account.guess(now)) ++judged;
  }
  return judged;
}

/// The same of who tries at random, a few times an hour.
int persistent(const Budget& budget, unsigned seed) {
  std::mt19937 random{seed};
  Account account{budget};
  int judged = 0;
  for (Time now = start; now < start + year; now += std::chrono::seconds{60 + random() % 3600}) {
    if (account.guess(now)) ++judged;
    if (random() % 24 == 0) account.show(now + Duration{1});
  }
  return judged;
}

constexpr CodeBudgets budgets;

TEST(CodeBudget, year_of_guesses_is_right_with_less_than_one_in_ten_thousand) {
  const int strangers = greedy(budgets.account, false);
  const int known = greedy(budgets.known_browser, false);
  EXPECT_EQ(strangers, 16);
  EXPECT_EQ(known, 33);
  EXPECT_LE(chance(strangers + known), 1e-4) << "of one who has a known browser, and others besides";
}

TEST(CodeBudget, owner_who_signs_in_daily_gives_a_guesser_no_more) {
  for (const auto& budget : {budgets.account, budgets.known_browser}) {
    EXPECT_LE(greedy(budget, true), greedy(budget, false));
    for (unsigned seed = 0; seed < 20; ++seed) EXPECT_LE(persistent(budget, seed), greedy(budget, false)) << seed;
  }
}

TEST(CodeBudget, years_after_the_first_are_no_better_for_a_guesser) {
  const int one = greedy(budgets.account, false);
  const int three = greedy(budgets.account, false, start + 3 * year);
  EXPECT_LE(three - one, 2 * one);
}

TEST(CodeBudget, owner_gets_in_every_day_by_a_known_browser_while_strangers_guess) {
  int all_mistakes = 0;
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random{seed};
    Account strangers{budgets.account};
    Account known{budgets.known_browser};
    int mistakes = 0;
    for (int day = 0; day < 365; ++day) {
      const Time morning = start + Days{day} + std::chrono::hours{8};
      for (int hour = 0; hour < 24; ++hour) strangers.guess(morning + std::chrono::hours{hour});
      Time now = morning;
      // Every thirty-third code is mistyped, and typed again. One that is only late costs nothing (judge_code).
      for (; random() % 33 == 0; now += std::chrono::seconds{20}) {
        EXPECT_TRUE(known.guess(now)) << "day " << day;
        ++mistakes;
      }
      EXPECT_TRUE(known.show(now)) << "day " << day << ", after " << mistakes << " mistakes";
    }
    all_mistakes += mistakes;
  }
  EXPECT_GT(all_mistakes, 50 * 8);
}

TEST(CodeBudget, owner_who_is_not_attacked_gets_in_by_a_new_browser_every_day) {
  std::mt19937 random{7};
  Account strangers{budgets.account};
  for (int day = 0; day < 365; ++day) {
    Time now = start + Days{day};
    for (; random() % 100 == 0; now += std::chrono::seconds{20}) EXPECT_TRUE(strangers.guess(now));
    EXPECT_TRUE(strangers.show(now)) << "day " << day;
  }
}

TEST(CodeBudget, of_responses_that_nobody_guesses_bounds_what_is_tried) {
  const int tried = greedy(budgets.unguessable, false, start + Days{7}) * 53;
  EXPECT_LE(tried * 10 / std::pow(2.0, 60), 1e-9) << "ten codes of 60 bits";
}

}  // namespace
}  // namespace cardea::authn
