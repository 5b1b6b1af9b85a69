#pragma once
// What access tokens say of an account besides its id: nothing, unless token.claims names it.

#include <string>
#include <vector>

#include "identity/identity.hpp"
#include "token/token.hpp"

namespace cardea::authn {

/// Every name that a claim of an account may have in an access token of this installation.
[[nodiscard]] std::vector<std::string> claim_names(const identity::Settings& settings);

/// What is wrong with token.claims: a name that there is not, that its owner may not see, that verifiers understand as
/// something else, or so many that a token would be too long for a header. Empty: nothing.
[[nodiscard]] std::string problem_with_claims(const token::Settings& settings, const identity::Settings& identity);

/// The claims that are named. One without a value is left out. An address comes with email_verified, which is false:
/// nobody has checked that it is theirs.
[[nodiscard]] wire::Object profile_claims(const token::Settings& settings, const identity::Settings& identity,
                                          const identity::Account& account);

}  // namespace cardea::authn
