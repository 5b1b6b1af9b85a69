#include "crypto/ed25519.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "encoding/base64.hpp"

namespace cardea::crypto {
namespace {

Bytes from_hex(std::string_view text) { return encoding::parse_hex(text).value(); }

struct Vector {
  const char* seed;
  const char* key;
  const char* message;
  const char* signature;
};

// RFC 8032 §7.1, TEST 1 to 3.
constexpr Vector vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe246"
     "55141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb"
     "00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc"
     "027beceea1ec40a"}};

TEST(Ed25519, agrees_with_rfc_8032) {
  for (const auto& [seed_text, key_text, message_text, signature_text] : vectors) {
    const Secret seed{BytesView{from_hex(seed_text)}};
    const auto key = ed25519_public_key(seed);
    EXPECT_EQ(encoding::hex(key), key_text);
    const Bytes message = from_hex(message_text);
    const auto signature = ed25519_sign(seed, message);
    EXPECT_EQ(encoding::hex(signature), signature_text);
    EXPECT_TRUE(ed25519_verify(key, message, signature));
  }
}

TEST(Ed25519, refuses_what_was_changed) {
  const Secret seed{BytesView{from_hex(vectors[2].seed)}};
  const auto key = ed25519_public_key(seed);
  const Bytes message = from_hex(vectors[2].message);
  const auto signature = ed25519_sign(seed, message);
  EXPECT_FALSE(ed25519_verify(key, from_hex("af83"), signature));
  EXPECT_FALSE(ed25519_verify(key, from_hex("af"), signature));
  EXPECT_FALSE(ed25519_verify(key, message, BytesView{signature}.first(63)));
  EXPECT_FALSE(ed25519_verify(key, message, {}));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    auto other = signature;
    other.at(i) ^= 1U;
    EXPECT_FALSE(ed25519_verify(key, message, other)) << i;
  }
  EXPECT_FALSE(ed25519_verify(ed25519_public_key(Secret{BytesView{from_hex(vectors[0].seed)}}), message, signature));
  EXPECT_FALSE(ed25519_verify({}, message, signature)) << "a key of small order";
}

TEST(Ed25519, takes_no_key_of_another_size) {
  const Secret seed{BytesView{Bytes(31, 1)}};
  EXPECT_THROW((void)ed25519_public_key(seed), std::invalid_argument);
  EXPECT_THROW((void)ed25519_sign(seed, {}), std::invalid_argument);
}

}  // namespace
}  // namespace cardea::crypto
