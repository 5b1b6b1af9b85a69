#pragma once
// Bytes as text that people type: RFC 4648 §6, without padding, as authenticator apps take their secrets.

#include <string>

#include "base/bytes.hpp"

namespace cardea::encoding {

[[nodiscard]] std::string base32(BytesView bytes);

}  // namespace cardea::encoding
