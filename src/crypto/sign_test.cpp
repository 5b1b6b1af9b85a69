#include "crypto/sign.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "encoding/base64.hpp"

namespace cardea::crypto {
namespace {

constexpr Algorithm all[] = {Algorithm::es256, Algorithm::eddsa, Algorithm::rs256};

Bytes from_base64url(std::string_view text) { return encoding::parse_base64url(text).value(); }

Secret pkcs8(std::initializer_list<std::pair<std::string_view, Bytes>> parts) {
  Bytes der;
  for (const auto& [head, body] : parts) {
    const Bytes bytes = encoding::parse_hex(head).value();
    der.insert(der.end(), bytes.begin(), bytes.end());
    der.insert(der.end(), body.begin(), body.end());
  }
  return Secret{BytesView{der}};
}

/// The key of RFC 7515 A.3, wrapped as PKCS#8.
Secret es256_example() {
  return pkcs8({{"308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420",
                 from_base64url("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI")},
                {"a14403420004", from_base64url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")},
                {"", from_base64url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")}});
}

/// The key of RFC 8037 A.1, wrapped as PKCS#8.
Secret eddsa_example() {
  return pkcs8({{"302e020100300506032b657004220420", from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")}});
}

const SigningKey& key_of(Algorithm algorithm) {
  static const SigningKey es256 = SigningKey::generate(Algorithm::es256);
  static const SigningKey eddsa = SigningKey::generate(Algorithm::eddsa);
  static const SigningKey rs256 = SigningKey::generate(Algorithm::rs256);
  switch (algorithm) {
    case Algorithm::es256: return es256;
    case Algorithm::eddsa: return eddsa;
    case Algorithm::rs256: return rs256;
  }
  throw std::logic_error{"no such algorithm"};
}

TEST(Sign, rfc_7515_a3_es256_signature_verifies) {
  const auto key = SigningKey::from_der(Algorithm::es256, es256_example());
  ASSERT_TRUE(key);
  const std::string_view input =
      "eyJhbGciOiJFUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const Bytes signature =
      from_base64url("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  EXPECT_TRUE(key->verify(as_bytes(input), signature));
  EXPECT_FALSE(key->verify(as_bytes(input.substr(1)), signature));
  EXPECT_EQ(wire::to_json(key->public_jwk()),
            R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
            R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig"})");
}

TEST(Sign, rfc_8037_a4_ed25519_signature_is_reproduced) {
  const auto key = SigningKey::from_der(Algorithm::eddsa, eddsa_example());
  ASSERT_TRUE(key);
  const BytesView input = as_bytes("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
  EXPECT_EQ(encoding::base64url(key->sign(input)),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  EXPECT_EQ(
      wire::to_json(key->public_jwk()),
      R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"EdDSA","use":"sig"})");
  EXPECT_EQ(jwk_thumbprint(key->public_jwk()), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");  // A.3
}

TEST(Sign, rfc_7638_example_has_its_thumbprint) {
  const wire::Object jwk{
      {"kty", "RSA"},
      {"n",
       "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXj"
       "BZCiFV4n3oknjhMs"
       "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0z"
       "gdAZHzu6qMQvRL5hajrn"
       "1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"},
      {"e", "AQAB"},
      {"alg", "RS256"},
      {"kid", "2011-04-29"},
  };
  EXPECT_EQ(jwk_thumbprint(jwk), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST(Sign, a_thumbprint_needs_every_required_member) {
  EXPECT_THROW(std::ignore = jwk_thumbprint({}), std::invalid_argument);
  EXPECT_THROW(std::ignore = jwk_thumbprint({{"kty", "RSA"}, {"n", "AQAB"}}), std::invalid_argument);
  EXPECT_THROW(std::ignore = jwk_thumbprint({{"kty", "oct"}, {"k", "AQAB"}}), std::invalid_argument);
}

TEST(Sign, algorithms_have_their_registered_names) {
  EXPECT_EQ(to_text(Algorithm::es256), "ES256");
  EXPECT_EQ(to_text(Algorithm::eddsa), "EdDSA");
  EXPECT_EQ(to_text(Algorithm::rs256), "RS256");
  for (const auto algorithm : all) EXPECT_EQ(parse_algorithm(to_text(algorithm)), algorithm);
  for (const auto* text : {"", "none", "HS256", "es256", "ES256 "}) EXPECT_FALSE(parse_algorithm(text)) << text;
}

TEST(Sign, signature_has_the_jws_size_and_verifies_for_its_data_and_key_alone) {
  for (const auto algorithm : all) {
    const auto& key = key_of(algorithm);
    const Bytes signature = key.sign(as_bytes("data"));
    EXPECT_EQ(signature.size(), algorithm == Algorithm::rs256 ? 384U : 64U);
    EXPECT_TRUE(key.verify(as_bytes("data"), signature));
    EXPECT_FALSE(key.verify(as_bytes("date"), signature));
    EXPECT_FALSE(key.verify({}, signature));
    EXPECT_FALSE(SigningKey::generate(algorithm).verify(as_bytes("data"), signature));
    EXPECT_TRUE(key.verify({}, key.sign({})));
  }
}

TEST(Sign, any_changed_byte_of_a_signature_is_refused) {
  for (const auto algorithm : all) {
    const auto& key = key_of(algorithm);
    const Bytes signature = key.sign(as_bytes("data"));
    for (std::size_t i = 0; i < signature.size(); ++i) {
      for (const int bit : {0x01, 0x80}) {
        Bytes bent = signature;
        bent[i] = static_cast<std::uint8_t>(bent[i] ^ bit);
        EXPECT_FALSE(key.verify(as_bytes("data"), bent)) << to_text(algorithm) << " byte " << i;
      }
    }
  }
}

TEST(Sign, any_other_length_of_a_signature_is_refused) {
  for (const auto algorithm : all) {
    const auto& key = key_of(algorithm);
    Bytes signature = key.sign(as_bytes("data"));
    for (std::size_t size = 0; size < signature.size(); ++size) {
      EXPECT_FALSE(key.verify(as_bytes("data"), BytesView{signature}.first(size))) << to_text(algorithm) << " " << size;
    }
    signature.push_back(0);
    EXPECT_FALSE(key.verify(as_bytes("data"), signature)) << to_text(algorithm);
    signature.insert(signature.begin(), 0);
    EXPECT_FALSE(key.verify(as_bytes("data"), signature)) << to_text(algorithm);
  }
}

TEST(Sign, es256_values_outside_the_group_and_der_are_refused) {
  const auto& key = key_of(Algorithm::es256);
  const Bytes order = encoding::parse_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").value();
  const Bytes zero(32, 0);
  const Bytes most(32, 0xff);
  Bytes one(32, 0);
  one.back() = 1;
  const Bytes good = key.sign(as_bytes("data"));
  const Bytes r(good.begin(), good.begin() + 32);
  const Bytes s(good.begin() + 32, good.end());
  const auto verifies = [&](const Bytes& first, const Bytes& second) {
    Bytes raw = first;
    raw.insert(raw.end(), second.begin(), second.end());
    return key.verify(as_bytes("data"), raw);
  };
  ASSERT_TRUE(verifies(r, s));
  for (const Bytes& wrong : {zero, order, most, one}) {
    EXPECT_FALSE(verifies(wrong, s));
    EXPECT_FALSE(verifies(r, wrong));
    EXPECT_FALSE(verifies(wrong, wrong));
  }
  EXPECT_FALSE(verifies(s, r));
  Bytes der = encoding::parse_hex("3045022100").value();  // the right numbers, in the encoding TLS would use
  der.insert(der.end(), r.begin(), r.end());
  EXPECT_FALSE(key.verify(as_bytes("data"), der));
}

TEST(Sign, a_stored_key_comes_back_as_itself) {
  for (const auto algorithm : all) {
    const auto& key = key_of(algorithm);
    const auto again = SigningKey::from_der(algorithm, key.private_der());
    ASSERT_TRUE(again) << to_text(algorithm);
    EXPECT_EQ(again->algorithm(), algorithm);
    EXPECT_TRUE(again->verify(as_bytes("data"), key.sign(as_bytes("data"))));
    EXPECT_EQ(wire::to_json(again->public_jwk()), wire::to_json(key.public_jwk()));
    EXPECT_EQ(again->private_der().reveal(), key.private_der().reveal());
  }
}

TEST(Sign, a_key_is_never_read_as_another_algorithm) {
  for (const auto made : all) {
    for (const auto asked : all) {
      EXPECT_EQ(SigningKey::from_der(asked, key_of(made).private_der()).has_value(), made == asked);
    }
  }
}

TEST(Sign, damaged_key_bytes_are_refused) {
  const Secret der = key_of(Algorithm::es256).private_der();
  EXPECT_FALSE(SigningKey::from_der(Algorithm::es256, Secret{}));
  EXPECT_FALSE(SigningKey::from_der(Algorithm::es256, Secret{"not a key"}));
  EXPECT_FALSE(SigningKey::from_der(Algorithm::es256, Secret{std::string{der.reveal()} + "x"}));
  for (std::size_t size = 0; size < der.size(); size += 7) {
    EXPECT_FALSE(SigningKey::from_der(Algorithm::es256, Secret{der.reveal().substr(0, size)})) << size;
  }
}

TEST(Sign, halves_of_two_keys_are_not_a_key) {
  const Secret mixed =
      pkcs8({{"308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420", Bytes(32, 7)},
             {"a14403420004", from_base64url("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")},
             {"", from_base64url("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")}});
  EXPECT_FALSE(SigningKey::from_der(Algorithm::es256, mixed));
}

// Run under the tsan preset this also shows that the library's own caching is locked.
TEST(Sign, one_key_serves_many_threads) {
  for (const auto algorithm : all) {
    const auto stored = SigningKey::from_der(algorithm, key_of(algorithm).private_der());
    ASSERT_TRUE(stored);
    const Bytes known = stored->sign(as_bytes("known"));
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 8; ++i) {
          const std::string data = "data " + std::to_string(t) + " " + std::to_string(i);
          const bool both = stored->verify(as_bytes(data), stored->sign(as_bytes(data))) &&
                            stored->verify(as_bytes("known"), known) && stored->public_jwk().size() >= 5;
          good += both ? 1 : 0;
        }
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(good.load(), 32) << to_text(algorithm);
  }
}

}  // namespace
}  // namespace cardea::crypto
