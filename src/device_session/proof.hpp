#pragma once
// A proof that a device holds its key: the JWT in the header Secure-Session-Response (W3C Device Bound Session
// Credentials, "DBSC Proof JWT Syntax"). Read strictly; knows no database and no request.

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "crypto/verify_key.hpp"
#include "encoding/value.hpp"

namespace cardea::device_session {

inline constexpr std::size_t longest_proof = 4096;  // bytes; one with a key of 4096 bits has about 1700

/// A proof as it was sent: nothing in it is true before `is_by`.
struct Proof {
  crypto::Algorithm algorithm;  // as it claims
  std::optional<wire::Value> jwk;  // the public key, which only a registration shows
  std::string challenge;  // "jti"
  std::string_view signed_text;  // a view into the field
  Bytes signature;
};

/// Reads the field, which is a string of RFC 9651 or, as browsers send it, the bare text. Absent: it is no proof. Of
/// the JWS header exactly `alg`, `typ` and `jwk` are taken: any other member would let the proof say how it wants to be
/// verified. Claims besides `jti` say nothing that counts here, and are passed over (RFC 7519 §4).
[[nodiscard]] std::optional<Proof> read_proof(std::string_view field);

/// Whether the proof is signed by `key`, in the algorithm of that key.
[[nodiscard]] bool is_by(const Proof& proof, const crypto::VerifyKey& key);

/// The text of a field that is a string of RFC 9651 §4.2.5 without escapes, or that text bare; its parameters are
/// passed over. Empty for anything else.
[[nodiscard]] std::string_view string_item(std::string_view field);

}  // namespace cardea::device_session
