#pragma once
// An authenticator and its browser in software: makes credentials and assertions, honest ones and, by `Ceremony`, any
// other. Header only, so that tests of the module alone and the fuzz programs have it too.
//
//   SoftAuthenticator key;
//   auto sent = key.create({.challenge = challenge});
//   auto shown = key.get({.challenge = other, .sign_count = 2});

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "crypto/hash.hpp"
#include "crypto/sign.hpp"
#include "encoding/base64.hpp"
#include "encoding/value.hpp"
#include "webauthn/webauthn.hpp"

namespace cardea::testing_support {

inline void append(Bytes& out, BytesView more) { out.insert(out.end(), more.begin(), more.end()); }
inline void append(Bytes& out, std::string_view more) { append(out, as_bytes(more)); }

/// The head of a CBOR value: its type and number, as short as can be.
inline Bytes cbor_head(std::uint8_t type, std::uint64_t number) {
  const auto high = static_cast<std::uint8_t>(type << 5U);
  if (number < 24) return {static_cast<std::uint8_t>(high | number)};
  if (number < 256) return {static_cast<std::uint8_t>(high | 24U), static_cast<std::uint8_t>(number)};
  return {static_cast<std::uint8_t>(high | 25U), static_cast<std::uint8_t>(number >> 8U),
          static_cast<std::uint8_t>(number)};
}
inline Bytes cbor_int(std::int64_t number) {
  return number >= 0 ? cbor_head(0, static_cast<std::uint64_t>(number))
                     : cbor_head(1, static_cast<std::uint64_t>(-1 - number));
}
inline Bytes cbor_bytes(BytesView bytes) {
  Bytes out = cbor_head(2, bytes.size());
  append(out, bytes);
  return out;
}
inline Bytes cbor_text(std::string_view text) {
  Bytes out = cbor_head(3, text.size());
  append(out, text);
  return out;
}
/// A map of entries that are written already, in their order.
inline Bytes cbor_map(std::initializer_list<std::pair<Bytes, Bytes>> entries) {
  Bytes out = cbor_head(5, entries.size());
  for (const auto& [key, value] : entries) {
    append(out, key);
    append(out, value);
  }
  return out;
}

/// One ceremony as browser and authenticator carry it out; the defaults are honest.
struct Ceremony {
  std::string challenge = {};
  std::string rp_id = "auth.test";
  std::string origin = "https://auth.test";
  std::string type = {};         // empty: the one of the ceremony
  std::string more_client_data = R"(,"crossOrigin":false)";  // behind the origin
  std::uint32_t sign_count = 0;
  bool user_present = true;
  bool user_verified = true;
  bool backup_eligible = true;
  bool backed_up = true;
  bool attests_itself = false;
  bool has_extensions = false;
};

class SoftAuthenticator {
 public:
  explicit SoftAuthenticator(crypto::Algorithm algorithm = crypto::Algorithm::es256, std::string_view name = "soft")
      : key_(crypto::SigningKey::generate(algorithm)) {
    const auto id = crypto::sha256(std::string{name} + encoding::base64url(cose()));
    id_ = to_bytes(BytesView{id});
  }

  [[nodiscard]] const Bytes& id() const { return id_; }
  [[nodiscard]] std::string id_text() const { return encoding::base64url(id_); }
  void set_aaguid(const webauthn::Aaguid& aaguid) { aaguid_ = aaguid; }

  [[nodiscard]] webauthn::Registration create(const Ceremony& ceremony) const {
    Bytes data = head(ceremony, ceremony.has_extensions ? 0xc0 : 0x40);
    append(data, aaguid_);
    data.push_back(static_cast<std::uint8_t>(id_.size() >> 8U));
    data.push_back(static_cast<std::uint8_t>(id_.size()));
    append(data, id_);
    append(data, cose());
    if (ceremony.has_extensions) append(data, extensions());
    const auto client = client_data(ceremony, "webauthn.create");
    const Bytes statement = ceremony.attests_itself ? cbor_map({{cbor_text("alg"), cbor_int(algorithm_number())},
                                                                {cbor_text("sig"), cbor_bytes(sign(data, client))}})
                                                    : cbor_map({});
    return {.id = id_,
            .client_data = client,
            .attestation_object = cbor_map({{cbor_text("fmt"), cbor_text(ceremony.attests_itself ? "packed" : "none")},
                                            {cbor_text("attStmt"), statement},
                                            {cbor_text("authData"), cbor_bytes(data)}})};
  }

  [[nodiscard]] webauthn::Assertion get(const Ceremony& ceremony) const {
    Bytes data = head(ceremony, ceremony.has_extensions ? 0x80 : 0);
    if (ceremony.has_extensions) append(data, extensions());
    const auto client = client_data(ceremony, "webauthn.get");
    const auto signature = sign(data, client);
    return {.id = id_, .client_data = client, .authenticator_data = data, .signature = signature};
  }

