// What many share may be spent by strangers: whoever waits their turn passes it, and nothing else.
#include "tests/support/engines.hpp"
#include "throttle/throttle.hpp"

namespace cardea::throttle {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);
const Budget small{.free = 2, .regain = 10min, .delay = 10min, .max_delay = 1h};
const Turn turn{.key = "test.turn:ann here", .wait = 20s};

class ThrottleTurnContract : public testing_support::OnEngine {
 protected:
  Result<Charged> try_at(Time now, const Turn& own_turn = turn, std::string own = "own:ann here") {
    charges = {{.budget = small, .key = std::move(own)}, {.budget = small, .key = "shared:ann", .is_shared = true}};
    return charge_in_turn(database(), refusals, charges, own_turn, now);
  }
  /// What is left to wait; zero when the attempt was made.
  Duration wait_at(Time now) {
    const auto charged = try_at(now);
    return charged ? Duration{0} : charged.error().retry_after.value();
  }
  void strangers_spend_what_is_shared(Time now = noon) {
    const Charge shared{.budget = small, .key = "shared:ann"};
    while (charge(database(), std::span{&shared, 1}, now)) {
    }
  }

  Refusals refusals;
  std::vector<Charge> charges;
};
INSTANTIATE_TEST_SUITE_P(engines, ThrottleTurnContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(ThrottleTurnContract, while_nothing_is_spent_all_charges_are_taken) {
  EXPECT_TRUE(try_at(noon));
  EXPECT_EQ(charges.size(), 2U);
}

TEST_P(ThrottleTurnContract, what_strangers_spent_delays_once_and_is_then_passed) {
  strangers_spend_what_is_shared();
  EXPECT_EQ(wait_at(noon), 20s);
  EXPECT_EQ(wait_at(noon + 5s), 15s) << "asking again does not begin a new wait";
  EXPECT_EQ(wait_at(noon + 20s - 1us), 1us);
  EXPECT_TRUE(try_at(noon + 20s));
  ASSERT_EQ(charges.size(), 1U) << "the shared one was not taken";
  EXPECT_EQ(charges[0].key, "own:ann here");
}

TEST_P(ThrottleTurnContract, a_turn_is_for_one_attempt) {
  strangers_spend_what_is_shared();
  (void)try_at(noon);
  EXPECT_TRUE(try_at(noon + 20s));
  EXPECT_EQ(wait_at(noon + 20s + 1us), 20s);
}

TEST_P(ThrottleTurnContract, a_turn_that_nobody_takes_is_lost) {
  strangers_spend_what_is_shared();
  (void)try_at(noon);
  EXPECT_EQ(wait_at(noon + 20s + 2min), 20s);
}

TEST_P(ThrottleTurnContract, everybody_has_a_turn_of_their_own) {
  strangers_spend_what_is_shared();
  (void)try_at(noon);
  const auto other = try_at(noon + 20s, {.key = "test.turn:ann there", .wait = 20s}, "own:ann there");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().retry_after, Duration{20s});
}

TEST_P(ThrottleTurnContract, what_is_not_shared_is_not_passed) {
  strangers_spend_what_is_shared();
  const Charge own{.budget = small, .key = "own:ann here"};
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(charge(database(), std::span{&own, 1}, noon));
  EXPECT_EQ(wait_at(noon), 10min);
  EXPECT_EQ(wait_at(noon + 1min), 9min) << "and no turn has begun";
  const auto refused = try_at(noon + 1min);
  EXPECT_EQ(refused.error().detail, "own");
}

TEST_P(ThrottleTurnContract, a_wait_that_a_wrong_clock_began_is_as_long_as_a_wait_is) {
  strangers_spend_what_is_shared(noon + 400h);
  EXPECT_EQ(wait_at(noon + 400h), 20s);
  EXPECT_EQ(wait_at(noon), 20s);
  EXPECT_TRUE(try_at(noon + 20s));
}

TEST_P(ThrottleTurnContract, a_flood_of_refusals_is_answered_from_memory) {
  strangers_spend_what_is_shared();
  (void)try_at(noon);
  database().run("DELETE FROM throttle");
  for (int i = 1; i <= 100; ++i) {
    const auto refused = charge_in_turn(database(), refusals, charges, turn, noon + i * 10ms);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().retry_after, Duration{20s - i * 10ms});
  }
  EXPECT_TRUE(try_at(noon + 1s + 1us)) << "for a second";
}

}  // namespace
}  // namespace cardea::throttle
