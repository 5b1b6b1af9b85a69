#include "proof_of_work/work.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace cardea::proof_of_work {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);
const Terms terms{.seed = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, .expires_at = noon, .bits = 12};

Challenges with_key(char c, std::string_view purpose = "signup") { return {Secret{std::string(32, c)}, purpose}; }

std::string solution(std::string_view challenge, std::int64_t bits) {
  std::int64_t number = 0;
  while (!solves(challenge, std::to_string(number), bits)) ++number;
  return std::to_string(number);
}

TEST(Work, a_challenge_gives_back_what_it_was_made_of) {
  const auto text = with_key('k').make(terms);
  EXPECT_EQ(text.size(), 76U);
  const auto read = with_key('k').read(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->seed, terms.seed);
  EXPECT_EQ(read->expires_at, terms.expires_at);
  EXPECT_EQ(read->bits, terms.bits);
}

TEST(Work, a_challenge_is_good_for_one_purpose_and_by_one_key) {
  const auto text = with_key('k').make(terms);
  EXPECT_FALSE(with_key('l').read(text));
  EXPECT_FALSE(with_key('k', "signin").read(text));
  EXPECT_FALSE(with_key('k', "signu").read(text));
  EXPECT_FALSE(with_key('k', "").read(text));
  EXPECT_THROW((Challenges{Secret{"short"}, "signup"}), std::invalid_argument);
}

// Seed, end and difficulty are all under the signature.
TEST(Work, a_challenge_changed_anywhere_is_none) {
  const auto challenges = with_key('k');
  const auto text = challenges.make(terms);
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(challenges.read(changed)) << i;
    EXPECT_FALSE(challenges.read(text.substr(0, i)));
  }
  for (const auto* more : {"A", "=", " ", "\n"}) EXPECT_FALSE(challenges.read(text + more));
}

TEST(Work, a_challenge_is_solved_until_it_ends_and_none_lasts_longer_than_the_longest) {
  EXPECT_TRUE(is_live(terms, 30min, noon - 1us));
  EXPECT_FALSE(is_live(terms, 30min, noon));
  EXPECT_TRUE(is_live(terms, 30min, noon - 31min));
  EXPECT_FALSE(is_live(terms, 30min, noon - 31min - 1us)) << "made by a clock that was wrong";
}

TEST(Work, what_solves_a_challenge_has_all_its_bits) {
  const auto text = with_key('k').make(terms);
  const auto number = solution(text, 12);
  EXPECT_TRUE(solves(text, number, 12));
  EXPECT_TRUE(solves(text, number, 8)) << "more than is asked for";
  EXPECT_FALSE(solves(text, number, 256));
  std::int64_t few = 0;
  while (!solves(text, std::to_string(few), 11) || solves(text, std::to_string(few), 12)) ++few;
  EXPECT_FALSE(solves(text, std::to_string(few), 12)) << "one bit is missing";
  EXPECT_FALSE(solves(with_key('l').make(terms), number, 12)) << "the solution of another";
}

// From another implementation: Python's hashlib. The digest begins with 00 0b.
TEST(Work, digests_are_those_of_others) {
  EXPECT_TRUE(solves("cardea", "317", 12));
  EXPECT_FALSE(solves("cardea", "317", 13));
}

TEST(Work, a_number_is_up_to_sixteen_digits_and_nothing_else) {
  for (const auto* number : {"", "-1", "+1", " 1", "1 ", "0x1", "1.0", "1:1", "12345678901234567", "\xD9\xA1"}) {
    EXPECT_FALSE(solves("a", number, 0)) << number;
  }
  for (const auto* number : {"0", "007", "1234567890123456"}) EXPECT_TRUE(solves("a", number, 0)) << number;
}

TEST(Work, a_proof_is_a_challenge_and_a_number_behind_the_first_colon) {
  EXPECT_EQ(read_proof("abc:12").challenge, "abc");
  EXPECT_EQ(read_proof("abc:12").number, "12");
  EXPECT_EQ(read_proof("abc:1:2").number, "1:2");
  EXPECT_EQ(read_proof("abc:").number, "");
  EXPECT_EQ(read_proof("abc").challenge, "abc");
  EXPECT_FALSE(read_proof("abc").number);
  EXPECT_EQ(read_proof("").challenge, "");
}

}  // namespace
}  // namespace cardea::proof_of_work
