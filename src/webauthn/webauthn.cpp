#include "webauthn/webauthn.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "webauthn/attestation.hpp"
#include "webauthn/authenticator_data.hpp"
#include "webauthn/cose_key.hpp"

namespace cardea::webauthn {
namespace {

constexpr std::size_t longest_attestation_object = 65'536;
constexpr std::size_t longest_signature = 1'024;

bool equal(BytesView a, BytesView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

Result<Done> check_authenticator_data(const AuthenticatorData& data, const RelyingParty& party,
                                      const Presence& presence) {
  if (!equal(data.rp_id_hash, crypto::sha256(party.id))) return refused("rp_id");
  if (presence.is_needed && !data.user_present) return refused("user_present");
  if (presence.must_be_verified && !data.user_verified) return refused("user_verified");
  return done;
}

Bytes signed_data(BytesView authenticator_data, BytesView client_data) {
  Bytes data = to_bytes(authenticator_data);
  const auto hash = crypto::sha256(client_data);
  data.insert(data.end(), hash.begin(), hash.end());
  return data;
}

Credential to_credential(const AuthenticatorData& data, Attestation attestation) {
  const auto& made = *data.credential;
  Credential credential{.id = to_bytes(made.id),
                        .public_key = to_bytes(made.public_key),
                        .algorithm = made.key.algorithm(),
                        .sign_count = data.sign_count,
                        .user_verified = data.user_verified,
                        .backup_eligible = data.backup_eligible,
                        .backed_up = data.backed_up,
                        .attestation = attestation};
  std::copy(made.aaguid.begin(), made.aaguid.end(), credential.aaguid.begin());
  return credential;
}

}  // namespace

Result<Credential> verify_registration(const Registration& sent, const RelyingParty& party, std::string_view challenge,
                                       const Presence& presence) {
  TRY(check_client_data(sent.client_data, "webauthn.create", challenge, party));
  if (sent.attestation_object.size() > longest_attestation_object) return refused("attestation_object");
  const auto object = parse_cbor(sent.attestation_object);
  const auto* format = object ? object->find_as<std::string_view>("fmt") : nullptr;
  const auto* bytes = object ? object->find_as<BytesView>("authData") : nullptr;
  const CborValue* statement = object ? object->find("attStmt") : nullptr;
  if (format == nullptr || bytes == nullptr || statement == nullptr || object->get<CborValue::Map>()->size() != 3) {
    return refused("attestation_object");
  }
  const auto data = parse_authenticator_data(*bytes);
  if (!data || !data->credential) return refused("authenticator_data");
  TRY(check_authenticator_data(*data, party, presence));
  if (!equal(data->credential->id, sent.id)) return refused("credential_id");
  const auto attestation =
      TRY(check_attestation(*format, *statement, *data->credential, signed_data(*bytes, sent.client_data)));
  return to_credential(*data, attestation);
}

Result<Verified> verify_assertion(const Assertion& sent, const Known& known, const RelyingParty& party,
                                  std::string_view challenge, const Presence& presence) {
  if (!equal(sent.id, known.id)) return refused("credential_id");
  TRY(check_client_data(sent.client_data, "webauthn.get", challenge, party));
  const auto data = parse_authenticator_data(sent.authenticator_data);
  if (!data || data->credential) return refused("authenticator_data");
  TRY(check_authenticator_data(*data, party, presence));
  if (data->backup_eligible != known.backup_eligible) return refused("backup_eligible");
  const auto key = parse_cose_key(known.public_key);
  if (!key) return refused("public_key");
  if (sent.signature.size() > longest_signature ||
      !key->verify(signed_data(sent.authenticator_data, sent.client_data), sent.signature)) {
    return refused("signature");
  }
  const bool counts = data->sign_count != 0 || known.sign_count != 0;
  return Verified{.sign_count = data->sign_count,
                  .user_verified = data->user_verified,
                  .backed_up = data->backed_up,
                  .is_cloned = counts && data->sign_count <= known.sign_count};
}

}  // namespace cardea::webauthn
