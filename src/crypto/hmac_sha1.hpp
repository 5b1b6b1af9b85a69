#pragma once
// HMAC-SHA-1 (RFC 2104), for one-time passwords alone: every authenticator app computes them with it (RFC 4226 §5.2,
// whose appendix B.2 says why collisions of SHA-1 do not matter there).

#include <array>
#include <cstdint>

#include "base/bytes.hpp"

namespace cardea::crypto {

using Sha1Mac = std::array<std::uint8_t, 20>;

[[nodiscard]] Sha1Mac hmac_sha1(BytesView key, BytesView data);

}  // namespace cardea::crypto
