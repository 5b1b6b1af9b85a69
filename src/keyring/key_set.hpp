#pragma once
// The JWK Set on the wire (RFC 7517): public keys only, because a Jwk has no member for a private one.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/sign.hpp"
#include "encoding/wire.hpp"

namespace cardea::keyring {

/// A public key of one of the algorithms of crypto/sign.
struct Jwk {
  static constexpr std::string_view schema_name = "Jwk";
  std::string kty;
  std::optional<std::string> crv;
  std::optional<std::string> x;
  std::optional<std::string> y;
  std::optional<std::string> n;
  std::optional<std::string> e;
  crypto::Algorithm alg = crypto::Algorithm::es256;
  std::string use;
  std::string kid;
};
template <class D>
void describe(D& d, wire::Of<D, Jwk>& jwk) {
  d.required("kty", jwk.kty, {.max = 10, .doc = "EC, OKP or RSA."});
  d.if_present("crv", jwk.crv, {.max = 20, .doc = "Of EC and OKP: P-256 or Ed25519."});
  d.if_present("x", jwk.x, {.doc = "Of EC and OKP, base64url."});
  d.if_present("y", jwk.y, {.doc = "Of EC, base64url."});
  d.if_present("n", jwk.n, {.doc = "Of RSA, base64url."});
  d.if_present("e", jwk.e, {.doc = "Of RSA, base64url."});
  d.required("alg", jwk.alg);
  d.required("use", jwk.use, {.max = 10, .doc = "sig."});
  d.required("kid", jwk.kid, {.doc = "The thumbprint (RFC 7638); a token's header names it."});
}

struct KeySet {
  static constexpr std::string_view schema_name = "KeySet";
  static constexpr std::string_view schema_example =
      R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
      R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","alg":"ES256","use":"sig",)"
      R"("kid":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"}]})";
  std::vector<Jwk> keys;
};
template <class D>
void describe(D& d, wire::Of<D, KeySet>& set) {
  d.required("keys", set.keys, {.doc = "Public keys (RFC 7517): those that sign, will sign soon, or signed lately."});
}

}  // namespace cardea::keyring
