// Attempt budgets on both engines: all or none, and exact when hundreds come at once.
#include "throttle/throttle.hpp"

#include <atomic>

#include "tests/support/counted_database.hpp"
#include "tests/support/engines.hpp"

namespace cardea::throttle {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);
const Budget small{.free = 2, .regain = 1min, .delay = 10s, .max_delay = 1h};
const Budget large{.free = 5, .regain = 1min, .delay = 1s, .max_delay = 1h};

class ThrottleContract : public testing_support::OnEngine {
 protected:
  Result<Duration> try_charge(const std::vector<Charge>& charges, Time now = noon) {
    return database().write([&](db::Tx& tx) -> Result<Duration> { return TRY(charge(tx, charges, now)).longest(); });
  }
  bool grants(const std::vector<Charge>& charges, Time now = noon) { return try_charge(charges, now).ok(); }
  void give(const std::vector<Charge>& charges, Time now) { settle(database(), {.give_back = charges}, now); }
  std::int64_t rows() {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM throttle")->integer(0); });
  }
};
INSTANTIATE_TEST_SUITE_P(engines, ThrottleContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(ThrottleContract, spent_budget_refuses_with_the_wait_and_names_no_key) {
  EXPECT_TRUE(grants({{small, "signin.account:ann"}}));
  EXPECT_TRUE(grants({{small, "signin.account:ann"}}));
  const auto refused = try_charge({{small, "signin.account:ann"}}, noon + 4s);
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().is(rate_limited));
  EXPECT_EQ(refused.error().retry_after, Duration{6s});
  EXPECT_EQ(refused.error().detail, "signin.account");
  EXPECT_TRUE(grants({{small, "signin.account:ben"}}));
  EXPECT_TRUE(grants({{small, "signin.account:ann"}}, noon + 10s));
}

TEST_P(ThrottleContract, admitted_attempt_is_told_the_longest_wait_that_it_begins) {
  const std::vector<Charge> charges{{small, "a"}, {large, "b"}};
  EXPECT_EQ(try_charge(charges).value(), Duration{0});
  EXPECT_EQ(try_charge(charges).value(), Duration{10s});
  EXPECT_EQ(try_charge(charges, noon + 10s).value(), Duration{20s});
}

TEST_P(ThrottleContract, one_spent_claim_leaves_the_others_untouched) {
  EXPECT_TRUE(grants({{small, "a"}}));
  EXPECT_TRUE(grants({{small, "a"}}));
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(grants({{large, "b"}, {small, "a"}, {large, "c"}}));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(grants({{large, "b"}, {large, "c"}}));
  EXPECT_FALSE(grants({{large, "b"}}));
  EXPECT_FALSE(grants({{large, "c"}}));
}

TEST_P(ThrottleContract, given_back_attempt_can_be_made_again) {
  for (int i = 0; i < 20; ++i) {
    const Time now = noon + 1s * i;
    EXPECT_TRUE(grants({{small, "a"}, {large, "b"}}, now)) << i;
    give({{small, "a"}, {large, "b"}}, now);
  }
}

TEST_P(ThrottleContract, giving_back_ends_its_own_wait_and_no_later_one) {
  EXPECT_TRUE(grants({{small, "a"}}, noon));
  EXPECT_TRUE(grants({{small, "a"}}, noon + 1s));
  EXPECT_FALSE(grants({{small, "a"}}, noon + 2s));
  give({{small, "a"}}, noon);  // the first was right; the second, a wrong one, began the wait
  EXPECT_FALSE(grants({{small, "a"}}, noon + 2s));
  EXPECT_TRUE(grants({{small, "a"}}, noon + 11s));
}

TEST_P(ThrottleContract, giving_back_what_was_never_taken_does_nothing) {
  give({{small, "a"}}, noon);
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(grants({{small, "a"}}));
  give({{small, "a"}}, noon);
  give({{small, "a"}}, noon);
  EXPECT_TRUE(grants({{small, "a"}}));
  EXPECT_TRUE(grants({{small, "a"}}));
  EXPECT_FALSE(grants({{small, "a"}}));
}

