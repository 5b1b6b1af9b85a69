#include "passkey/passkey_wire.hpp"

#include "encoding/base64.hpp"
#include "passkey/providers.hpp"

namespace cardea::passkey {
namespace {

constexpr std::string_view credential_type = "public-key";

// Where one text is no base64url, none of them is believed.
class Decoder {
 public:
  Bytes operator()(std::string_view text) {
    auto bytes = encoding::parse_base64url(text);
    good_ = good_ && bytes.has_value();
    return bytes ? *std::move(bytes) : Bytes{};
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  bool good_ = true;
};

}  // namespace

std::optional<webauthn::Registration> to_registration(const NewCredential& sent) {
  if (sent.id != sent.raw_id || sent.type != credential_type) return std::nullopt;
  Decoder decode;
  webauthn::Registration registration{.id = decode(sent.id),
                                      .client_data = decode(sent.response.client_data),
                                      .attestation_object = decode(sent.response.attestation_object)};
  return decode.good() ? std::optional{std::move(registration)} : std::nullopt;
}

std::optional<webauthn::Assertion> to_assertion(const ShownCredential& sent) {
  if (sent.id != sent.raw_id || sent.type != credential_type) return std::nullopt;
  Decoder decode;
  webauthn::Assertion assertion{.id = decode(sent.id),
                                .client_data = decode(sent.response.client_data),
                                .authenticator_data = decode(sent.response.authenticator_data),
                                .signature = decode(sent.response.signature)};
  return decode.good() ? std::optional{std::move(assertion)} : std::nullopt;
}

PasskeyView view(const Passkey& passkey) {
  return {.id = passkey.id,
          .kind = passkey.kind,
          .name = passkey.name.empty() ? std::string{provider_of(passkey.aaguid)} : passkey.name,
          .created_at = passkey.created_at,
          .last_used_at = passkey.last_used_at,
          .synced = passkey.backed_up,
          .transports = passkey.transports,
          .credential_id = encoding::base64url(passkey.credential_id)};
}

std::string user_handle(const AccountId& account) { return encoding::base64url(account.bytes()); }

}  // namespace cardea::passkey
