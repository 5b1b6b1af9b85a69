#include "crypto/verify_key.hpp"

#include <gtest/gtest.h>

#include "encoding/base64.hpp"

namespace cardea::crypto {
namespace {

Bytes part(const wire::Object& jwk, std::string_view name) {
  return encoding::parse_base64url(*wire::Value{jwk}.find(name)->get<std::string>()).value();
}

TEST(VerifyKey, ed25519_of_rfc_8037_verifies) {
  const auto key = VerifyKey::eddsa(encoding::parse_base64url("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").value());
  ASSERT_TRUE(key);
  const auto signature = encoding::parse_base64url(
                             "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
                             .value();
  const std::string_view input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  EXPECT_TRUE(key->verify(as_bytes(input), signature));
  EXPECT_FALSE(key->verify(as_bytes(input.substr(1)), signature));
  EXPECT_FALSE(key->verify(as_bytes(input), {}));
}

TEST(VerifyKey, point_must_lie_on_the_curve) {
  const auto jwk = SigningKey::generate(Algorithm::es256).public_jwk();
  const Bytes x = part(jwk, "x");
  Bytes y = part(jwk, "y");
  ASSERT_TRUE(VerifyKey::es256(x, y));
  EXPECT_EQ(VerifyKey::es256(x, y)->algorithm(), Algorithm::es256);
  y.back() ^= 1U;
  EXPECT_FALSE(VerifyKey::es256(x, y));
  EXPECT_FALSE(VerifyKey::es256(BytesView{x}.first(31), part(jwk, "y")));
  EXPECT_FALSE(VerifyKey::es256(Bytes(32), Bytes(32)));
  EXPECT_FALSE(VerifyKey::es256({}, {}));
}

TEST(VerifyKey, rsa_has_a_size_within_bounds) {
  const auto key = SigningKey::generate(Algorithm::rs256);
  const auto jwk = key.public_jwk();
  const Bytes n = part(jwk, "n");
  const Bytes e = part(jwk, "e");
  const auto verifier = VerifyKey::rs256(n, e);
  ASSERT_TRUE(verifier);
  EXPECT_TRUE(verifier->verify(as_bytes("x"), key.sign(as_bytes("x"))));

  Bytes small(255, 0xff), big(513, 0xff), even = n, padded = n;
  even.back() &= 0xfeU;
  padded.insert(padded.begin(), 0);
  for (const Bytes& modulus : {small, big, even, padded, Bytes{}}) EXPECT_FALSE(VerifyKey::rs256(modulus, e));
  EXPECT_TRUE(VerifyKey::rs256(Bytes(256, 0xff), e));
  EXPECT_TRUE(VerifyKey::rs256(Bytes(512, 0xff), e));
  for (const Bytes& exponent : {Bytes{1}, Bytes{2}, Bytes{0, 3}, Bytes{1, 0, 0, 0, 1}, Bytes{}}) {
    EXPECT_FALSE(VerifyKey::rs256(n, exponent));
  }
  EXPECT_TRUE(VerifyKey::rs256(n, Bytes{3}));
}

TEST(VerifyKey, ecdsa_signature_is_taken_as_der_alone) {
  const auto key = SigningKey::generate(Algorithm::es256);
  const auto jwk = key.public_jwk();
  const auto verifier = VerifyKey::es256(part(jwk, "x"), part(jwk, "y"));
  ASSERT_TRUE(verifier);
  EXPECT_FALSE(verifier->verify(as_bytes("x"), key.sign(as_bytes("x")))) << "raw is no DER";
}

}  // namespace
}  // namespace cardea::crypto
