#include "crypto/seal.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <stdexcept>

#include "tests/support/random.hpp"

namespace cardea::crypto {
namespace {

Secret key_of(char letter) { return Secret{std::string(32, letter)}; }

TEST(Seal, opens_only_with_its_key_and_in_its_place) {
  testing_support::SeededRandom random;
  const Bytes sealed = seal(key_of('k'), as_bytes("totp seed"), "totp.seed:7", random);
  EXPECT_EQ(open(key_of('k'), sealed, "totp.seed:7").value().reveal(), "totp seed");
  EXPECT_FALSE(open(key_of('j'), sealed, "totp.seed:7"));
  EXPECT_FALSE(open(key_of('k'), sealed, "totp.seed:8"));
  EXPECT_FALSE(open(key_of('k'), sealed, ""));
}

TEST(Seal, any_changed_byte_is_refused) {
  testing_support::SeededRandom random;
  const Bytes sealed = seal(key_of('k'), as_bytes("plain"), "here", random);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    for (const int bit : {0x01, 0x80}) {
      Bytes bent = sealed;
      bent[i] = static_cast<std::uint8_t>(bent[i] ^ bit);
      EXPECT_FALSE(open(key_of('k'), bent, "here")) << "byte " << i;
    }
  }
}

TEST(Seal, any_other_length_is_refused) {
  testing_support::SeededRandom random;
  Bytes sealed = seal(key_of('k'), as_bytes("plain"), "here", random);
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(open(key_of('k'), BytesView{sealed}.first(size), "here")) << size;
  }
  sealed.push_back(0);
  EXPECT_FALSE(open(key_of('k'), sealed, "here"));
}

TEST(Seal, equal_plain_texts_look_different) {
  testing_support::SeededRandom random;
  EXPECT_NE(seal(key_of('k'), as_bytes("same"), "here", random), seal(key_of('k'), as_bytes("same"), "here", random));
}

TEST(Seal, whatever_was_sealed_comes_back) {
  EXPECT_TRUE(rc::check([](const Bytes& plain, const std::string& where) {
    testing_support::SeededRandom random;
    const auto opened = open(key_of('k'), seal(key_of('k'), plain, where, random), where);
    RC_ASSERT(opened.has_value());
    RC_ASSERT(to_bytes(opened->reveal_bytes()) == plain);
  }));
}

TEST(Seal, a_key_of_another_size_is_a_bug) {
  testing_support::SeededRandom random;
  EXPECT_THROW(std::ignore = seal(Secret{"short"}, {}, "here", random), std::invalid_argument);
  EXPECT_THROW(std::ignore = open(Secret{std::string(33, 'k')}, {}, "here"), std::invalid_argument);
}

}  // namespace
}  // namespace cardea::crypto
