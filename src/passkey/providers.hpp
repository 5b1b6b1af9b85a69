#pragma once
// Who keeps a passkey, by the AAGUID of the authenticator: what its owner calls the place.

#include <string_view>

#include "webauthn/webauthn.hpp"

namespace cardea::passkey {

/// "iCloud Keychain"; empty for one that is not known. Nobody attests an AAGUID: it is good for a name and no more.
[[nodiscard]] std::string_view provider_of(const webauthn::Aaguid& aaguid);

}  // namespace cardea::passkey
