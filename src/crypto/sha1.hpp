#pragma once
// SHA-1, which lists of leaked passwords are written with. Never: for a signature, a MAC or anything that is secret.

#include <array>
#include <string_view>

#include "base/bytes.hpp"

namespace cardea::crypto {

using Sha1 = std::array<std::uint8_t, 20>;

[[nodiscard]] Sha1 sha1(BytesView data);
[[nodiscard]] inline Sha1 sha1(std::string_view text) { return sha1(as_bytes(text)); }

}  // namespace cardea::crypto
