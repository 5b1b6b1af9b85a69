#pragma once
// Digests, MACs and key derivation; thin wrappers over OpenSSL and libsodium.

#include <array>
#include <string_view>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace cardea::crypto {

using Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] Digest sha256(BytesView data);
[[nodiscard]] inline Digest sha256(std::string_view text) { return sha256(as_bytes(text)); }
/// RFC 2104.
[[nodiscard]] Digest hmac_sha256(BytesView key, BytesView data);
/// 32 bytes for one purpose from a master secret (HKDF-SHA-256, RFC 5869; no salt, `purpose` as info).
[[nodiscard]] Secret derive_key(const Secret& master, std::string_view purpose);
/// Compares in time that depends on the lengths alone.
[[nodiscard]] bool constant_time_equal(BytesView a, BytesView b);

}  // namespace cardea::crypto