TEST_P(ThrottleContract, forgotten_key_starts_anew) {
  EXPECT_TRUE(grants({{small, "a"}, {small, "b"}}));
  EXPECT_TRUE(grants({{small, "a"}, {small, "b"}}));
  settle(database(), {.forget = std::vector<Charge>{{small, "a"}}}, noon);
  EXPECT_TRUE(grants({{small, "a"}}));
  EXPECT_FALSE(grants({{small, "b"}}));
}

TEST_P(ThrottleContract, keys_are_stored_hashed) {
  EXPECT_TRUE(grants({{small, "signin.account:ann@example.org"}}));
  database().read([](db::Tx& tx) { EXPECT_EQ(tx.one("SELECT key_hash FROM throttle")->bytes(0).size(), 32U); });
}

TEST_P(ThrottleContract, sweep_removes_a_row_only_when_its_budget_is_whole_again) {
  EXPECT_TRUE(grants({{small, "a"}}));
  EXPECT_TRUE(grants({{small, "a"}}));
  EXPECT_TRUE(grants({{small, "b"}}, noon + 1h));
  const auto sweep = sweep_job(database());
  ASSERT_TRUE(sweep.work(noon + 2min).ok());
  EXPECT_EQ(rows(), 2);
  ASSERT_TRUE(sweep.work(noon + 1h).ok());
  EXPECT_EQ(rows(), 1);
}

TEST_P(ThrottleContract, sweep_of_many_is_many_transactions) {
  database().write([](db::Tx& tx) {
    for (int i = 0; i < 2500; ++i) {
      const Charge one{large, "address:" + std::to_string(i)};
      ASSERT_TRUE(charge(tx, {&one, 1}, noon).ok());
    }
  });
  testing_support::CountedDatabase counted{database()};
  ASSERT_TRUE(sweep_job(counted).work(noon + 1h).ok());
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(counted.writes(), 3);
}

TEST_P(ThrottleContract, five_of_five_hundred_at_once_get_through) {
  constexpr int guessers = 50;
  constexpr int guesses = 10;
  std::atomic<int> through = 0;
  testing_support::race(guessers, [&](int i) {
    for (int n = 0; n < guesses; ++n) {
      const std::vector<Charge> charges{{large, "signin.account:ann"}, {large, "address:" + std::to_string(i)}};
      if (grants(charges)) ++through;
    }
  });
  EXPECT_EQ(through, 5);
  // Whoever was refused left no trace under the address either.
  const auto paid = database().read(
      [](db::Tx& tx) { return tx.one("SELECT CAST(sum(attempts) AS BIGINT) FROM throttle")->integer(0); });
  EXPECT_EQ(paid, 5 + 5);
}

TEST_P(ThrottleContract, processes_share_one_budget) {
  std::atomic<int> through = 0;
  testing_support::race(4, [&](int) {
    const auto own = reopen({.readers = 1, .pool = 2});
    for (int n = 0; n < 10; ++n) {
      const std::vector<Charge> charges{{large, "signin.account:ann"}};
      if (own->write([&](db::Tx& tx) { return charge(tx, charges, noon); }).ok()) ++through;
    }
  });
  EXPECT_EQ(through, 5);
}

TEST_P(ThrottleContract, attempts_given_back_at_once_are_all_given_back) {
  const Budget wide{.free = 100, .regain = 1h, .delay = 1s, .max_delay = 1h};
  testing_support::race(10, [&](int i) {
    const Time now = noon + 1us * i;
    const std::vector<Charge> charges{{wide, "whole"}};
    for (int n = 0; n < 4; ++n) {
      EXPECT_TRUE(grants(charges, now));
      give(charges, now);
    }
  });
  const auto left = database().read([](db::Tx& tx) { return tx.one("SELECT attempts FROM throttle")->integer(0); });
  EXPECT_EQ(left, 0);
}

}  // namespace
}  // namespace cardea::throttle
