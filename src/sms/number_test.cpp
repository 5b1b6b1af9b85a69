// Numbers as people type them, and what is none.

#include "sms/number.hpp"

#include <gtest/gtest.h>

#include <rapidcheck.h>

namespace cardea::sms {
namespace {

std::string read(std::string_view text) {
  const auto number = Number::parse(text);
  return number ? number->text() : "";
}

TEST(Number, is_read_as_people_write_it) {
  for (const char* text : {"+4915112345678", "+49 151 12345678", "+49 1511 234-5678", "+49 (151) 1234 5678",
                           "+49/151/12345678", "+49.151.12345678", "+49(151)12345678"}) {
    EXPECT_EQ(read(text), "+4915112345678") << text;
  }
  EXPECT_EQ(read("+1 (415) 555-0100"), "+14155550100");
  EXPECT_EQ(read("+6591234567"), "+6591234567");
  EXPECT_EQ(read("+2905123"), "") << "seven digits";
  EXPECT_EQ(read("+29051234"), "+29051234") << "eight";
  EXPECT_EQ(read("+491511234567890"), "+491511234567890") << "fifteen";
}

TEST(Number, is_nothing_else) {
  for (const char* text :
       {"", "+", "4915112345678", "004915112345678", "015112345678", "++4915112345678", "+49+15112345678",
        "+4915112345678 ext 9", "+49151123456x8", "+49151CALLME1", "+49 (0)151 12345678", "+49 151  12345678",
        "+ 4915112345678", "+-4915112345678", "+4915112345678-", "+4915112345678 ", " +4915112345678",
        "+(49)15112345678", "+49((151))12345678", "+49(151 12345678", "+49 151)12345678", "+49()15112345678",
        "+49--15112345678", "+4915112345678\n", "+4915112345678;isub=1", "tel:+4915112345678", "+4915112345678,1",
        "+4915112345678901", "+4915112", "+015112345678", "+999123456789", "+80012345678", "+97912345678",
        "+88212345678", "+2101234567",
        // other digits, and what only looks like a plus or a hyphen
        "+49151１２３４５６７８", "＋4915112345678", "+٤٩١٥١١٢٣٤٥٦٧٨", "+49–151–12345678",
        "+49\xC2\xA0"
        "15112345678",
        "+49151123456\xE2\x80\x8B"
        "78",
        "+4915112345678\xFF"}) {
    EXPECT_EQ(read(text), "") << text;
  }
  EXPECT_EQ(read("+49 1 5 1 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9"), "") << "too long to look at";
}

TEST(Number, knows_its_calling_code) {
  const auto code = [](const char* text) { return std::string{Number::parse(text)->calling_code()}; };
  EXPECT_EQ(code("+4915112345678"), "+49");
  EXPECT_EQ(code("+14155550100"), "+1");
  EXPECT_EQ(code("+18765550100"), "+1876") << "Jamaica is not the United States";
  EXPECT_EQ(code("+79161234567"), "+7");
  EXPECT_EQ(code("+77011234567"), "+77");
  EXPECT_EQ(code("+35312345678"), "+353");
  EXPECT_TRUE(is_calling_code("+49"));
  for (const char* text : {"49", "+4", "+999", "", "+", "DE", "+491"}) EXPECT_FALSE(is_calling_code(text)) << text;
}

TEST(Number, shows_two_digits_and_shares_its_block) {
  const auto number = Number::parse("+4915112345678");
  EXPECT_EQ(number->hint(), "•••• 78");
  EXPECT_EQ(number->block(), "+4915112345");
  EXPECT_EQ(number->digits(), "4915112345678");
}

TEST(Number, is_read_back_from_its_own_text) {
  rc::check([](const std::string& text) {
    const auto number = Number::parse(text);
    if (number) RC_ASSERT(read(number->text()) == number->text());
  });
  rc::check([] {
    const auto digits =
        *rc::gen::container<std::string>(*rc::gen::inRange<std::size_t>(6, 18), rc::gen::inRange('0', ':'));
    const auto number = Number::parse("+" + digits);
    if (!number) return;
    RC_ASSERT(number->text() == "+" + digits);
    RC_ASSERT(is_calling_code(number->calling_code()));
    RC_ASSERT(digits.size() >= 8 && digits.size() <= 15);
  });
}

}  // namespace
}  // namespace cardea::sms
