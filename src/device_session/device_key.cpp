#include "device_session/device_key.hpp"

#include "encoding/base64.hpp"

namespace cardea::device_session {
namespace {

/// The bytes of a base64url member; absent when there is none.
std::optional<Bytes> bytes_of(const wire::Value& jwk, std::string_view name) {
  const auto* member = jwk.find(name);
  const auto* text = member != nullptr ? member->get<std::string>() : nullptr;
  return text != nullptr ? encoding::parse_base64url(*text) : std::nullopt;
}

std::string_view text_of(const wire::Value& jwk, std::string_view name) {
  const auto* member = jwk.find(name);
  const auto* text = member != nullptr ? member->get<std::string>() : nullptr;
  return text != nullptr ? std::string_view{*text} : std::string_view{};
}

std::optional<DeviceKey> elliptic(const wire::Value& jwk) {
  const auto x = bytes_of(jwk, "x");
  const auto y = bytes_of(jwk, "y");
  if (!x || !y || text_of(jwk, "crv") != "P-256") return std::nullopt;
  auto key = crypto::VerifyKey::es256(*x, *y);
  if (!key) return std::nullopt;
  wire::Object members{{"kty", "EC"}, {"crv", "P-256"}, {"x", text_of(jwk, "x")}, {"y", text_of(jwk, "y")}};
  return DeviceKey{*std::move(key), wire::to_json(std::move(members))};
}

std::optional<DeviceKey> rsa(const wire::Value& jwk) {
  const auto n = bytes_of(jwk, "n");
  const auto e = bytes_of(jwk, "e");
  if (!n || !e) return std::nullopt;
  auto key = crypto::VerifyKey::rs256(*n, *e);
  if (!key) return std::nullopt;
  wire::Object members{{"kty", "RSA"}, {"n", text_of(jwk, "n")}, {"e", text_of(jwk, "e")}};
  return DeviceKey{*std::move(key), wire::to_json(std::move(members))};
}

}  // namespace

std::optional<DeviceKey> read_key(const wire::Value& jwk) {
  // A device that gives its private key away is bound to nothing.
  if (!jwk.is<wire::Object>() || jwk.find("d") != nullptr) return std::nullopt;
  if (text_of(jwk, "kty") == "EC") return elliptic(jwk);
  if (text_of(jwk, "kty") == "RSA") return rsa(jwk);
  return std::nullopt;
}

std::optional<DeviceKey> read_stored_key(std::string_view text) {
  const auto jwk = wire::parse(text, {.depth = 1, .members = 4});
  return jwk ? read_key(*jwk) : std::nullopt;
}

}  // namespace cardea::device_session
