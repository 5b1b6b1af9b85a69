#include "crypto/opaque_token.hpp"

#include <gtest/gtest.h>

#include <set>

#include "crypto/system_random.hpp"

namespace cardea::crypto {
namespace {

TEST(OpaqueToken, is_found_by_its_text_alone) {
  SystemRandom random;
  const auto token = make_opaque_token(random);
  EXPECT_EQ(opaque_token_hash(token.text.reveal()), token.hash);
  std::string other{token.text.reveal()};
  other[0] = other[0] == 'A' ? 'B' : 'A';
  EXPECT_NE(opaque_token_hash(other), token.hash);
}

// ASVS 7.2.3
TEST(OpaqueToken, no_two_are_the_same) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(std::string{make_opaque_token(random).text.reveal()});
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(OpaqueToken, text_that_is_none_has_no_hash) {
  for (const std::string& text :
       {std::string{}, std::string(42, 'A'), std::string(44, 'A'), std::string(43, '='), std::string(42, 'A') + "=",
        std::string(42, 'A') + "B", std::string(43, ' '), std::string(42, 'A') + "+"}) {
    EXPECT_FALSE(opaque_token_hash(text)) << text;
  }
  EXPECT_TRUE(opaque_token_hash(std::string(43, 'A')));
}

}  // namespace
}  // namespace cardea::crypto
