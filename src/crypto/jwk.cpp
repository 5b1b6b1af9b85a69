#include <initializer_list>
#include <stdexcept>
#include <utility>

#include "crypto/hash.hpp"
#include "crypto/sign.hpp"
#include "encoding/base64.hpp"

namespace cardea::crypto {
namespace {

const std::string& text_member(const wire::Object& jwk, std::string_view name) {
  for (const auto& member : jwk) {
    const auto* text = member.value.get<std::string>();
    if (member.name == name && text != nullptr) return *text;
  }
  throw std::invalid_argument{"a JWK lacks " + std::string{name}};
}

/// The required members in the order of RFC 7638 §3.2 (and RFC 8037 §2 for OKP).
std::initializer_list<std::string_view> required_members(std::string_view kty) {
  static constexpr std::initializer_list<std::string_view> ec{"crv", "kty", "x", "y"};
  static constexpr std::initializer_list<std::string_view> okp{"crv", "kty", "x"};
  static constexpr std::initializer_list<std::string_view> rsa{"e", "kty", "n"};
  if (kty == "EC") return ec;
  if (kty == "OKP") return okp;
  if (kty == "RSA") return rsa;
  throw std::invalid_argument{"a JWK of an unknown kty"};
}

}  // namespace

std::string jwk_thumbprint(const wire::Object& jwk) {
  wire::Object required;
  for (const auto name : required_members(text_member(jwk, "kty"))) {
    required.push_back({std::string{name}, text_member(jwk, name)});
  }
  return encoding::base64url(sha256(wire::to_json(std::move(required))));
}

}  // namespace cardea::crypto
