#include "recovery_code/code.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace cardea::recovery_code {
namespace {

/// The same bytes each time.
class FixedRandom : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937 engine_{7};
};

// ASVS 6.5.3, 6.5.4
TEST(RecoveryCode, set_has_ten_different_codes_of_sixty_bits) {
  FixedRandom random;
  const auto codes = make_codes(random);
  for (const auto& code : codes) EXPECT_EQ(code.size(), 14U) << "in three groups";
  EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), 10U);
  std::set<char> used;
  for (int set = 0; set < 10; ++set) {
    for (const auto& code : make_codes(random)) used.insert(code.begin(), code.end());
  }
  EXPECT_EQ(used.size(), 33U) << "32 characters, five bits each, and the hyphen";
}

TEST(RecoveryCode, that_comes_twice_is_made_again) {
  class : public Random {
   public:
    void fill(std::span<std::uint8_t> out) override {
      for (auto& byte : out) byte = static_cast<std::uint8_t>(call_ / 2);
      ++call_;
    }

   private:
    int call_ = 0;
  } pairs;
  const auto codes = make_codes(pairs);
  EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), 10U);
}

TEST(RecoveryCode, is_read_as_people_type_it) {
  for (const char* typed : {"0123-4567-89ab", "0123456789ab", "0123 4567 89AB", "oi23-4567-89ab", "OL23-4567-89AB",
                            " 0123-4567-89ab ", "0-1-2-3-4-5-6-7-8-9-a-b"}) {
    EXPECT_EQ(read_code(typed), "0123456789ab") << typed;
  }
  for (const char* typed : {"", "0123-4567-89a", "0123-4567-89abc", "0123-4567-89au", "０123-4567-89ab",
                            "0123-4567-89a\n", "0123_4567_89ab"}) {
    EXPECT_FALSE(read_code(typed)) << typed;
  }
}

TEST(RecoveryCode, set_is_the_same_after_it_was_text) {
  FixedRandom random;
  const auto codes = make_codes(random);
  EXPECT_EQ(parse_codes(to_text(codes)), codes);
  EXPECT_FALSE(parse_codes(""));
  EXPECT_FALSE(parse_codes(to_text(codes) + "x"));
  EXPECT_FALSE(parse_codes(to_text(codes).substr(15)));
}

TEST(RecoveryCode, hash_is_of_one_account_and_key) {
  const Secret key{std::string(32, 'k')};
  const AccountId ann;
  const AccountId bob{RawId{1}};
  EXPECT_EQ(hash_of(key, ann, "0123456789ab"), hash_of(key, ann, "0123456789ab"));
  EXPECT_NE(hash_of(key, ann, "0123456789ab"), hash_of(key, bob, "0123456789ab"));
  EXPECT_NE(hash_of(key, ann, "0123456789ab"), hash_of(Secret{std::string(32, 'j')}, ann, "0123456789ab"));
}

}  // namespace
}  // namespace cardea::recovery_code
