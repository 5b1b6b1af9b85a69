#pragma once
// webauthn: the checks that a relying party makes of a ceremony (WebAuthn Level 3 §7.1 and §7.2). Pure: what came from
// the client goes in, and what may be believed comes out.
//
// Owns: nothing stored. Never: a database, a request, a clock; believes a challenge, which its caller redeems; asks
// whether anybody trusts the maker of an authenticator.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/sign.hpp"
#include "webauthn/client_data.hpp"

namespace cardea::webauthn {

inline constexpr ErrorKind not_verified{"webauthn.not_verified", 422, "This passkey could not be verified. Try again."};
/// The error with its reason, of which only the log learns: "origin".
[[nodiscard]] inline Error refused(std::string_view reason) { return {not_verified, std::string{reason}}; }

using Aaguid = std::array<std::uint8_t, 16>;

/// What an authenticator must have seen of its user.
struct Presence {
  bool is_needed = true;        // a touch
  bool must_be_verified = false;  // and a PIN, a finger or a face
};

/// What a client sends after navigator.credentials.create().
struct Registration {
  Bytes id;  // rawId
  Bytes client_data;
  Bytes attestation_object;
};

/// How a credential was attested: by nobody, by its own key, or by a certificate, whose issuer nobody was asked about.
enum class Attestation { none, self, certificate };

struct Credential {
  Bytes id;
  Bytes public_key;  // as COSE
  crypto::Algorithm algorithm = crypto::Algorithm::es256;
  Aaguid aaguid{};
  std::uint32_t sign_count = 0;
  bool user_verified = false;
  bool backup_eligible = false;
  bool backed_up = false;
  Attestation attestation = Attestation::none;
};

/// Errors: webauthn.not_verified.
[[nodiscard]] Result<Credential> verify_registration(const Registration& sent, const RelyingParty& party,
                                                     std::string_view challenge, const Presence& presence);

/// What a client sends after navigator.credentials.get().
struct Assertion {
  Bytes id;  // rawId
  Bytes client_data;
  Bytes authenticator_data;
  Bytes signature;
};

/// What is known of a credential from before.
struct Known {
  Bytes id;
  Bytes public_key;
  std::uint32_t sign_count = 0;
  bool backup_eligible = false;
};

struct Verified {
  std::uint32_t sign_count = 0;
  bool user_verified = false;
  bool backed_up = false;
  /// The signature is right, but the counter did not go up: there is a copy of the key somewhere (§6.1.1). Not to be
  /// believed.
  bool is_cloned = false;
};

/// Errors: webauthn.not_verified.
[[nodiscard]] Result<Verified> verify_assertion(const Assertion& sent, const Known& known, const RelyingParty& party,
                                                std::string_view challenge, const Presence& presence);

}  // namespace cardea::webauthn
