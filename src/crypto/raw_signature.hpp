#pragma once
// Signatures of ECDSA on P-256 as JOSE writes them: r and s, 32 bytes each (RFC 7518 §3.4).

#include "base/bytes.hpp"

namespace cardea::crypto {

/// The same as DER (RFC 3279 §2.2.3); empty unless `raw` has exactly 64 bytes.
[[nodiscard]] Bytes der_of_raw_signature(BytesView raw);

}  // namespace cardea::crypto
