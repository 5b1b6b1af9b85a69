#pragma once
// Signing keys for tokens: ES256, EdDSA (Ed25519) and RS256 (3072 bits), by OpenSSL. The algorithm belongs to the key.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/enum_text.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "encoding/value.hpp"

namespace cardea::crypto {

enum class Algorithm { es256, eddsa, rs256 };
/// Their JOSE names (RFC 7518 §3.1, RFC 8037 §3.1).
constexpr auto enum_texts(Algorithm) {
  return std::to_array<EnumText<Algorithm>>(
      {{Algorithm::es256, "ES256"}, {Algorithm::eddsa, "EdDSA"}, {Algorithm::rs256, "RS256"}});
}
[[nodiscard]] constexpr std::string_view to_text(Algorithm algorithm) { return enum_text(algorithm); }
[[nodiscard]] constexpr std::optional<Algorithm> parse_algorithm(std::string_view text) {
  return parse_enum<Algorithm>(text);
}

/// A key pair. Immutable; callable from any thread.
class SigningKey {
 public:
  static SigningKey generate(Algorithm algorithm);
  /// Reads PKCS#8 DER; absent unless it is a key of that algorithm (curve and size included).
  static std::optional<SigningKey> from_der(Algorithm algorithm, const Secret& der);
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

  [[nodiscard]] Algorithm algorithm() const;
  /// PKCS#8 DER.
  [[nodiscard]] Secret private_der() const;
  /// The JWS signature (RFC 7515): raw r‖s for ES256.
  [[nodiscard]] Bytes sign(BytesView data) const;
  [[nodiscard]] bool verify(BytesView data, BytesView signature) const;
  /// The public JWK (RFC 7517): kty, its parameters, alg, use=sig; without kid.
  [[nodiscard]] wire::Object public_jwk() const;

 private:
  struct State;
  explicit SigningKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// RFC 7638 SHA-256 thumbprint of a public JWK, base64url.
[[nodiscard]] std::string jwk_thumbprint(const wire::Object& jwk);

}  // namespace cardea::crypto
