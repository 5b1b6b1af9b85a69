#include "totp/one_time_password.hpp"

#include <gtest/gtest.h>

namespace cardea::totp {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view rfc_key = "12345678901234567890";
const Secret& rfc_secret() {
  static const Secret secret{rfc_key};
  return secret;
}
Time at(std::int64_t seconds) { return Time{std::chrono::seconds{seconds}}; }
std::string code_at(Time now) { return code_of(as_bytes(rfc_key), step_of(now)); }
constexpr std::int64_t never = 0;

// RFC 4226, appendix D.
TEST(OneTimePassword, by_counter_meets_the_vectors_of_rfc_4226) {
  constexpr std::string_view codes[] = {"755224", "287082", "359152", "969429", "338314",
                                        "254676", "287922", "162583", "399871", "520489"};
  for (std::int64_t counter = 0; counter < 10; ++counter)
    EXPECT_EQ(code_of(as_bytes(rfc_key), counter), codes[counter]);
}

// RFC 6238, appendix B, SHA-1: of its eight digits the last six are ours.
TEST(OneTimePassword, by_time_meets_the_vectors_of_rfc_6238) {
  EXPECT_EQ(code_at(at(59)), "287082");
  EXPECT_EQ(code_at(at(1'111'111'109)), "081804");
  EXPECT_EQ(code_at(at(1'111'111'111)), "050471");
  EXPECT_EQ(code_at(at(1'234'567'890)), "005924");
  EXPECT_EQ(code_at(at(2'000'000'000)), "279037");
  EXPECT_EQ(code_at(at(20'000'000'000)), "353130");
}

TEST(OneTimePassword, step_changes_every_thirty_seconds) {
  EXPECT_EQ(step_of(at(29) + 999'999us), 0);
  EXPECT_EQ(step_of(at(30)), 1);
  EXPECT_EQ(step_of(at(59) + 999'999us), 1);
}

// B2: the window is exactly the documented one, seen at every second around the step.
// ASVS 6.5.5, 6.5.8
TEST(OneTimePassword, b2_code_is_good_in_its_step_and_the_next_and_never_else) {
  const Time begin = at(1'795'435'200);  // on a step
  const auto code = code_at(begin);
  for (int second = -120; second < 120; ++second) {
    const auto verdict = judge(rfc_secret(), code, never, begin + std::chrono::seconds{second});
    EXPECT_EQ(verdict.step.has_value(), second >= 0 && second < 60) << second;
  }
  EXPECT_FALSE(judge(rfc_secret(), code, never, begin - 1us).step);
  EXPECT_TRUE(judge(rfc_secret(), code, never, begin).step);
  EXPECT_TRUE(judge(rfc_secret(), code, never, begin + 60s - 1us).step);
  EXPECT_FALSE(judge(rfc_secret(), code, never, begin + 60s).step);
}

TEST(OneTimePassword, step_that_was_used_is_used_for_good) {
  const Time now = at(1'795'435'200);
  const auto step = step_of(now);
  EXPECT_EQ(judge(rfc_secret(), code_at(now), step - 1, now).step, step);
  EXPECT_FALSE(judge(rfc_secret(), code_at(now), step, now).step);
  EXPECT_TRUE(judge(rfc_secret(), code_at(now), step, now).is_late) << "its owner is told so";
  EXPECT_FALSE(judge(rfc_secret(), code_at(now - 30s), step, now).step) << "an older one after a newer one";
  EXPECT_TRUE(judge(rfc_secret(), code_at(now - 30s), step - 2, now).step);
}

TEST(OneTimePassword, code_of_some_minutes_ago_is_late_and_one_of_the_future_is_wrong) {
  const Time now = at(1'795'435'200);
  EXPECT_TRUE(judge(rfc_secret(), code_at(now - 60s), never, now).is_late);
  EXPECT_TRUE(judge(rfc_secret(), code_at(now - 300s), never, now).is_late);
  EXPECT_FALSE(judge(rfc_secret(), code_at(now - 330s), never, now).is_late);
  EXPECT_FALSE(judge(rfc_secret(), code_at(now + 30s), never, now).is_late);
  EXPECT_FALSE(judge(rfc_secret(), code_at(now), never, now).is_late);
}

TEST(OneTimePassword, step_written_by_a_clock_far_ahead_does_not_shut_its_owner_out) {
  const Time now = at(1'795'435'200);
  const auto step = step_of(now);
  EXPECT_FALSE(judge(rfc_secret(), code_at(now), step + farthest_step, now).step);
  EXPECT_TRUE(judge(rfc_secret(), code_at(now), step + farthest_step + 1, now).step);
}

TEST(OneTimePassword, spaces_do_not_count_and_nothing_else_is_passed_over) {
  EXPECT_EQ(read_code("123456"), "123456");
  EXPECT_EQ(read_code(" 123 456 "), "123456");
  EXPECT_EQ(read_code("000000"), "000000");
  for (const char* wrong : {"", "12345", "1234567", "0123456", "12345a", "123-456", "+12345", "-12345", "123456\n",
                            "\t123456", "１２３４５６", "١٢٣٤٥٦", "123456\xC2\xA0", "1.23456", "0x1234", "1e5000"}) {
    EXPECT_FALSE(read_code(wrong)) << wrong;
  }
  EXPECT_FALSE(read_code("123456" + std::string(1, '\0')));
  EXPECT_FALSE(read_code(std::string(1000, ' ') + "123456"));
}

}  // namespace
}  // namespace cardea::totp
