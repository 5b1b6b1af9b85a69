#pragma once
// Public keys of others: ES256 (P-256), EdDSA (Ed25519) and RS256 (2048 to 4096 bits), by OpenSSL. The algorithm
// belongs to the key, and what a signature costs to verify is bounded by the sizes that are taken.

#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "crypto/sign.hpp"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace cardea::crypto {

/// A public key. Immutable; callable from any thread.
class VerifyKey {
 public:
  /// The coordinates, 32 bytes each; absent unless they are a point of P-256.
  static std::optional<VerifyKey> es256(BytesView x, BytesView y);
  /// 32 bytes (RFC 8032 §5.1.5).
  static std::optional<VerifyKey> eddsa(BytesView x);
  /// Modulus and exponent, most significant byte first and without leading zeros; both odd, the exponent at least 3
  /// and at most four bytes.
  static std::optional<VerifyKey> rs256(BytesView modulus, BytesView exponent);
  VerifyKey(VerifyKey&&) noexcept;
  VerifyKey& operator=(VerifyKey&&) noexcept;
  ~VerifyKey();

  [[nodiscard]] Algorithm algorithm() const;
  /// `signature` of ES256 is the DER of ECDSA-Sig-Value (RFC 3279 §2.2.3), one encoding of each.
  [[nodiscard]] bool verify(BytesView data, BytesView signature) const;

 private:
  friend struct AttestationCertificate;
  struct State;
  explicit VerifyKey(std::unique_ptr<State> state);
  /// Takes over an EVP_PKEY; absent unless it is one of the three.
  static std::optional<VerifyKey> adopt(evp_pkey_st* key);
  std::unique_ptr<State> state_;
};

}  // namespace cardea::crypto
