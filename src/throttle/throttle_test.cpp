#include "throttle/throttle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cardea::throttle {
namespace {

using namespace std::chrono_literals;

const Budget budget{.free = 3, .regain = 1min, .delay = 1s, .max_delay = 10s};
const Time start = from_micros(1'800'000'000'000'000);

State after(std::initializer_list<Duration> attempts) {
  State state;
  for (const Duration at : attempts) {
    const auto decision = decide(budget, state, start + at);
    EXPECT_TRUE(decision.granted);
    state = decision.next;
  }
  return state;
}

TEST(Throttle, free_attempts_do_not_wait) {
  const State state = after({0s, 0s});
  EXPECT_TRUE(decide(budget, state, start).granted);
}

TEST(Throttle, each_attempt_past_the_free_ones_doubles_the_wait_up_to_the_longest) {
  State state = after({0s, 0s, 0s});
  Time now = start;
  for (const Duration wait : {1s, 2s, 4s, 8s, 10s, 10s}) {
    EXPECT_EQ(state.blocked_until - now, wait);
    EXPECT_FALSE(decide(budget, state, state.blocked_until - Duration{1}).granted);
    now = state.blocked_until;
    const auto decision = decide(budget, state, now);
    ASSERT_TRUE(decision.granted);
    state = decision.next;
  }
}

TEST(Throttle, an_attempt_may_take_several_and_gives_them_back) {
  const auto first = decide(budget, {}, start, 2);
  ASSERT_TRUE(first.granted);
  EXPECT_EQ(first.next.attempts, 2);
  EXPECT_EQ(first.next.blocked_until, Time{}) << "one is left";
  const auto second = decide(budget, first.next, start, 3);
  ASSERT_TRUE(second.granted) << "what is left may be less than is taken";
  EXPECT_EQ(second.next.blocked_until - start, 4s) << "5 of 3: two doublings";
  EXPECT_EQ(without(second.next, start, 3).attempts, 2);
  EXPECT_EQ(without(first.next, start, 3).attempts, 0);
}

TEST(Throttle, a_refused_attempt_changes_nothing) {
  const State state = after({0s, 0s, 0s});
  const auto refused = decide(budget, state, start + 500ms);
  EXPECT_FALSE(refused.granted);
  EXPECT_EQ(refused.next.attempts, state.attempts);
  EXPECT_EQ(refused.next.blocked_until, state.blocked_until);
}

TEST(Throttle, attempts_come_back_with_time) {
  const State state = after({0s, 0s, 0s});
  const auto later = decide(budget, state, start + 3min);
  EXPECT_TRUE(later.granted);
  EXPECT_EQ(later.next.attempts, 1);
}

TEST(Throttle, attempts_come_back_at_the_same_pace_while_others_are_made) {
  State state = after({0s, 0s});
  // Ten minutes of one attempt every 50 seconds, each of them right and given back: the two wrong ones come back too.
  for (int i = 1; i <= 12; ++i) {
    const auto decision = decide(budget, state, start + 50s * i);
    ASSERT_TRUE(decision.granted) << i;
    state = decision.next;
    state.attempts -= 1;
    state.blocked_until = std::min(state.blocked_until, state.last_at);
  }
  EXPECT_EQ(state.attempts, 0);
}

TEST(Throttle, part_of_a_pause_is_not_lost) {
  State state = after({0s, 0s});
  const auto early = decide(budget, state, start + 50s);
  EXPECT_EQ(early.next.attempts, 3);
  EXPECT_EQ(decide(budget, early.next, start + 61s).next.attempts, 3) << "the first came back at 60 s";
}

TEST(Throttle, a_wait_further_ahead_than_the_longest_becomes_the_longest_from_now) {
  const State state = after({400h, 400h, 400h});
  const auto refused = decide(budget, state, start);
  EXPECT_FALSE(refused.granted);
  EXPECT_EQ(refused.next.blocked_until, start + 10s);
  EXPECT_FALSE(decide(budget, refused.next, start + 10s - Duration{1}).granted);
  EXPECT_TRUE(decide(budget, refused.next, start + 10s).granted);
  EXPECT_EQ(without(refused.next, start + 400h).blocked_until, start + 10s) << "no attempt is known to have begun it";
}

TEST(Throttle, attempts_counted_in_the_future_come_back_from_now_on) {
  const State state = after({400h, 400h});
  EXPECT_EQ(decide(budget, state, start).next.attempts, 3);
  EXPECT_EQ(decide(budget, decide(budget, state, start).next, start + 2min).next.attempts, 2);
}

TEST(Throttle, an_attempt_that_did_not_count_takes_its_own_wait_along) {
  const State state = after({0s, 1s, 2s});
  EXPECT_EQ(without(state, start + 2s).attempts, 2);
  EXPECT_TRUE(decide(budget, without(state, start + 2s), start + 2s).granted);
  EXPECT_EQ(without(state, start + 1s).attempts, 2);
  EXPECT_FALSE(decide(budget, without(state, start + 1s), start + 2s).granted);
  EXPECT_EQ(without(State{}, start), State{});
}

TEST(Throttle, the_longest_settings_do_not_overflow) {
  const Budget longest{.free = 1, .regain = 87600h, .delay = 87600h, .max_delay = 87600h};
  State state;
  Time now = start;
  for (int i = 0; i < 100; ++i) {
    state = decide(longest, state, now).next;
    EXPECT_EQ(state.blocked_until - now, 87600h);
    now = start;
    state.blocked_until = now;
  }
  EXPECT_EQ(forget_at(longest, state), start + 87600h);
}

TEST(Throttle, wider_networks_have_charges_of_their_own_and_a_little_more) {
  const Budget narrow{.free = 10, .regain = 60s};
  const auto v4 = network_charges(narrow, "a.b", ClientNetwork{"192.0.2.7"});
  ASSERT_EQ(v4.size(), 1U);
  EXPECT_EQ(v4[0].key, "a.b:192.0.2.7");
  const auto v6 = network_charges(narrow, "a.b", ClientNetwork{"2001:db8:1:203::1"});
  ASSERT_EQ(v6.size(), 3U);
  EXPECT_EQ(v6[0].key, "a.b:20010db80001/48+0203");
  EXPECT_EQ(v6[1].key, "a.b:20010db80001/48+02");
  EXPECT_EQ(v6[2].key, "a.b:20010db80001/48");
  EXPECT_EQ(v6[0].budget.free, 10);
  EXPECT_EQ(v6[2].budget.free, 30);
  EXPECT_EQ(v6[2].budget.regain, 20s);
}

TEST(Refusals, are_trusted_for_a_second_and_no_longer_than_the_wait) {
  Refusals refusals{3};
  refusals.remember("a", 10s, start);
  refusals.remember("b", 300ms, start);
  EXPECT_EQ(refusals.wait("a", start + 400ms), Duration{9600ms});
  EXPECT_FALSE(refusals.wait("a", start + 1001ms)) << "another process may have ended the wait";
  EXPECT_FALSE(refusals.wait("a", start - 1ms)) << "the clock went back";
  EXPECT_FALSE(refusals.wait("b", start + 300ms));
  EXPECT_FALSE(refusals.wait("c", start));
  for (const char* key : {"c", "d", "e", "f"}) refusals.remember(key, 10s, start);
  EXPECT_TRUE(refusals.wait("f", start)) << "whatever there was to forget";
}

RC_GTEST_PROP(Throttle, never_grants_more_than_the_budget_in_any_minute, (const std::vector<std::uint16_t>& gaps)) {
  State state;
  Time now = start;
  std::vector<Time> granted;
  for (const auto gap : gaps) {
    now += std::chrono::milliseconds{gap % 3000};
    const auto decision = decide(budget, state, now);
    if (decision.granted) {
      state = decision.next;
      granted.push_back(now);
    }
  }
  // In a minute: the free ones, the one that comes back, and one after each wait of 1, 2, 4, 8, 10, 10, … seconds.
  for (std::size_t i = 0; i < granted.size(); ++i) {
    const auto end = std::upper_bound(granted.begin(), granted.end(), granted[i] + 1min);
    RC_ASSERT(end - granted.begin() - static_cast<std::ptrdiff_t>(i) <= 13);
  }
}

}  // namespace
}  // namespace cardea::throttle
