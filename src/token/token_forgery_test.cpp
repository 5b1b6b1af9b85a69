#include "crypto/hash.hpp"
#include "token/token_fixture.hpp"

namespace cardea::token {
namespace {

class ForgedToken : public TokenTest {};

TEST_F(ForgedToken, algorithm_none_is_refused_in_every_case) {
  for (const auto* none : {"none", "None", "NONE", "nOnE", "noNe", "nONE", ""}) {
    const auto text = encoded(wire::to_json(with(header(), "alg", none))) + '.' + encoded(wire::to_json(payload()));
    EXPECT_FALSE(accepts(text + '.')) << none;
    EXPECT_FALSE(accepts(text)) << none;
    EXPECT_EQ(refusal(text + ".AA"), "alg") << none;
  }
}

TEST_F(ForgedToken, public_key_is_no_hmac_secret) {
  const auto text = encoded(wire::to_json(with(header(), "alg", "HS256"))) + '.' + encoded(wire::to_json(payload()));
  const auto own_header = encoded(wire::to_json(header())) + '.' + encoded(wire::to_json(payload()));
  for (const std::string& secret : {wire::to_json(keys.signer().key->public_jwk()), keys.jwks(), std::string{}}) {
    EXPECT_EQ(refusal(text + '.' + encoding::base64url(crypto::hmac_sha256(as_bytes(secret), as_bytes(text)))), "alg");
    EXPECT_EQ(
        refusal(own_header + '.' + encoding::base64url(crypto::hmac_sha256(as_bytes(secret), as_bytes(own_header)))),
        "signature");
  }
}

TEST_F(ForgedToken, foreign_key_under_our_kid_is_refused) {
  const auto foreign = crypto::SigningKey::generate(crypto::Algorithm::es256);
  EXPECT_EQ(refusal(signed_by(foreign, wire::to_json(header()), wire::to_json(payload()))), "signature");
}

TEST_F(ForgedToken, unknown_kid_is_refused) {
  const auto foreign = crypto::SigningKey::generate(crypto::Algorithm::es256);
  for (const std::string& kid : {crypto::jwk_thumbprint(foreign.public_jwk()), std::string{},
                                 std::string{"../../dev/null"}, std::string{"' OR 1=1 --"}, keys.signer().kid + "="}) {
    EXPECT_EQ(refusal(signed_by(foreign, wire::to_json(with(header(), "kid", kid)), wire::to_json(payload()))), "kid");
  }
}

TEST_F(ForgedToken, every_header_member_is_required_and_a_text) {
  for (const auto* name : {"alg", "kid", "typ"}) {
    EXPECT_EQ(refusal(signed_by_us(without(header(), name), payload())), "header") << name;
    for (const wire::Value& value : {wire::Value{1}, wire::Value{nullptr}, wire::Value{true}}) {
      EXPECT_EQ(refusal(signed_by_us(with(header(), name, value), payload())), "header") << name;
    }
  }
}

TEST_F(ForgedToken, header_cannot_say_how_it_wants_to_be_verified) {
  const auto foreign = crypto::SigningKey::generate(crypto::Algorithm::es256);
  const auto jwk = wire::to_json(foreign.public_jwk());
  for (const std::string& member :
       {R"("jwk":)" + jwk, std::string{R"("jku":"https://evil.test/keys")"},
        std::string{R"("x5u":"https://evil.test")"}, std::string{R"("x5c":["AAAA"])"}, std::string{R"("crit":["exp"])"},
        std::string{R"("crit":[])"}, std::string{R"("b64":false)"}, std::string{R"("zip":"DEF")"},
        std::string{R"("cty":"JWT")"}, std::string{R"("x":1)"}}) {
    const auto plain = wire::to_json(header());
    const auto extended = plain.substr(0, plain.size() - 1) + ',' + member + '}';
    EXPECT_EQ(refusal(signed_by(foreign, extended, wire::to_json(payload()))), "header") << member;
    EXPECT_EQ(refusal(signed_by_us(extended, wire::to_json(payload()))), "header") << member;
  }
}

TEST_F(ForgedToken, repeated_name_is_refused_in_header_and_payload) {
  const auto head = wire::to_json(header()), body = wire::to_json(payload());
  const auto repeated = [](const std::string& json, const std::string& member) {
    return json.substr(0, json.size() - 1) + ',' + member + '}';
  };
  EXPECT_EQ(refusal(signed_by_us(repeated(head, R"("alg":"ES256")"), body)), "header");
  EXPECT_EQ(refusal(signed_by_us(head, repeated(body, R"("sub":"usr_00000000000000000000000000")"))), "payload");
}

TEST_F(ForgedToken, json_that_is_no_object_is_refused) {
  for (const auto* json : {"null", "[]", "\"text\"", "1", "{", "{}x", "\xff"}) {
    EXPECT_EQ(refusal(signed_by_us(json, wire::to_json(payload()))), "header") << json;
    EXPECT_EQ(refusal(signed_by_us(wire::to_json(header()), json)), "payload") << json;
  }
  EXPECT_EQ(refusal(signed_by_us("", wire::to_json(payload()))), "not a compact JWS");
  EXPECT_EQ(refusal(signed_by_us(wire::to_json(header()), "")), "not a compact JWS");
}

TEST_F(ForgedToken, truncated_token_is_refused_at_every_length) {
  const auto jwt = access();
  for (std::size_t size = 0; size < jwt.size(); ++size) EXPECT_FALSE(accepts(jwt.substr(0, size)));
}

TEST_F(ForgedToken, anything_added_is_refused) {
  const auto jwt = access();
  for (const auto* more : {"A", "AA", "AAAA", "=", "==", ".", ".A", " ", "\n", "\t"}) {
    EXPECT_FALSE(accepts(jwt + more)) << more;
    EXPECT_FALSE(accepts(more + jwt)) << more;
  }
  EXPECT_FALSE(accepts(jwt + std::string(1, '\0')));
  for (std::size_t at = jwt.find('.'); at != std::string::npos; at = jwt.find('.', at + 1)) {
    for (const auto* more : {"=", " ", "\r\n", "."}) {
      auto changed = jwt;
      EXPECT_FALSE(accepts(changed.insert(at, more)));
    }
  }
}

TEST_F(ForgedToken, signature_has_one_spelling) {
  const auto jwt = access();
  // 64 bytes leave 4 unused bits in the last character; any of the 15 other characters would decode alike if lax.
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const auto last = alphabet.find(jwt.back());
  ASSERT_EQ(last % 16, 0U);
  for (std::size_t other = last + 1; other < last + 16; ++other) {
    auto changed = jwt;
    changed.back() = alphabet[other];
    EXPECT_FALSE(accepts(changed));
  }
  auto standard_alphabet = jwt;
  for (auto& c : standard_alphabet) c = c == '-' ? '+' : c == '_' ? '/' : c;
  if (standard_alphabet != jwt) EXPECT_FALSE(accepts(standard_alphabet));
}

TEST_F(ForgedToken, es256_signature_must_be_64_bytes) {
  const auto jwt = access();
  const auto text = jwt.substr(0, jwt.rfind('.'));
  const auto raw = encoding::parse_base64url(jwt.substr(jwt.rfind('.') + 1)).value();
  ASSERT_EQ(raw.size(), 64U);
  auto longer = raw;
  longer.insert(longer.begin(), 0);
  auto shorter = raw;
  shorter.pop_back();
  Bytes der{0x30, 0x44, 0x02, 0x20};
  der.insert(der.end(), raw.begin(), raw.begin() + 32);
  der.insert(der.end(), {0x02, 0x20});
  der.insert(der.end(), raw.begin() + 32, raw.end());
  for (const auto& signature : {longer, shorter, der, Bytes(64, 0), Bytes(64, 0xFF), Bytes(1, 0)}) {
    EXPECT_EQ(refusal(text + '.' + encoding::base64url(signature)), "signature");
  }
}

TEST_F(ForgedToken, nested_token_is_refused) {
  EXPECT_EQ(refusal(signed_by_us(with(header(), "cty", "JWT"), payload())), "header");
  EXPECT_EQ(refusal(signed_by_us(wire::to_json(header()), access())), "payload");
}

TEST_F(ForgedToken, token_over_8_kib_is_refused_unread) {
  const auto big = signed_by_us(header(), with(payload(), "jti", std::string(9 * 1024, 'x')));
  EXPECT_EQ(refusal(big), "not a compact JWS");
  EXPECT_EQ(refusal(std::string(1 << 20, '.')), "not a compact JWS");
  EXPECT_EQ(refusal(signed_by_us(with(header(), "kid", std::string(1000, 'x')), payload())), "header");
}

TEST_F(ForgedToken, deep_json_is_refused) {
  std::string deep = wire::to_json(payload());
  deep.pop_back();
  deep += R"(,"x":)" + std::string(1000, '[') + std::string(1000, ']') + '}';
  EXPECT_EQ(refusal(signed_by_us(wire::to_json(header()), deep)), "payload");
}

TEST_F(ForgedToken, refusal_never_quotes_the_token) {
  const auto jwt = access();
  for (const auto& bad : {jwt + "A", jwt.substr(1), signed_by_us(with(header(), "kid", "canary"), payload())}) {
    const auto verified = tokens.verify(access_token, bad, noon);
    ASSERT_FALSE(verified.ok());
    EXPECT_EQ(verified.error().detail.find("canary"), std::string::npos);
    EXPECT_LT(verified.error().detail.size(), 32U);
  }
}

}  // namespace
}  // namespace cardea::token
