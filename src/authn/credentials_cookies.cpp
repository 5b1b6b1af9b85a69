#include "authn/credentials.hpp"

namespace cardea::authn {
namespace {

std::chrono::seconds seconds(Duration span) { return std::chrono::duration_cast<std::chrono::seconds>(span); }

}  // namespace

std::string signin_token(const http::Call& call) { return http::cookie(call.request, signin_cookie).value_or(""); }

void set_known_browser_cookie(http::Response& response, const Deps& deps, const Secret& token) {
  response.headers.add("Set-Cookie", http::set_cookie(known_browser::cookie_name, token.reveal(),
                                                      {.max_age = seconds(known_browser::lifetime),
                                                       .same_site = deps.cookie.same_site}));
}

void set_cookies(http::Response& response, const Deps& deps, const http::Call& call, const SignedIn& in) {
  const auto& session = in.session.session;
  response.headers.add("Set-Cookie", http::set_cookie(session_cookie.cookie, in.session.token.reveal(),
                                                      {.max_age = seconds(session.expires_at - session.created_at),
                                                       .same_site = deps.cookie.same_site}));
  if (in.known_browser) set_known_browser_cookie(response, deps, *in.known_browser);
  if (signin_token(call).empty()) return;
  response.headers.add("Set-Cookie", http::set_cookie(signin_cookie, "", {.max_age = std::chrono::seconds{0}}));
}

void set_signin_cookie(http::Response& response, const Pending& pending, Time now) {
  if (pending.token.empty()) return;  // a further step of the same sign-in
  response.headers.add("Set-Cookie", http::set_cookie(signin_cookie, pending.token.reveal(),
                                                      {.max_age = seconds(pending.expires_at - now)}));
}

void clear_cookies(http::Response& response, const Deps& deps) {
  for (const auto& source : deps.cookies) {
    response.headers.add(
        "Set-Cookie",
        http::set_cookie(source.cookie, "", {.max_age = std::chrono::seconds{0}, .same_site = deps.cookie.same_site}));
  }
}

}  // namespace cardea::authn
