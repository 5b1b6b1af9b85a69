// How long a failed item waits, and what is stored of why it failed.
#include "jobs/queue_store.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/random.hpp"

namespace cardea::jobs {
namespace {

using namespace std::chrono_literals;

TEST(BackOff, doubles_up_to_an_hour_with_a_random_half) {
  testing_support::SeededRandom random{7};
  Duration full = 10s;
  for (int attempt = 1; attempt <= 60; ++attempt) {
    std::set<Duration> waits;
    for (int i = 0; i < 50; ++i) {
      const Duration wait = back_off(attempt, random);
      EXPECT_LE(wait, full);
      EXPECT_GE(wait, full / 2);
      waits.insert(wait);
    }
    EXPECT_GT(waits.size(), 40U) << "items that failed together do not come back together";
    full = std::min<Duration>(full * 2, 1h);
  }
}

TEST(BackOff, of_all_attempts_together_takes_about_a_day) {
  testing_support::SeededRandom random{7};
  Duration sum{0};
  for (int attempt = 1; attempt < Worker{}.max_attempts; ++attempt) sum += back_off(attempt, random);
  EXPECT_GT(sum, 12h);
  EXPECT_LT(sum, 24h);
}

TEST(Plain, holds_printable_ascii_and_ends) {
  EXPECT_EQ(plain("fine: 42 ~"), "fine: 42 ~");
  EXPECT_EQ(plain(std::string_view{"a\0b\n\xff\x1b", 6}), "a?b???");
  EXPECT_EQ(plain(std::string(10'000, 'x')).size(), 500U);
  EXPECT_EQ(plain(""), "");
}

}  // namespace
}  // namespace cardea::jobs
