#pragma once
// Answers to sign-ins: the JSON and the cookies.

#include "authn/authn.hpp"
#include "authn/views.hpp"
#include "http/route.hpp"

namespace cardea::authn {

/// A SignedInView and the cookies.
[[nodiscard]] http::Response welcome(const Deps& deps, const http::Call& call, const SignedIn& in, int status);
/// The same for a sign-in that is complete; MfaRequired or EnrolRequired and the cookie of the sign-in for one that is
/// not.
[[nodiscard]] http::Response answer(const Deps& deps, const http::Call& call, const SignIn& outcome, int status = 200);

/// An access token for a live session and its account: for this server, or for a service of token.audiences.
[[nodiscard]] AccessToken access_token(const Deps& deps, const session::Session& session,
                                       const identity::Account& account, Time now, std::string audience = {});

/// Adds the session cookie and that of a newly known browser, and removes that of a finished sign-in.
void set_cookies(http::Response& response, const Deps& deps, const http::Call& call, const SignedIn& in);
/// Adds a cookie that holds credentials. A browser may still have one of that name in its other jar, the partitioned or
/// the common one, from before the setting changed; it would send both, and a name that comes twice is nobody's. So
/// that one is removed first, where the request has cookies of that name that may be such.
void add_credential_cookie(http::Response& response, const Deps& deps, const http::Request& request,
                           std::string_view name, std::string_view value, std::chrono::seconds lifetime);
void set_known_browser_cookie(http::Response& response, const Deps& deps, const Secret& token);
/// The key of a pending sign-in: never Strict, because the next step may follow a link.
void set_signin_cookie(http::Response& response, const Deps& deps, const Pending& pending, Time now);
/// Removes every cookie that holds credentials, of whatever surface, and that of a sign-in that waits.
void clear_cookies(http::Response& response, const Deps& deps, const http::Call& call);

}  // namespace cardea::authn
