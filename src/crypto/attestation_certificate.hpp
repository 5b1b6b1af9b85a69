#pragma once
// The certificate by which an authenticator's maker attests a credential: what WebAuthn asks of it (§8.2.1). Whether
// anybody trusts its issuer is not asked here.

#include <array>
#include <optional>
#include <string>

#include "crypto/verify_key.hpp"

namespace cardea::crypto {

struct AttestationCertificate {
  VerifyKey key;
  bool is_version_3 = false;
  bool is_end_entity = false;  // has basic constraints, and is no authority by them
  std::string country = {};
  std::string organization = {};
  std::string unit = {};
  std::string common_name = {};
  std::optional<std::array<std::uint8_t, 16>> aaguid = {};  // of the model, if it tells

  /// Reads one DER certificate with nothing behind it; absent if it is none, has a key of another kind than VerifyKey,
  /// or tells the model in another form than §8.2.1.
  static std::optional<AttestationCertificate> from_der(BytesView der);
};

}  // namespace cardea::crypto
