#pragma once
// Authenticator data (WebAuthn §6.1): what an authenticator says of a ceremony, under its signature.

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "crypto/verify_key.hpp"

namespace cardea::webauthn {

inline constexpr std::size_t longest_credential_id = 1023;  // §5.8.3

/// A new credential (§6.5.1).
struct AttestedCredential {
  BytesView aaguid;      // 16 bytes, of the model of authenticator; zeros when it does not say
  BytesView id;          // 1 to 1023 bytes
  BytesView public_key;  // as COSE
  crypto::VerifyKey key;
};

/// Views of what it was read from.
struct AuthenticatorData {
  BytesView rp_id_hash;  // SHA-256
  bool user_present = false;
  bool user_verified = false;
  bool backup_eligible = false;
  bool backed_up = false;
  std::uint32_t sign_count = 0;
  std::optional<AttestedCredential> credential = {};
};

/// Absent unless it is whole and nothing stands behind it. A credential that is backed up without being eligible is
/// refused; extensions are read and passed over.
[[nodiscard]] std::optional<AuthenticatorData> parse_authenticator_data(BytesView bytes);

}  // namespace cardea::webauthn
