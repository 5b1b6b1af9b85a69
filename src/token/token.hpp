#pragma once
// token: access tokens, JWTs signed by the keyring (RFC 7519, RFC 8725, RFC 9068).
//
// Owns: nothing stored. Never: decides whether a session still lives; the caller asks `session` with the `sid`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "config/section.hpp"
#include "encoding/value.hpp"
#include "keyring/keyring.hpp"
#include "principal/credential.hpp"
#include "principal/principal.hpp"

namespace cardea::token {

struct Settings {
  Duration access_lifetime = std::chrono::minutes{15};
};
void describe(config::Section& section, Settings& settings);

inline constexpr std::size_t max_token = 8 * 1024;  // bytes; more is refused unread

/// A token that is not ours, not now, or not for this.
inline constexpr ErrorKind invalid_token{"token.invalid", 401, "Sign in again."};

struct Claims {
  AccountId subject;
  SessionId session;
  Time issued_at;   // whole seconds
  Time expires_at;
  std::string name = {};  // for types with a name claim
  Assurance assurance = {};  // for types that tell it; `verify` gives back none, because the session knows better
  std::string audience = {};  // of another service, whose token is refused here; empty: this server
  wire::Object profile = {};  // further claims; `verify` gives back none, because the account knows better
};

class Tokens {
 public:
  /// `issuer` is the public URL without a slash at its end: `iss`. It is `aud` too, since this server is the resource:
  /// followed by the path of the token's type.
  Tokens(keyring::Keyring& keyring, std::string issuer, Random& random);

  /// A compact JWS with kid, typ, iss, aud, sub, sid, iat, exp, jti, and what the type has besides: a name claim, or
  /// amr (RFC 8176), acr ("aal1", "aal2") and auth_time.
  [[nodiscard]] std::string issue(const TokenType& type, const Claims& claims) const;

  /// The claims of a token of this type that is valid now. Checks, all of them: size (8 KiB), three strict base64url
  /// parts, header members (alg of the key that `kid` names, typ of the type; crit, jku, jwk, x5u, x5c refused),
  /// signature before payload, iss, aud, sub, sid, iat and exp with 60 s of skew for iat only. Errors: token.invalid.
  [[nodiscard]] Result<Claims> verify(const TokenType& type, std::string_view jwt, Time now) const;

 private:
  keyring::Keyring* keyring_;
  std::string issuer_;
  Random* random_;
};

}  // namespace cardea::token
