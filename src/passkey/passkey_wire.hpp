#pragma once
// The JSON of ceremonies, as browsers read and write it (WebAuthn Level 3 §5.1.8 to §5.1.10, §5.4, §5.5), and of what
// an account has. Internal to passkey.

#include "encoding/wire.hpp"
#include "passkey/passkey.hpp"

namespace cardea::passkey {

struct PartyEntity {
  std::string id;
  std::string name;
};
template <class D>
void describe(D& d, wire::Of<D, PartyEntity>& party) {
  d.required("id", party.id, {.max = wire::unlimited});
  d.required("name", party.name, {.max = wire::unlimited});
}

struct UserEntity {
  std::string id;
  std::string name;
  std::string display_name;
};
template <class D>
void describe(D& d, wire::Of<D, UserEntity>& user) {
  d.required("id", user.id, {.max = wire::unlimited, .doc = "The user handle, base64url."});
  d.required("name", user.name, {.max = wire::unlimited});
  d.required("displayName", user.display_name, {.max = wire::unlimited});
}

struct Descriptor {
  std::string id;
  std::vector<std::string> transports = {};
  std::string_view type = "public-key";
};
template <class D>
void describe(D& d, wire::Of<D, Descriptor>& descriptor) {
  d.required("type", descriptor.type, {.max = wire::unlimited});
  d.required("id", descriptor.id, {.max = wire::unlimited});
  d.required("transports", descriptor.transports, {.max = wire::unlimited});
}

struct Parameter {
  std::int64_t algorithm = 0;
  std::string_view type = "public-key";
};
template <class D>
void describe(D& d, wire::Of<D, Parameter>& parameter) {
  d.required("type", parameter.type, {.max = wire::unlimited});
  d.required("alg", parameter.algorithm, {.doc = "COSE's number."});
}

struct Selection {
  std::string_view resident_key = "required";
  bool require_resident_key = true;
  std::string_view user_verification = "required";
};
template <class D>
void describe(D& d, wire::Of<D, Selection>& selection) {
  d.required("residentKey", selection.resident_key, {.max = wire::unlimited});
  d.required("requireResidentKey", selection.require_resident_key);
  d.required("userVerification", selection.user_verification, {.max = wire::unlimited});
}

struct AskedExtensions {
  bool properties = true;
};
template <class D>
void describe(D& d, wire::Of<D, AskedExtensions>& asked) {
  d.required("credProps", asked.properties);
}

struct CreationOptions {
  static constexpr std::string_view schema_name = "PublicKeyCredentialCreationOptions";
  PartyEntity party;
  UserEntity user;
  std::string challenge;
  std::vector<Parameter> parameters;
  std::int64_t timeout = 0;
  std::vector<Descriptor> exclude;
  Selection selection;
  std::string_view attestation = "none";
  AskedExtensions extensions;
};
template <class D>
void describe(D& d, wire::Of<D, CreationOptions>& options) {
  d.required("rp", options.party);
  d.required("user", options.user);
  d.required("challenge", options.challenge, {.max = wire::unlimited});
  d.required("pubKeyCredParams", options.parameters, {.max = wire::unlimited});
  d.required("timeout", options.timeout, {.doc = "Milliseconds."});
  d.required("excludeCredentials", options.exclude, {.max = wire::unlimited});
  d.required("authenticatorSelection", options.selection);
  d.required("attestation", options.attestation, {.max = wire::unlimited});
  d.required("extensions", options.extensions);
}

/// What navigator.credentials.create() is called with.
struct CreationBegun {
  static constexpr std::string_view schema_name = "PasskeyCreation";
  CreationOptions options;
  Time expires_at;
};
template <class D>
void describe(D& d, wire::Of<D, CreationBegun>& begun) {
  d.required("options", begun.options);
  d.required("expires_at", begun.expires_at, {.doc = "When the challenge ends."});
}

struct RequestOptions {
  static constexpr std::string_view schema_name = "PublicKeyCredentialRequestOptions";
  std::string challenge;
  std::string party;
  std::int64_t timeout = 0;
  std::vector<Descriptor> allow = {};
  std::string_view user_verification = "required";
};
template <class D>
void describe(D& d, wire::Of<D, RequestOptions>& options) {
  d.required("challenge", options.challenge, {.max = wire::unlimited});
  d.required("rpId", options.party, {.max = wire::unlimited});
  d.required("timeout", options.timeout, {.doc = "Milliseconds."});
  d.required("allowCredentials", options.allow, {.max = wire::unlimited});
  d.required("userVerification", options.user_verification, {.max = wire::unlimited});
}

/// What navigator.credentials.get() is called with.
struct RequestBegun {
  static constexpr std::string_view schema_name = "PasskeyRequest";
  RequestOptions options;
  Time expires_at;
};
template <class D>
void describe(D& d, wire::Of<D, RequestBegun>& begun) {
  d.required("options", begun.options);
  d.required("expires_at", begun.expires_at, {.doc = "When the challenge ends."});
}

/// Longest base64url of what a client sends: 64 KiB of bytes is refused before it is read anyway.
inline constexpr std::size_t longest_encoded = 60'000;

struct AttestationResponse {
  std::string client_data;
  std::string attestation_object;
  std::vector<std::string> transports = {};
  wire::Object rest = {};  // what the browser has read out of the above
};
template <class D>
void describe(D& d, wire::Of<D, AttestationResponse>& response) {
  d.required("clientDataJSON", response.client_data, {.max = 12'000});
  d.required("attestationObject", response.attestation_object, {.max = longest_encoded});
  d.optional("transports", response.transports, {.max = 20});
  d.rest(response.rest, "What else browsers send; it is not looked at.");
}

struct CredentialProperties {
  bool is_resident = true;
  wire::Object rest = {};
};
template <class D>
void describe(D& d, wire::Of<D, CredentialProperties>& properties) {
  d.optional("rk", properties.is_resident);
  d.rest(properties.rest, "What else browsers send; it is not looked at.");
}
struct ExtensionResults {
  CredentialProperties properties;
  wire::Object rest = {};
};
template <class D>
void describe(D& d, wire::Of<D, ExtensionResults>& results) {
  d.optional("credProps", results.properties);
  d.rest(results.rest, "What else browsers send; it is not looked at.");
}

/// What PublicKeyCredential.toJSON() makes of a new credential.
struct NewCredential {
  static constexpr std::string_view schema_name = "RegistrationResponse";
  std::string id;
  std::string raw_id;
  std::string type;
  AttestationResponse response;
  ExtensionResults extensions;
  wire::Object rest = {};
};
template <class D>
void describe(D& d, wire::Of<D, NewCredential>& credential) {
  d.required("id", credential.id, {.max = 1'400});
  d.required("rawId", credential.raw_id, {.max = 1'400});
  d.required("type", credential.type, {.max = 40});
  d.required("response", credential.response);
  d.optional("clientExtensionResults", credential.extensions);
  d.rest(credential.rest, "What else browsers send; it is not looked at.");
}

struct AssertionResponse {
  std::string client_data;
  std::string authenticator_data;
  std::string signature;
  std::optional<std::string> user_handle;
  wire::Object rest = {};
};
template <class D>
void describe(D& d, wire::Of<D, AssertionResponse>& response) {
  d.required("clientDataJSON", response.client_data, {.max = 12'000});
  d.required("authenticatorData", response.authenticator_data, {.max = 24'000});
  d.required("signature", response.signature, {.max = 2'000});
  d.optional("userHandle", response.user_handle, {.max = 100});
  d.rest(response.rest, "What else browsers send; it is not looked at.");
}

/// What PublicKeyCredential.toJSON() makes of an assertion.
struct ShownCredential {
  static constexpr std::string_view schema_name = "AuthenticationResponse";
  std::string id;
  std::string raw_id;
  std::string type;
  AssertionResponse response;
  wire::Object rest = {};
};
template <class D>
void describe(D& d, wire::Of<D, ShownCredential>& credential) {
  d.required("id", credential.id, {.max = 1'400});
  d.required("rawId", credential.raw_id, {.max = 1'400});
  d.required("type", credential.type, {.max = 40});
  d.required("response", credential.response);
  d.rest(credential.rest, "What else browsers send; it is not looked at.");
}

/// The bytes of it; absent unless each text is base64url, `id` is `rawId` and the type is "public-key".
[[nodiscard]] std::optional<webauthn::Registration> to_registration(const NewCredential& sent);
[[nodiscard]] std::optional<webauthn::Assertion> to_assertion(const ShownCredential& sent);

struct PasskeyView {
  static constexpr std::string_view schema_name = "Passkey";
  static constexpr std::string_view schema_example =
      R"({"id":"pky_01K2V7F3T4Q9M6W8X5Y0Z1A2B3","kind":"passkey","name":"iCloud Keychain",)"
      R"("created_at":"2026-11-23T12:00:00.000Z","last_used_at":null,"synced":true,"transports":["internal","hybrid"],)"
      R"("credential_id":"-R85HbTJsv3g6nAYnLo_tj9Xm6YSKzOtlP8-wzAIS-Q"})";
  PasskeyId id;
  Kind kind = Kind::passkey;
  std::string name;
  Time created_at;
  std::optional<Time> last_used_at;
  bool synced = false;
  std::vector<std::string> transports;
  std::string credential_id;
};
template <class D>
void describe(D& d, wire::Of<D, PasskeyView>& passkey) {
  d.required("id", passkey.id);
  d.required("kind", passkey.kind);
  d.required("name", passkey.name,
             {.max = wire::unlimited, .doc = "Empty: none was given, and the keeper is unknown."});
  d.required("created_at", passkey.created_at);
  d.required("last_used_at", passkey.last_used_at, {.doc = "Null until it is used."});
  d.required("synced", passkey.synced, {.doc = "Whether its keeper has a copy of it."});
  d.required("transports", passkey.transports, {.max = wire::unlimited});
  d.required("credential_id", passkey.credential_id, {.max = wire::unlimited, .doc = "For the Signal API."});
}
[[nodiscard]] PasskeyView view(const Passkey& passkey);

struct PasskeyList {
  static constexpr std::string_view schema_name = "PasskeyList";
  std::vector<PasskeyView> data;
  std::string party;
  std::string user_handle;
};
template <class D>
void describe(D& d, wire::Of<D, PasskeyList>& list) {
  d.required("data", list.data, {.max = wire::unlimited, .doc = "Oldest first."});
  d.required("rp_id", list.party, {.max = wire::unlimited, .doc = "For the Signal API, with the user handle."});
  d.required("user_handle", list.user_handle, {.max = wire::unlimited});
}

/// How an authenticator knows an account.
[[nodiscard]] std::string user_handle(const AccountId& account);

}  // namespace cardea::passkey
