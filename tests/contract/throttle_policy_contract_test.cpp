// The statements of the throttle against the pure policy, step by step, on both engines; and clocks that were wrong.
#include <map>
#include <random>

#include "crypto/hash.hpp"
#include "tests/support/engines.hpp"
#include "throttle/throttle.hpp"

namespace cardea::throttle {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);

class ThrottlePolicyContract : public testing_support::OnEngine {
 protected:
  Result<Charged> take(const std::vector<Charge>& charges, Time now) { return charge(database(), charges, now); }
  void give(const std::vector<Charge>& charges, Time attempt) { settle(database(), {.give_back = charges}, attempt); }
  void forget(const std::vector<Charge>& charges) { settle(database(), {.forget = charges}, noon); }

  std::optional<std::pair<State, Time>> stored(std::string_view key) {
    const auto row = database().read([&](db::Tx& tx) {
      return tx.one("SELECT attempts, last_at, regained_at, blocked_until, forget_at FROM throttle WHERE key_hash = $1",
                    crypto::sha256(key));
    });
    if (!row) return std::nullopt;
    return std::pair{State{.attempts = row->integer(0),
                           .last_at = row->time(1),
                           .regained_at = row->time(2),
                           .blocked_until = row->time(3)},
                     row->time(4)};
  }
  std::int64_t rows() {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM throttle")->integer(0); });
  }
};
INSTANTIATE_TEST_SUITE_P(engines, ThrottlePolicyContract, testing_support::both_engines(),
                         testing_support::engine_name);

std::string text(const State& state) {
  return std::to_string(state.attempts) + " attempts, last " + std::to_string(to_micros(state.last_at)) +
         ", regained " + std::to_string(to_micros(state.regained_at)) + ", blocked until " +
         std::to_string(to_micros(state.blocked_until));
}

/// What the table should hold, by the pure functions.
class Model {
 public:
  bool take(const std::vector<Charge>& charges, Time now) {
    bool granted = true;
    for (const auto& [budget, key, is_shared, amount, is_told] : charges)
      granted = decide(budget, rows[key].first, now, amount).granted && granted;
    for (const auto& [budget, key, is_shared, amount, is_told] : charges) {
      const bool is_far = rows[key].first.blocked_until - now > budget.max_delay;
      if (!granted && !is_far) continue;
      auto& [state, forgotten_at] = rows[key];
      state = decide(budget, state, now, amount).next;
      forgotten_at = forget_at(budget, state);
    }
    return granted;
  }
  void give(const Charge& charge, Time attempt) {
    State& state = rows[charge.key].first;
    state = without(state, attempt, charge.amount);
  }

  std::map<std::string, std::pair<State, Time>> rows;
};

TEST_P(ThrottlePolicyContract, statements_and_pure_policy_agree_over_long_random_histories) {
  const std::vector<Budget> budgets{
      {.free = 3, .regain = 1min, .delay = 1s, .max_delay = 15min},
      {.free = 1, .regain = 7s, .delay = 3s, .max_delay = 2s},
      {.free = 2, .regain = 1ms, .delay = 1ms, .max_delay = 87600h},
      {.free = 4, .regain = 87600h, .delay = 1s, .max_delay = 20s},
  };
  const std::vector<std::int64_t> amounts{1, 1, 1, 1, 2, 3, 66};
  const std::vector<Duration> steps{0s, 1us, 300ms, 1s, 5s, 1min, 20min, 50h, -1s, -10min, -3h, 9600h, -9600h};
  std::mt19937 random{20261126};  // NOLINT(cert-msc51-cpp): a test repeats
  const auto pick = [&random](std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(random); };
  Model model;
  Time now = noon;
  std::vector<Time> attempts{now};
  int granted = 0;
  for (int i = 0; i < 600; ++i) {
    now += steps[pick(steps.size())];
    std::vector<Charge> charges;
    const std::size_t first = pick(budgets.size());
    for (std::size_t n = 0; n <= pick(budgets.size()); ++n) {
      const std::size_t which = (first + n) % budgets.size();
      charges.push_back(
          {.budget = budgets[which], .key = "key" + std::to_string(which), .amount = amounts[pick(amounts.size())]});
    }
    if (pick(4) == 0) {
      const Time attempt = attempts[attempts.size() - 1 - pick(std::min<std::size_t>(attempts.size(), 3))];
      settle(database(), {.give_back = std::span{charges}.first(1)}, attempt);
      model.give(charges.front(), attempt);
    } else {
      const auto answer = take(charges, now);
      ASSERT_EQ(answer.ok(), model.take(charges, now)) << i;
      if (answer) {
        attempts.push_back(now);
        ++granted;
        for (std::size_t n = 0; n < charges.size(); ++n) {
          const Duration wait = model.rows[charges[n].key].first.blocked_until - now;
          ASSERT_EQ(answer->waits[n], std::max(wait, Duration{0})) << i;
        }
      } else {
        ASSERT_LE(*answer.error().retry_after, Duration{87600h}) << i;
      }
    }
    for (const auto& one : charges) {
      const auto& [state, forgotten_at] = model.rows[one.key];
      const auto found = stored(one.key);
      ASSERT_EQ(text(found ? found->first : State{}), text(state)) << i << " " << one.key;
      if (found) ASSERT_EQ(found->second, forgotten_at) << i << " " << one.key;
    }
  }
  EXPECT_GT(granted, 50);
  EXPECT_LT(granted, 430) << "histories without a refusal show little";
}

