#pragma once
// How a browser that is signed in here gets the cookie of an application's host.
//
//   app      GET /reports         no cookie: a state is put into this browser, and it is sent to us
//   here     GET /forward-auth    who is signed in gets a code, bound to the session, that host and that state
//   app      GET /.cardea/callback?code=…   the code is used up; the host's cookie is set, and on to /reports
//
// The code works once, for a minute, on that host and in that browser: a link with a code of somebody else's does not
// sign anybody in as them. Internal to forward_auth.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "authn/credentials.hpp"
#include "forward_auth/asked.hpp"

namespace cardea::forward_auth {

/// For whom the token in the cookie of a host was made.
[[nodiscard]] std::optional<authn::Holder> holder_of_token(const Deps& deps, std::string_view token,
                                                           const AppHost& host, Time now);

/// A code for the principal. `state` is the digest of what is in the browser, as text. Errors: unauthenticated.
[[nodiscard]] Result<Secret> make_code(const Deps& deps, const Context& context, const AppHost& host,
                                       std::string_view state);

/// For the cookie of a host.
struct AppToken {
  std::string text;
  std::chrono::seconds lifetime;
};
/// Uses a code up. Absent: it is not good for this host and state, or the session has ended.
[[nodiscard]] std::optional<AppToken> use_code(const Deps& deps, std::string_view code, const AppHost& host,
                                               std::string_view state, Time now);

}  // namespace cardea::forward_auth
