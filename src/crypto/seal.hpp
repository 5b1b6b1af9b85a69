#pragma once
// Secrets at rest: XChaCha20-Poly1305 with a random nonce in front.

#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"

namespace cardea::crypto {

/// Encrypts under a 32-byte key. `where` (table, column and row) is authenticated, so that a sealed value moved to
/// another row does not open.
[[nodiscard]] Bytes seal(const Secret& key, BytesView plain, std::string_view where, Random& random);
/// Absent when key, place or bytes are not the ones sealed.
[[nodiscard]] std::optional<Secret> open(const Secret& key, BytesView sealed, std::string_view where);

}  // namespace cardea::crypto