TEST_P(ThrottlePolicyContract, waits_double_without_overflow_up_to_the_longest) {
  const Budget wide{.free = 1, .regain = 87600h, .delay = 1ms, .max_delay = 87600h};
  Time now = noon;
  State state;
  for (int i = 0; i < 90; ++i) {
    const auto answer = take({{wide, "a"}}, now);
    state = decide(wide, state, now).next;
    ASSERT_TRUE(answer.ok()) << i;
    ASSERT_EQ(answer->longest(), state.blocked_until - now) << i;
    ASSERT_EQ(text(stored("a")->first), text(state)) << i;
    database().write([&](db::Tx& tx) { tx.run("UPDATE throttle SET blocked_until = $1", now); });
    state.blocked_until = now;
  }
  EXPECT_EQ(state.attempts, 90);
}

TEST_P(ThrottlePolicyContract, three_attempts_with_one_given_back_are_two) {
  const Budget budget{.free = 3, .regain = 1h, .delay = 1min, .max_delay = 1h};
  for (const Duration at : {0s, 1s, 2s}) ASSERT_TRUE(take({{budget, "a"}}, noon + at));
  EXPECT_EQ(stored("a")->first.attempts, 3);
  give({{budget, "a"}}, noon + 1s);
  EXPECT_EQ(stored("a")->first.attempts, 2);
  EXPECT_FALSE(take({{budget, "a"}}, noon + 3s)) << "the third began a wait, and was not given back";
  give({{budget, "a"}}, noon + 2s);
  EXPECT_EQ(stored("a")->first.attempts, 1);
  EXPECT_TRUE(take({{budget, "a"}}, noon + 3s));
}

TEST_P(ThrottlePolicyContract, no_more_is_given_back_than_was_taken) {
  const Budget budget{.free = 3, .regain = 1h, .delay = 1min, .max_delay = 1h};
  for (const Duration at : {0s, 1s}) ASSERT_TRUE(take({{budget, "a"}}, noon + at));
  for (int i = 0; i < 5; ++i) give({{budget, "a"}}, noon + 1s);
  EXPECT_EQ(stored("a")->first.attempts, 0);
  for (const Duration at : {10s, 11s, 12s}) EXPECT_TRUE(take({{budget, "a"}}, noon + at));
  EXPECT_FALSE(take({{budget, "a"}}, noon + 13s));
}

TEST_P(ThrottlePolicyContract, one_settlement_gives_some_back_and_forgets_others) {
  const Budget budget{.free = 2, .regain = 1h, .delay = 1min, .max_delay = 1h};
  for (const Duration at : {0s, 1s}) ASSERT_TRUE(take({{budget, "a"}, {budget, "b"}, {budget, "c"}}, noon + at));
  const std::vector<Charge> back{{budget, "a"}};
  const std::vector<Charge> gone{{budget, "b"}};
  settle(database(), {.give_back = back, .forget = gone}, noon + 1s);
  EXPECT_EQ(stored("a")->first.attempts, 1);
  EXPECT_TRUE(take({{budget, "a"}}, noon + 2s));
  EXPECT_EQ(stored("b")->first.attempts, 0);
  for (const Duration at : {2s, 3s}) EXPECT_TRUE(take({{budget, "b"}}, noon + at));
  EXPECT_EQ(stored("c")->first.attempts, 2);
  EXPECT_FALSE(take({{budget, "c"}}, noon + 2s));
}

