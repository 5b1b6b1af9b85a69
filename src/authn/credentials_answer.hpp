#pragma once
// Answers to sign-ins: the JSON and the cookies.

#include "authn/authn.hpp"
#include "authn/views.hpp"
#include "http/route.hpp"

namespace cardea::authn {

/// A SignedInView and the cookies.
[[nodiscard]] http::Response welcome(const Deps& deps, const http::Call& call, const SignedIn& in, int status);
/// The same for a sign-in that is complete; MfaRequired and the cookie of the sign-in for one that is not.
[[nodiscard]] http::Response answer(const Deps& deps, const http::Call& call, const SignIn& outcome);

/// An access token for a live session.
[[nodiscard]] AccessToken access_token(const Deps& deps, const session::Session& session, Time now);

}  // namespace cardea::authn
