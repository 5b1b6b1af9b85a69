#pragma once
// Attestation statements (WebAuthn §8): the formats `none` and `packed`. Internal to webauthn.

#include "crypto/hash.hpp"
#include "webauthn/authenticator_data.hpp"
#include "webauthn/cbor.hpp"
#include "webauthn/webauthn.hpp"

namespace cardea::webauthn {

/// Checks what is there; nothing is required of it. `signed_data` is authenticator data and the client data's hash.
/// Errors: webauthn.not_verified.
[[nodiscard]] Result<Attestation> check_attestation(std::string_view format, const CborValue& statement,
                                                    const AttestedCredential& credential, BytesView signed_data);

}  // namespace cardea::webauthn
