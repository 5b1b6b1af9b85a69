#include "device_session/proof.hpp"

#include <gtest/gtest.h>

#include "device_session/device_key.hpp"
#include "tests/support/soft_device.hpp"

namespace cardea::device_session {
namespace {

using crypto::Algorithm;
using testing_support::SoftDevice;

// RFC 7515 Appendix A.3: the key of an ES256 example, and A.2 that of an RS256 one.
constexpr std::string_view es256_jwk = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                                       R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
constexpr std::string_view es256_signed =
    "eyJhbGciOiJFUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view es256_signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

std::optional<DeviceKey> key_of(std::string_view jwk) {
  const auto parsed = wire::parse(jwk);
  return parsed ? read_key(*parsed) : std::nullopt;
}

/// Whether a proof is read, and signed by the key that it shows itself.
bool is_good(std::string_view field) {
  const auto proof = read_proof(field);
  const auto key = proof && proof->jwk ? read_key(*proof->jwk) : std::nullopt;
  return key && is_by(*proof, key->key);
}

class DeviceProof : public ::testing::TestWithParam<Algorithm> {
 protected:
  SoftDevice device{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(algorithms, DeviceProof, ::testing::Values(Algorithm::es256, Algorithm::rs256),
                         [](const auto& info) { return std::string{to_text(info.param)}; });

TEST_P(DeviceProof, of_a_registration_is_read_and_verified) {
  const auto sent = device.proof("a-challenge", SoftDevice::Shows::key);
  const auto proof = read_proof(sent);
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->algorithm, GetParam());
  EXPECT_EQ(proof->challenge, "a-challenge");
  EXPECT_TRUE(is_good(sent));
}

TEST_P(DeviceProof, of_a_refresh_shows_no_key_and_is_verified_by_the_stored_one) {
  const auto sent = device.proof("a-challenge");
  const auto proof = read_proof(sent);
  ASSERT_TRUE(proof);
  EXPECT_FALSE(proof->jwk);
  const auto key = read_key(wire::Value{device.jwk()});
  ASSERT_TRUE(key);
  const auto stored = read_stored_key(key->text);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->text, key->text);
  EXPECT_TRUE(is_by(*proof, stored->key));
}

TEST_P(DeviceProof, of_another_key_is_refused) {
  const SoftDevice other{GetParam()};
  const auto sent = other.proof("a-challenge");
  const auto key = read_key(wire::Value{device.jwk()});
  EXPECT_FALSE(is_by(*read_proof(sent), key->key));
}

TEST_P(DeviceProof, may_be_a_string_of_a_structured_field) {
  const auto sent = device.proof("a-challenge", SoftDevice::Shows::key);
  EXPECT_TRUE(is_good("\"" + sent + "\""));
  EXPECT_TRUE(is_good("\"" + sent + "\";x=1"));
  for (const auto& odd : {"\"" + sent, sent + "\"", "\"" + sent + "\"x", "\"" + sent + "\" , \"a\"", " " + sent,
                          sent + ";x=1", sent + "," + sent, "\\\"" + sent + "\\\""}) {
    EXPECT_FALSE(read_proof(odd)) << odd;
  }
}

TEST_P(DeviceProof, changed_anywhere_is_never_accepted) {
  const auto sent = device.proof("a-challenge", SoftDevice::Shows::key);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    for (const char c : {'A', '.', '-', '"', '='}) {
      if (sent[i] == c) continue;
      auto changed = sent;
      changed[i] = c;
      EXPECT_FALSE(is_good(changed)) << i << c;
    }
    EXPECT_FALSE(is_good(sent.substr(0, i)));
    EXPECT_FALSE(is_good(std::string{sent}.erase(i, 1)));
  }
  EXPECT_FALSE(is_good(sent + "A"));
  EXPECT_FALSE(is_good(sent + "." + sent));
}

TEST(DeviceProofHeader, says_nothing_but_what_is_expected) {
  const SoftDevice device;
  const auto with = [&](wire::Object header) { return read_proof(device.sign(header, {{"jti", "x"}})).has_value(); };
  EXPECT_TRUE(with({{"alg", "ES256"}, {"typ", "dbsc+jwt"}}));  // or the refusals below would prove nothing
  for (const auto* alg : {"none", "None", "HS256", "ES384", "EdDSA", "PS256", "es256", ""}) {
    EXPECT_FALSE(with({{"alg", alg}, {"typ", "dbsc+jwt"}})) << alg;
  }
  for (const auto* typ : {"JWT", "jwt", "at+jwt", "DBSC+JWT", "dbsc+jwt ", ""}) {
    EXPECT_FALSE(with({{"alg", "ES256"}, {"typ", typ}})) << typ;
  }
  EXPECT_FALSE(with({{"alg", "ES256"}}));
  EXPECT_FALSE(with({{"typ", "dbsc+jwt"}}));
  for (const auto* more : {"crit", "kid", "jku", "x5c", "x5u", "zip", "b64"}) {
    EXPECT_FALSE(with({{"alg", "ES256"}, {"typ", "dbsc+jwt"}, {more, "x"}})) << more;
  }
}

TEST(DeviceProofPayload, has_a_challenge_that_is_a_short_text) {
  const SoftDevice device;
  const auto with = [&](wire::Object claims) {
    return read_proof(device.sign({{"alg", "ES256"}, {"typ", "dbsc+jwt"}}, std::move(claims))).has_value();
  };
  EXPECT_TRUE(with({{"jti", "x"}, {"aud", "https://auth.test/x"}, {"iat", 7}}));
  EXPECT_FALSE(with({}));
  EXPECT_FALSE(with({{"jti", ""}}));
  EXPECT_FALSE(with({{"jti", 7}}));
  EXPECT_FALSE(with({{"jti", std::string(201, 'x')}}));
  EXPECT_FALSE(with({{"jti", "x"}, {"much", std::string(longest_proof, 'x')}}));
}

TEST(DeviceProofAlgorithm, is_that_of_the_key_and_never_of_the_header) {
  const SoftDevice elliptic;
  const SoftDevice rsa{Algorithm::rs256};
  const auto key = read_key(wire::Value{rsa.jwk()});
  const auto proof = read_proof(elliptic.proof("x"));
  EXPECT_FALSE(is_by(*proof, key->key));
  const auto lying = read_proof(rsa.sign({{"alg", "ES256"}, {"typ", "dbsc+jwt"}}, {{"jti", "x"}}));
  ASSERT_TRUE(lying);
  EXPECT_FALSE(is_by(*lying, key->key));
}

TEST(DeviceKeyVectors, example_of_the_rfc_is_verified) {
  const auto key = key_of(es256_jwk);
  ASSERT_TRUE(key);
  Proof proof{.algorithm = Algorithm::es256,
              .jwk = {},
              .challenge = "",
              .signed_text = es256_signed,
              .signature = encoding::parse_base64url(es256_signature).value()};
  EXPECT_TRUE(is_by(proof, key->key));
  proof.signature[63] ^= 1U;
  EXPECT_FALSE(is_by(proof, key->key));
  proof.signature.assign(64, 0);
  EXPECT_FALSE(is_by(proof, key->key));
  proof.signature.clear();
  EXPECT_FALSE(is_by(proof, key->key));
}

TEST(DeviceKeyText, is_a_public_key_of_a_known_kind) {
  const SoftDevice rsa{Algorithm::rs256};
  EXPECT_TRUE(read_key(wire::Value{rsa.jwk()}));
  const std::string x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
  const std::string y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
  const auto elliptic = [](std::string_view crv, std::string_view a, std::string_view b, std::string_view more = "") {
    return key_of(R"({"kty":"EC","crv":")" + std::string{crv} + R"(","x":")" + std::string{a} + R"(","y":")" +
                  std::string{b} + "\"" + std::string{more} + "}");
  };
  EXPECT_TRUE(elliptic("P-256", x, y));
  EXPECT_TRUE(elliptic("P-256", x, y, R"(,"alg":"ES256","use":"sig")"));
  EXPECT_EQ(elliptic("P-256", x, y, R"(,"kid":"a")")->text, elliptic("P-256", x, y)->text);
  EXPECT_FALSE(elliptic("P-384", x, y));
  EXPECT_FALSE(elliptic("P-256", y, x));  // no point of the curve
  EXPECT_FALSE(elliptic("P-256", x, x));
  EXPECT_FALSE(elliptic("P-256", x.substr(1), y));
  EXPECT_FALSE(elliptic("P-256", x + "=", y));
  EXPECT_FALSE(elliptic("P-256", x, y, R"(,"d":"AQ")"));
  for (const auto* odd : {R"({"kty":"oct","k":"AAAA"})", R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})", "{}", "[]",
                          "\"x\"", R"({"kty":"RSA","n":"AQAB","e":"AQAB"})", R"({"kty":"RSA","n":7,"e":"AQAB"})"}) {
    EXPECT_FALSE(key_of(odd)) << odd;
  }
}

}  // namespace
}  // namespace cardea::device_session
