#pragma once
// Client data (WebAuthn §5.8.1): what the browser says of a ceremony.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace cardea::webauthn {

/// Who asks: the relying party.
struct RelyingParty {
  std::string id;                    // a host
  std::vector<std::string> origins;  // each as browsers serialise it: "https://auth.example.com"
};

/// The challenge that client data claims to answer, base64url; absent when it is no client data. What it is worth is
/// known when it was redeemed.
[[nodiscard]] std::optional<std::string> challenge_of(BytesView client_data);

/// Checks client data: JSON of the given type ("webauthn.get") that answers the challenge, on one of the origins, and
/// not inside a frame of another site. Errors: webauthn.not_verified.
[[nodiscard]] Result<Done> check_client_data(BytesView client_data, std::string_view type, std::string_view challenge,
                                             const RelyingParty& party);

}  // namespace cardea::webauthn
