#pragma once
// Ed25519 (RFC 8032) with a key that is derived, not stored; for tokens there is crypto/sign.

#include <array>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace cardea::crypto {

using Ed25519PublicKey = std::array<std::uint8_t, 32>;
using Ed25519Signature = std::array<std::uint8_t, 64>;

/// `seed`: 32 bytes, the private key of RFC 8032 §5.1.5; anything else throws std::invalid_argument.
[[nodiscard]] Ed25519PublicKey ed25519_public_key(const Secret& seed);
[[nodiscard]] Ed25519Signature ed25519_sign(const Secret& seed, BytesView data);
/// False also when the signature has not 64 bytes or the key is none.
[[nodiscard]] bool ed25519_verify(const Ed25519PublicKey& key, BytesView data, BytesView signature);

}  // namespace cardea::crypto
