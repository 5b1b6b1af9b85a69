#pragma once
// The JSON of sessions and of sign-ins.

#include "authn/authn.hpp"
#include "http/route.hpp"

namespace cardea::authn {

/// {"state":"complete","user":…,"session":…,"access_token":…,"token_type":"Bearer","expires_in":…} and the cookies.
[[nodiscard]] http::Response welcome(const Deps& deps, const http::Call& call, const SignedIn& in, int status);
[[nodiscard]] wire::Schema welcome_schema();
/// The same for a sign-in that is complete; {"state":"mfa_required","methods":[…],"expires_at":…} for one that is not.
[[nodiscard]] http::Response answer(const Deps& deps, const http::Call& call, const SignIn& outcome);

/// An access token for a live session, and its answer {"access_token","token_type","expires_in"}.
[[nodiscard]] wire::Object access_token(const Deps& deps, const session::Session& session, Time now);

/// A session as the API shows it.
[[nodiscard]] wire::Object to_wire(const session::Session& session, const SessionId& current);

}  // namespace cardea::authn
