#pragma once
// For this module's tests: a keyring with keys, honest tokens, and tokens forged with the right key or another.

#include <gtest/gtest.h>

#include <string>

#include "encoding/base64.hpp"
#include "encoding/value.hpp"
#include "tests/support/random.hpp"
#include "tests/support/sqlite_file.hpp"
#include "token/token.hpp"

namespace cardea::token {

inline const Time noon = from_micros(1'800'000'000'000'000);
inline const std::string issuer = "https://auth.example.org";

/// Another type of token, with a name in it.
inline constexpr TokenType named_token{.typ = "JWT", .audience_path = "/api", .name_claim = "_uid"};

class TokenTest : public ::testing::Test {
 protected:
  explicit TokenTest(std::string_view algorithm = "ES256") : keys(make_keyring(algorithm)) {
    keys.start(noon);
    random.fill(subject_raw);
    random.fill(session_raw);
  }

  keyring::Keyring make_keyring(std::string_view algorithm) {
    return {*file, Secret{BytesView{sealing_key}}, {.algorithm = crypto::parse_algorithm(algorithm).value()}, random};
  }

  [[nodiscard]] Claims claims() const {
    return {.subject = AccountId{subject_raw},
            .session = SessionId{session_raw},
            .issued_at = noon,
            .expires_at = noon + std::chrono::minutes{15},
            .assurance = {.shown = {{AuthMethod::password, noon}}}};
  }
  [[nodiscard]] std::string access() const { return tokens.issue(access_token, claims()); }

  /// The header an honest access token has.
  [[nodiscard]] wire::Object header() const {
    return {{"alg", "ES256"}, {"kid", keys.signer().kid}, {"typ", "at+jwt"}};
  }
  /// The payload an honest access token has.
  [[nodiscard]] wire::Object payload() const {
    return {{"iss", issuer},
            {"aud", issuer},
            {"sub", claims().subject.text()},
            {"sid", claims().session.text()},
            {"iat", to_seconds(noon)},
            {"exp", to_seconds(noon) + 900},
            {"jti", "AAAAAAAAAAAAAAAAAAAAAA"},
            {"client_id", "cardea"},
            {"scope", "api"},
            {"amr", wire::Array{"pwd"}},
            {"acr", "aal1"},
            {"auth_time", to_seconds(noon)}};
  }
  /// The payload of an honest token of `named_token`, but for the name.
  [[nodiscard]] wire::Object named_payload() const {
    auto object = with(payload(), "aud", issuer + "/api");
    for (const auto* name : {"client_id", "scope", "amr", "acr", "auth_time"})
      object = without(std::move(object), name);
    return object;
  }
  static wire::Object with(wire::Object object, std::string_view name, wire::Value value) {
    object = without(std::move(object), name);
    object.push_back({std::string{name}, std::move(value)});
    return object;
  }
  static wire::Object without(wire::Object object, std::string_view name) {
    std::erase_if(object, [&](const wire::Member& member) { return member.name == name; });
    return object;
  }
  static std::string encoded(std::string_view json) { return encoding::base64url(as_bytes(json)); }

  /// A token of any JSON texts with a good signature of the keyring's key: only the checks can refuse it.
  [[nodiscard]] std::string signed_by_us(std::string_view header_json, std::string_view payload_json) const {
    return signed_by(*keys.signer().key, header_json, payload_json);
  }
  [[nodiscard]] std::string signed_by_us(const wire::Object& head, const wire::Object& body) const {
    return signed_by_us(wire::to_json(head), wire::to_json(body));
  }
  static std::string signed_by(const crypto::SigningKey& key, std::string_view header_json,
                               std::string_view payload_json) {
    const std::string text = encoded(header_json) + '.' + encoded(payload_json);
    return text + '.' + encoding::base64url(key.sign(as_bytes(text)));
  }

  [[nodiscard]] bool accepts(std::string_view jwt, Time now = noon, const TokenType& type = access_token) const {
    const auto verified = tokens.verify(type, jwt, now);
    if (!verified.ok()) EXPECT_TRUE(verified.error().is(invalid_token));
    return verified.ok();
  }
  /// What the operator's log would say of a refusal.
  [[nodiscard]] std::string refusal(std::string_view jwt, Time now = noon, const TokenType& type = access_token) const {
    const auto verified = tokens.verify(type, jwt, now);
    return verified.ok() ? "accepted" : verified.error().detail;
  }

  testing_support::SeededRandom random{1};
  testing_support::SqliteFile file;
  std::array<std::uint8_t, 32> sealing_key = random.bytes<32>();
  keyring::Keyring keys;
  Tokens tokens{keys, issuer, random, {"uid", "level"}};

 private:
  RawId subject_raw{};
  RawId session_raw{};
};

}  // namespace cardea::token
