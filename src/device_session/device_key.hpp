#pragma once
// The public key of a device, as a JWK (RFC 7517): ES256 on P-256, or RS256 of 2048 to 4096 bits.

#include <optional>
#include <string>
#include <string_view>

#include "crypto/verify_key.hpp"
#include "encoding/value.hpp"

namespace cardea::device_session {

/// A key and the one text under which it is stored.
struct DeviceKey {
  crypto::VerifyKey key;
  std::string text;  // the members that make the key, in one order
};
/// Absent: it is no public key of these kinds, or shows a private one. Members that say nothing of the key itself are
/// passed over (RFC 7517 §4).
[[nodiscard]] std::optional<DeviceKey> read_key(const wire::Value& jwk);
/// The same from the text under which one is stored.
[[nodiscard]] std::optional<DeviceKey> read_stored_key(std::string_view text);

}  // namespace cardea::device_session
