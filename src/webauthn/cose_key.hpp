#pragma once
// Public keys as authenticators send them: COSE_Key (RFC 9052 §7, RFC 9053 §7, RFC 8230 §4), of three algorithms.

#include <cstdint>
#include <optional>

#include "crypto/verify_key.hpp"
#include "webauthn/cbor.hpp"

namespace cardea::webauthn {

/// COSE's numbers of what is taken, in the order of preference.
inline constexpr std::int64_t cose_es256 = -7;
inline constexpr std::int64_t cose_eddsa = -8;
inline constexpr std::int64_t cose_rs256 = -257;
inline constexpr std::int64_t cose_algorithms[] = {cose_es256, cose_eddsa, cose_rs256};

[[nodiscard]] std::int64_t cose_number(crypto::Algorithm algorithm);

/// Absent unless it has exactly the members of its type (WebAuthn §6.5.1), and is a key.
[[nodiscard]] std::optional<crypto::VerifyKey> read_cose_key(const CborValue& value);
/// The same of the stored form, the bytes that the authenticator sent.
[[nodiscard]] std::optional<crypto::VerifyKey> parse_cose_key(BytesView bytes);

}  // namespace cardea::webauthn
