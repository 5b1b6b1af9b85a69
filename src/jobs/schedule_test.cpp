// When a job is due, whatever the clocks say.
#include "jobs/schedule.hpp"

#include <gtest/gtest.h>

#include "jobs/clock_watch.hpp"

namespace cardea::jobs {
namespace {

using namespace std::chrono_literals;

constexpr Time now = Time{500'000h};
constexpr Duration every = 10min;

TEST(Due, is_at_the_stored_instant_and_not_before) {
  EXPECT_FALSE(is_due({.next_run_at = now + 1us}, every, now, {}));
  EXPECT_TRUE(is_due({.next_run_at = now}, every, now, {}));
  EXPECT_TRUE(is_due({.next_run_at = now - 24h * 400}, every, now, {}));
}

TEST(Due, is_never_further_ahead_than_a_period_and_the_tolerance) {
  EXPECT_FALSE(is_due({.next_run_at = now + every + clock_tolerance}, every, now, {}));
  EXPECT_TRUE(is_due({.next_run_at = now + every + clock_tolerance + 1us}, every, now, {}));
  EXPECT_TRUE(is_due({.next_run_at = now + 20h}, every, now, {}));
  EXPECT_TRUE(is_due({.next_run_at = now + 24h * 400}, every, now, {}));
}

TEST(Due, is_nothing_that_another_process_holds) {
  for (const Time next : {now - 1h, now, now + 20h, Time{}}) {
    EXPECT_FALSE(is_due({.next_run_at = next, .is_held_elsewhere = true}, every, now, {}));
  }
}

TEST(Due, does_not_wait_for_a_monotonic_clock_that_began_again) {
  EXPECT_TRUE(is_due({.next_run_at = now}, every, now, -20h));
  EXPECT_FALSE(is_due({.next_run_at = now + 1s}, every, now, -20h));
}

TEST(Gap, is_what_a_right_clock_and_a_server_that_runs_do_not_make) {
  const auto began = [](Duration ago) { return Turn{.next_run_at = now - ago + every}; };
  for (const Duration usual : {Duration{0s}, Duration{every}, Duration{every + 31s}, 2 * every, -Duration{30s}}) {
    EXPECT_FALSE(is_after_gap(began(usual), every, now)) << usual.count();
  }
  for (const Duration odd :
       {-Duration{2min}, -Duration{400 * 24h}, 2 * every + 2min, Duration{20h}, Duration{400 * 24h}}) {
    EXPECT_TRUE(is_after_gap(began(odd), every, now)) << odd.count();
  }
  EXPECT_TRUE(is_after_gap({.next_run_at = Time{}}, every, now));
}

TEST(ClockWatch, tells_of_a_clock_that_was_set_once_each_time) {
  ClockWatch watch;
  const auto look = [&](Duration set, Duration passed) { return watch.look(now + set + passed, passed); };
  EXPECT_EQ(look(0s, 0s), std::nullopt) << "there is nothing to compare with";
  EXPECT_EQ(look(0s, 5s), std::nullopt);
  EXPECT_EQ(look(20h, 10s), Duration{20h});
  EXPECT_EQ(look(20h, 15s), std::nullopt);
  EXPECT_EQ(look(0s, 20s), Duration{-20h});
  EXPECT_EQ(look(0s, 25s), std::nullopt);
  EXPECT_EQ(look(59s, 30s), std::nullopt) << "a small correction";
  EXPECT_EQ(look(59s - 400 * 24h, 35s), Duration{-400 * 24h});
}

TEST(Due, is_nothing_that_was_just_seen_to_begin_unless_it_was_interrupted) {
  EXPECT_FALSE(is_due({.next_run_at = now}, every, now, shortest_pause - 1us));
  EXPECT_FALSE(is_due({.next_run_at = now + 20h}, every, now, shortest_pause - 1us));
  EXPECT_TRUE(is_due({.next_run_at = now + 20h}, every, now, shortest_pause));
  EXPECT_TRUE(is_due({.next_run_at = now}, 10s, now, 10s)) << "the period, when that is shorter";
  EXPECT_TRUE(is_due({.next_run_at = Time{}}, every, now, 0s));
}

}  // namespace
}  // namespace cardea::jobs
