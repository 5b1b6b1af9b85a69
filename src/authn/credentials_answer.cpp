#include "authn/credentials_answer.hpp"

#include <algorithm>

#include "authn/credentials.hpp"
#include "http/problem.hpp"

namespace cardea::authn {

AccessToken access_token(const Deps& deps, const session::Session& session, Time now) {
  const Time ends = std::min(now + deps.token.access_lifetime, session.expires_at);
  return {.access_token = deps.tokens.issue(cardea::access_token, {.subject = session.account,
                                                                   .session = session.id,
                                                                   .issued_at = now,
                                                                   .expires_at = ends,
                                                                   .assurance = session.assurance}),
          .expires_in = to_seconds(ends) - to_seconds(now)};
}

http::Response welcome(const Deps& deps, const http::Call& call, const SignedIn& in, int status) {
  const auto& session = in.session.session;
  http::Response response =
      http::json(SignedInView{.user = identity::view(in.account, deps.identity, identity::Viewer::self),
                              .session = view(session, session.id),
                              .token = access_token(deps, session, call.now())},
                 status);
  set_cookies(response, deps, call, in);
  return response;
}

http::Response answer(const Deps& deps, const http::Call& call, const SignIn& outcome) {
  if (const auto* in = std::get_if<SignedIn>(&outcome)) return welcome(deps, call, *in, 200);
  const auto& pending = std::get<Pending>(outcome);
  http::Response response = http::json(MfaRequired{.methods = pending.methods, .expires_at = pending.expires_at});
  set_signin_cookie(response, pending, call.now());
  return response;
}

}  // namespace cardea::authn
