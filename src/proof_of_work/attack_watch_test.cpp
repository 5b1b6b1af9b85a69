#include "proof_of_work/attack_watch.hpp"

#include <gtest/gtest.h>

#include "proof_of_work/work.hpp"

namespace cardea::proof_of_work {
namespace {

using namespace std::chrono_literals;
using Change = AttackWatch::Change;

const Time noon = from_micros(1'800'000'000'000'000);

AttackWatch::Seen add(AttackWatch& watch, int count, Time now) {
  AttackWatch::Seen seen;
  for (int i = 0; i < count; ++i) seen = watch.add_attempt(now);
  return seen;
}

TEST(AttackWatch, begins_with_the_last_of_so_many_in_a_minute) {
  AttackWatch watch{60};
  EXPECT_FALSE(add(watch, 59, noon).is_under_attack);
  const auto seen = watch.add_attempt(noon + 54s);
  EXPECT_TRUE(seen.is_under_attack);
  EXPECT_EQ(seen.change, Change::began);
  EXPECT_EQ(seen.attempts, 60);
  EXPECT_EQ(watch.add_attempt(noon + 54s).change, Change::none) << "told once";
}

TEST(AttackWatch, as_many_over_a_longer_time_are_none) {
  AttackWatch watch{60};
  for (int minute = 0; minute < 120; ++minute) {
    EXPECT_FALSE(add(watch, 59, noon + minute * 60s).is_under_attack) << minute;
  }
}

TEST(AttackWatch, ends_after_five_calm_minutes_and_not_with_a_wave) {
  AttackWatch watch{60};
  add(watch, 60, noon);
  // Fewer than the beginning takes, and as many as half of it: it goes on.
  for (int minute = 1; minute < 30; ++minute) EXPECT_TRUE(add(watch, 30, noon + minute * 60s).is_under_attack);
  const Time last = noon + 29min;
  EXPECT_TRUE(watch.look(last + 4min).is_under_attack);
  EXPECT_TRUE(watch.look(last + 5min - 1us).is_under_attack);
  const auto seen = watch.look(last + 5min);
  EXPECT_FALSE(seen.is_under_attack);
  EXPECT_EQ(seen.change, Change::ended);
  EXPECT_EQ(watch.look(last + 5min).change, Change::none);
  EXPECT_FALSE(add(watch, 59, last + 6min).is_under_attack) << "half as many do not begin one";
}

TEST(AttackWatch, a_wave_within_the_five_minutes_makes_them_begin_again) {
  AttackWatch watch{60};
  add(watch, 60, noon);
  EXPECT_TRUE(add(watch, 29, noon + 3min).is_under_attack) << "calm";
  EXPECT_TRUE(add(watch, 30, noon + 4min).is_under_attack) << "not calm";
  EXPECT_TRUE(watch.look(noon + 8min).is_under_attack);
  EXPECT_FALSE(watch.look(noon + 9min).is_under_attack);
}

TEST(AttackWatch, ends_although_nobody_looked_meanwhile) {
  AttackWatch watch{60};
  add(watch, 1000, noon);
  EXPECT_FALSE(watch.look(noon + 24h).is_under_attack);
}

TEST(AttackWatch, survives_a_clock_that_jumps) {
  AttackWatch watch{60};
  EXPECT_TRUE(add(watch, 60, noon + 24h).is_under_attack);
  EXPECT_TRUE(watch.look(noon).is_under_attack) << "from now on it is calm";
  EXPECT_FALSE(watch.look(noon + 5min).is_under_attack);
  EXPECT_EQ(watch.look(noon + 5min).attempts, 0);
  EXPECT_EQ(add(watch, 3, noon + 5min).attempts, 3);
}

TEST(AttackWatch, difficulty_grows_with_what_is_solved_alone) {
  const auto with = [](std::int64_t attempts, std::int64_t solved) {
    return difficulty(18, 60, {.is_under_attack = true, .attempts = attempts, .solved = solved});
  };
  EXPECT_EQ(with(0, 0), 18);
  EXPECT_EQ(with(1'000'000, 0), 18) << "those who do nothing make it harder for nobody";
  EXPECT_EQ(with(60, 59), 18);
  EXPECT_EQ(with(60, 60), 19);
  EXPECT_EQ(with(120, 119), 19);
  EXPECT_EQ(with(120, 120), 20);
  EXPECT_EQ(with(240, 240), 21);
  EXPECT_EQ(with(480, 480), 22);
  EXPECT_EQ(with(1'000'000'000, 1'000'000'000), most_bits) << "bounded";
}

TEST(AttackWatch, counts_what_was_solved_in_the_last_minute) {
  AttackWatch watch{60};
  for (int i = 0; i < 7; ++i) watch.add_solved(noon);
  EXPECT_EQ(watch.look(noon + 54s).solved, 7);
  EXPECT_EQ(watch.look(noon + 61s).solved, 0);
}

}  // namespace
}  // namespace cardea::proof_of_work
