#pragma once
// The inside of a token: its claims (RFC 7519 §4).

#include <string>
#include <string_view>
#include <vector>

#include "token/token.hpp"

namespace cardea::token {

/// `aud`: the resource that takes the token. It differs by type as `typ` does, for the sake of outside verifiers that
/// look at the audience alone.
std::string audience_of(const TokenType& type, std::string_view issuer);

/// The claims as JSON.
std::string payload(const TokenType& type, std::string_view issuer, const Claims& claims, Random& random);

/// The claims of a payload whose signature is good. Silence fails: every claim of the type must be there with its
/// type, and no other but those of the profile, which may be missing. Errors: token.invalid.
Result<Claims> parse_payload(const TokenType& type, std::string_view issuer,
                             const std::vector<std::string>& profile_claims, std::string_view json, Time now);

}  // namespace cardea::token
