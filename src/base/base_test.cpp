#include <gtest/gtest.h>

#include <set>

#include "base/enum_text.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "tests/support/random.hpp"

namespace cardea {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return Error{validation_failed, "odd"};
  return n / 2;
}
Result<int> quarter(int n) {
  const int once = TRY(half(n));
  return TRY(half(once));
}

TEST(Result, try_unwraps_a_value_and_returns_an_error) {
  EXPECT_EQ(*quarter(8), 2);
  const auto failed = quarter(6);
  ASSERT_FALSE(failed.ok());
  EXPECT_TRUE(failed.error().is(validation_failed));
  EXPECT_EQ(failed.error().detail, "odd");
}

TEST(Id, text_and_back_is_the_same_id) {
  testing_support::SeededRandom random;
  const auto id = AccountId::make(from_micros(1'764'000'000'000'000), random);
  const std::string text = id.text();
  EXPECT_EQ(text.size(), 30U);
  EXPECT_TRUE(text.starts_with("usr_01"));
  EXPECT_EQ(AccountId::parse(text), id);
}

TEST(Id, every_byte_is_carried) {
  RawId raw{};
  for (std::size_t bit = 0; bit < 128; ++bit) {
    raw = {};
    raw[bit / 8] = static_cast<std::uint8_t>(1U << (bit % 8));
    const auto digits = digits_of(raw);
    const std::string text{digits.begin(), digits.end()};
    EXPECT_EQ(raw_id_from_text("", text), raw) << bit;
  }
}

TEST(Id, only_one_text_is_accepted_for_an_id) {
  testing_support::SeededRandom random;
  const std::string text = AccountId::make(from_micros(1), random).text();
  EXPECT_FALSE(AccountId::parse(text::lower(text)));
  EXPECT_FALSE(AccountId::parse(text + "0"));
  EXPECT_FALSE(AccountId::parse(text.substr(0, 29)));
  EXPECT_FALSE(SessionId::parse(text));
  EXPECT_FALSE(AccountId::parse("usr_80000000000000000000000000")) << "more than 128 bits";
  EXPECT_FALSE(AccountId::parse("usr_0000000000000000000000000I")) << "not in the alphabet";
}

TEST(Id, a_later_id_sorts_later) {
  testing_support::SeededRandom random;
  const auto early = SessionId::make(from_micros(1'000'000), random);
  const auto late = SessionId::make(from_micros(2'000'000), random);
  EXPECT_LT(early, late);
  EXPECT_LT(early.text(), late.text());
}

TEST(Secret, a_move_empties_the_source) {
  Secret first{"correct horse"};
  const Secret second{std::move(first)};
  EXPECT_EQ(second.reveal(), "correct horse");
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is the point
}

TEST(Secret, wiping_text_clears_the_whole_buffer) {
  std::string text = "a password that is longer than the small buffer";
  const char* data = text.data();
  const std::size_t size = text.size();
  wipe(text);
  EXPECT_TRUE(text.empty());
  for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(data[i], 0);
}

TEST(Time, rfc3339_has_milliseconds_and_z) {
  EXPECT_EQ(rfc3339(from_micros(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(from_micros(1'764'000'123'456'789)), "2025-11-24T16:02:03.456Z");
  EXPECT_EQ(rfc3339(from_micros(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(from_micros(-62'135'596'800'000'000)), "0001-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(from_micros(253'402'300'800'000'000)), "10000-01-01T00:00:00.000Z");
}

TEST(Time, only_days_that_exist_are_dates) {
  EXPECT_EQ(to_text(*parse_date("2024-02-29")), "2024-02-29");
  for (const char* wrong : {"2023-02-29", "2024-13-01", "2024-00-10", "2024-1-01", "24-01-01", "2024/01/01", "",
                            "2024-01-011", " 2024-01-01", "2024-01-0a"}) {
    EXPECT_FALSE(parse_date(wrong)) << wrong;
  }
}

enum class Answer { yes, no, maybe };
constexpr auto enum_texts(Answer) {
  return std::to_array<EnumText<Answer>>({{Answer::yes, "yes"}, {Answer::no, "no"}});
}

TEST(EnumText, value_and_text_lead_to_each_other) {
  static_assert(enum_text(Answer::no) == "no");
  static_assert(parse_enum<Answer>("yes") == Answer::yes);
  for (const auto* other : {"", "Yes", "no ", "maybe"}) EXPECT_FALSE(parse_enum<Answer>(other)) << other;
}

TEST(EnumText, value_that_the_table_forgot_is_a_mistake) {
  EXPECT_THROW(static_cast<void>(enum_text(Answer::maybe)), std::logic_error);
}

TEST(Text, helpers) {
  EXPECT_EQ(text::trim(" \ta b\t "), "a b");
  EXPECT_EQ(text::trim("  "), "");
  EXPECT_EQ(text::split("a,,b", ',').size(), 3U);
  EXPECT_TRUE(text::equals_ignoring_case("Content-Type", "content-TYPE"));
  EXPECT_EQ(text::parse_integer("-12"), -12);
  for (const char* wrong : {"", "1 ", "+1", "1.0", "9223372036854775808", "0x1"}) {
    EXPECT_FALSE(text::parse_integer(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace cardea