TEST_P(ThrottlePolicyContract, one_attempt_cannot_be_charged_twice_under_one_key) {
  const Budget budget{};
  EXPECT_THROW(std::ignore = take({{budget, "a"}, {budget, "a"}}, noon), std::invalid_argument);
  std::vector<Charge> too_many;
  for (std::size_t i = 0; i <= most_charges; ++i) too_many.push_back({budget, std::to_string(i)});
  EXPECT_THROW(std::ignore = take(too_many, noon), std::invalid_argument);
  EXPECT_EQ(rows(), 0);
}

TEST_P(ThrottlePolicyContract, a_wait_begun_by_a_clock_far_ahead_lasts_no_longer_than_the_longest) {
  const Budget account{.free = 5, .regain = 3min, .delay = 1s, .max_delay = 15min};
  const Budget whole{.free = 3, .regain = 50ms, .delay = 100ms, .max_delay = 10s};
  for (const Duration ahead : {Duration{2h}, Duration{24h * 400}}) {
    const std::vector<Charge> charges{{account, "account" + std::to_string(ahead.count())},
                                      {whole, "whole" + std::to_string(ahead.count())}};
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(take(charges, noon + ahead + 1s * i)) << i;
    const auto refused = take(charges, noon);
    ASSERT_FALSE(refused);
    EXPECT_LE(*refused.error().retry_after, account.max_delay);
    EXPECT_FALSE(take(charges, noon + account.max_delay - 1us)) << "and no shorter";
    EXPECT_TRUE(take(charges, noon + account.max_delay));
  }
}

TEST_P(ThrottlePolicyContract, attempts_counted_by_a_clock_far_ahead_come_back_at_the_usual_pace) {
  const Budget budget{.free = 5, .regain = 3min, .delay = 1s, .max_delay = 15min};
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(take({{budget, "a"}}, noon + 24h * 400));
  ASSERT_TRUE(take({{budget, "a"}}, noon));
  EXPECT_EQ(stored("a")->first.attempts, 5);
  ASSERT_TRUE(take({{budget, "a"}}, noon + 12min));
  EXPECT_EQ(stored("a")->first.attempts, 2);
}

TEST_P(ThrottlePolicyContract, a_clock_a_second_behind_keeps_the_longest_wait) {
  const Budget budget{.free = 1, .regain = 1h, .delay = 10s, .max_delay = 10s};
  ASSERT_TRUE(take({{budget, "a"}}, noon + 1s));
  EXPECT_FALSE(take({{budget, "a"}}, noon));
  EXPECT_FALSE(take({{budget, "a"}}, noon + 9s));
  EXPECT_TRUE(take({{budget, "a"}}, noon + 10s));
}

TEST_P(ThrottlePolicyContract, sweep_removes_what_a_clock_far_ahead_left_and_nothing_of_a_clock_a_little_ahead) {
  const Budget budget{.free = 1, .regain = 3min, .delay = 15min, .max_delay = 15min};
  const Budget patient{.free = 9, .regain = 3min, .delay = 1s, .max_delay = 15min};
  ASSERT_TRUE(take({{budget, "blocked"}}, noon + 24h * 400));
  ASSERT_TRUE(take({{patient, "counted"}}, noon + 24h * 400));
  ASSERT_TRUE(take({{budget, "two hours"}}, noon + 2h));
  ASSERT_TRUE(take({{budget, "neighbour"}}, noon + 2s));
  ASSERT_TRUE(sweep_job(database()).work(noon).ok());
  EXPECT_EQ(rows(), 1);
  EXPECT_TRUE(stored("neighbour"));
}

TEST_P(ThrottlePolicyContract, forgotten_rows_are_swept) {
  const Budget budget{.free = 5, .regain = 1h, .delay = 1s, .max_delay = 1h};
  ASSERT_TRUE(take({{budget, "a"}, {budget, "b"}}, noon));
  forget({{budget, "a"}});
  ASSERT_TRUE(sweep_job(database()).work(noon + 1s).ok());
  EXPECT_FALSE(stored("a"));
  EXPECT_TRUE(stored("b"));
}

}  // namespace
}  // namespace cardea::throttle
