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
#include "keyring/keyring.hpp"

namespace cardea::token {

struct Settings {
  Duration access_lifetime = std::chrono::minutes{15};
};
void describe(config::Section& section, Settings& settings);

/// A token that is not ours, not now, or not for this.
inline constexpr ErrorKind invalid_token{"token.invalid", 401, "Sign in again."};

/// What kind of token; one is never accepted where another is expected. Becomes `typ` in the header and `aud`.
enum class Kind {
  access,   // typ "at+jwt": /v1 routes
  classic,  // typ "JWT": the `jwt` cookie of the classic contract, with `_uid`
};

struct Claims {
  AccountId subject;
  SessionId session;
  Time issued_at;   // whole seconds
  Time expires_at;
  std::string uid = {};  // classic: `_uid`
};

class Tokens {
 public:
  /// `issuer` is the public URL without a slash at its end: `iss`. It is `aud` too, since this server is the resource:
  /// as it stands for access tokens, with "/api" for classic ones.
  Tokens(keyring::Keyring& keyring, std::string issuer, Random& random);

  /// A compact JWS with kid, typ, iss, aud, sub, sid, iat, exp, jti.
  [[nodiscard]] std::string issue(Kind kind, const Claims& claims) const;

  /// The claims of a token of this kind that is valid now. Checks, all of them: size (8 KiB), three strict base64url
  /// parts, header members (alg of the key that `kid` names, typ of the kind; crit, jku, jwk, x5u, x5c refused),
  /// signature before payload, iss, aud, sub, sid, iat and exp with 60 s of skew for iat only. Errors: token.invalid.
  [[nodiscard]] Result<Claims> verify(Kind kind, std::string_view jwt, Time now) const;

 private:
  keyring::Keyring* keyring_;
  std::string issuer_;
  Random* random_;
};

}  // namespace cardea::token