  /// Its public key as COSE.
  [[nodiscard]] Bytes cose() const {
    const auto jwk = key_.public_jwk();
    const auto part = [&](std::string_view name) {
      return cbor_bytes(encoding::parse_base64url(*wire::Value{jwk}.find(name)->get<std::string>()).value());
    };
    switch (key_.algorithm()) {
      case crypto::Algorithm::es256:
        return cbor_map({{cbor_int(1), cbor_int(2)},
                         {cbor_int(3), cbor_int(-7)},
                         {cbor_int(-1), cbor_int(1)},
                         {cbor_int(-2), part("x")},
                         {cbor_int(-3), part("y")}});
      case crypto::Algorithm::eddsa:
        return cbor_map({{cbor_int(1), cbor_int(1)},
                         {cbor_int(3), cbor_int(-8)},
                         {cbor_int(-1), cbor_int(6)},
                         {cbor_int(-2), part("x")}});
      case crypto::Algorithm::rs256:
        return cbor_map({{cbor_int(1), cbor_int(3)},
                         {cbor_int(3), cbor_int(-257)},
                         {cbor_int(-1), part("n")},
                         {cbor_int(-2), part("e")}});
    }
    return {};
  }

  /// What it signs of authenticator data and client data; DER for ES256.
  [[nodiscard]] Bytes sign(BytesView authenticator_data, BytesView client_data) const {
    Bytes data = to_bytes(authenticator_data);
    append(data, crypto::sha256(client_data));
    const Bytes signature = key_.sign(data);
    return key_.algorithm() == crypto::Algorithm::es256 ? der(signature) : signature;
  }

 private:
  [[nodiscard]] std::int64_t algorithm_number() const {
    switch (key_.algorithm()) {
      case crypto::Algorithm::es256: return -7;
      case crypto::Algorithm::eddsa: return -8;
      case crypto::Algorithm::rs256: return -257;
    }
    return 0;
  }

  static Bytes client_data(const Ceremony& ceremony, std::string_view type) {
    const std::string said = ceremony.type.empty() ? std::string{type} : ceremony.type;
    return to_bytes(R"({"type":")" + said + R"(","challenge":")" + ceremony.challenge + R"(","origin":")" +
                    ceremony.origin + "\"" + ceremony.more_client_data + "}");
  }

  static Bytes head(const Ceremony& ceremony, std::uint8_t flags) {
    Bytes data = to_bytes(BytesView{crypto::sha256(ceremony.rp_id)});
    if (ceremony.user_present) flags |= 0x01U;
    if (ceremony.user_verified) flags |= 0x04U;
    if (ceremony.backup_eligible) flags |= 0x08U;
    if (ceremony.backed_up) flags |= 0x10U;
    data.push_back(flags);
    for (unsigned shift = 32; shift > 0; shift -= 8) {
      data.push_back(static_cast<std::uint8_t>(ceremony.sign_count >> (shift - 8)));
    }
    return data;
  }

  static Bytes extensions() { return cbor_map({{cbor_text("credProtect"), cbor_int(2)}}); }

  static Bytes der_integer(BytesView number) {
    std::size_t zeros = 0;
    while (zeros + 1 < number.size() && number[zeros] == 0) ++zeros;
    Bytes body = to_bytes(number.subspan(zeros));
    if ((body.front() & 0x80U) != 0) body.insert(body.begin(), 0);
    body.insert(body.begin(), {0x02, static_cast<std::uint8_t>(body.size())});
    return body;
  }
  static Bytes der(BytesView raw) {
    Bytes body = der_integer(raw.first(32));
    append(body, der_integer(raw.subspan(32)));
    body.insert(body.begin(), {0x30, static_cast<std::uint8_t>(body.size())});
    return body;
  }

  crypto::SigningKey key_;
  Bytes id_;
  webauthn::Aaguid aaguid_{};
};

/// RegistrationResponseJSON (WebAuthn §5.1), as browsers write it.
inline wire::Value to_json_value(const webauthn::Registration& sent) {
  const auto id = encoding::base64url(sent.id);
  return wire::Object{{"id", id},
                      {"rawId", id},
                      {"type", "public-key"},
                      {"authenticatorAttachment", "platform"},
                      {"clientExtensionResults", wire::Object{}},
                      {"response", wire::Object{{"clientDataJSON", encoding::base64url(sent.client_data)},
                                                {"attestationObject", encoding::base64url(sent.attestation_object)},
                                                {"transports", wire::Array{"internal", "hybrid"}}}}};
}
/// AuthenticationResponseJSON; without a user handle when that is empty.
inline wire::Value to_json_value(const webauthn::Assertion& sent, std::string_view user_handle) {
  const auto id = encoding::base64url(sent.id);
  wire::Object response{{"clientDataJSON", encoding::base64url(sent.client_data)},
                        {"authenticatorData", encoding::base64url(sent.authenticator_data)},
                        {"signature", encoding::base64url(sent.signature)}};
  if (!user_handle.empty()) response.push_back({"userHandle", user_handle});
  return wire::Object{{"id", id},
                      {"rawId", id},
                      {"type", "public-key"},
                      {"clientExtensionResults", wire::Object{}},
                      {"response", std::move(response)}};
}

}  // namespace cardea::testing_support
