#include "authn/credentials_answer.hpp"

#include <algorithm>
#include <stdexcept>

#include "authn/credentials.hpp"
#include "authn/token_profile.hpp"
#include "http/problem.hpp"

namespace cardea::authn {
namespace {

std::chrono::seconds seconds(Duration span) { return std::chrono::duration_cast<std::chrono::seconds>(span); }

/// The next step of a sign-in may follow a link, which Strict would not let it come with.
http::SameSite of_signin(http::SameSite same_site) {
  return same_site == http::SameSite::none ? http::SameSite::none : http::SameSite::lax;
}

/// Said only when it is so.
std::optional<bool> told(bool is_so) { return is_so ? std::optional{true} : std::nullopt; }

http::Response waiting(const Pending& pending, std::optional<bool> breached, int status) {
  switch (pending.needs) {
    case Pending::Needs::second_factor:
      return http::json(MfaRequired{.methods = pending.methods,
                                    .expires_at = pending.expires_at,
                                    .unusual = told(pending.is_unusual),
                                    .password_breached = breached},
                        status);
    case Pending::Needs::enrolment:
      return http::json(
          EnrolRequired{.methods = pending.methods, .expires_at = pending.expires_at, .password_breached = breached},
          status);
    case Pending::Needs::verification:
      return http::json(
          VerifyRequired{.email = pending.address, .expires_at = pending.expires_at, .password_breached = breached},
          status);
    case Pending::Needs::restoration:
      return http::json(RestoreRequired{.erase_at = pending.erase_at.value_or(Time{}),
                                        .expires_at = pending.expires_at,
                                        .password_breached = breached},
                        status);
    case Pending::Needs::nothing: break;
  }
  throw std::logic_error{"a sign-in that needs nothing more is opened, and never answered as one that waits"};
}

}  // namespace

AccessToken access_token(const Deps& deps, const session::Session& session, const identity::Account& account, Time now,
                         std::string audience) {
  const Time ends = std::min(now + deps.token.access_lifetime, session.expires_at);
  return {.access_token =
              deps.tokens.issue(cardea::access_token, {.subject = session.account,
                                                       .session = session.id,
                                                       .issued_at = now,
                                                       .expires_at = ends,
                                                       .assurance = session.assurance,
                                                       .audience = std::move(audience),
                                                       .profile = profile_claims(deps.token, deps.identity, account)}),
          .expires_in = to_seconds(ends) - to_seconds(now)};
}

http::Response welcome(const Deps& deps, const http::Call& call, const SignedIn& in, int status) {
  const auto& session = in.session.session;
  http::Response response =
      http::json(SignedInView{.user = identity::view(in.account, deps.identity, identity::Viewer::self),
                              .session = view(session, session.id),
                              .codes_left = in.codes_left,
                              .token = access_token(deps, session, in.account, call.now()),
                              .password_breached = told(in.password_has_leaked)},
                 status);
  set_cookies(response, deps, call, in);
  return response;
}

http::Response answer(const Deps& deps, const http::Call& call, const SignIn& outcome, int status) {
  if (const auto* in = std::get_if<SignedIn>(&outcome)) return welcome(deps, call, *in, status);
  const auto& pending = std::get<Pending>(outcome);
  http::Response response = waiting(pending, told(pending.password_has_leaked), status);
  set_signin_cookie(response, deps, pending, call.now());
  return response;
}

void set_known_browser_cookie(http::Response& response, const Deps& deps, const Secret& token) {
  response.headers.add("Set-Cookie",
                       http::set_cookie(known_browser::cookie_name, token.reveal(),
                                        {.max_age = seconds(known_browser::lifetime), .same_site = deps.same_site}));
}

void add_credential_cookie(http::Response& response, const Deps& deps, const http::Request& request,
                           std::string_view name, std::string_view value, std::chrono::seconds lifetime) {
  const bool is_partitioned = deps.same_site == http::SameSite::none;
  const auto sent = http::cookie(request, name);
  const bool is_unclear = !sent && request.headers.get("Cookie").find(name) != std::string_view::npos;
  if (is_unclear || (sent && is_partitioned)) {
    const auto other = is_partitioned ? http::SameSite::lax : http::SameSite::none;
    response.headers.add("Set-Cookie",
                         http::set_cookie(name, "", {.max_age = std::chrono::seconds{0}, .same_site = other}));
  }
  response.headers.add("Set-Cookie", http::set_cookie(name, value, {.max_age = lifetime, .same_site = deps.same_site}));
}

namespace {

void clear_signin_cookie(http::Response& response, const Deps& deps, const http::Call& call) {
  if (signin_token(call).empty()) return;
  response.headers.add("Set-Cookie",
                       http::set_cookie(signin_cookie, "",
                                        {.max_age = std::chrono::seconds{0}, .same_site = of_signin(deps.same_site)}));
}

}  // namespace

void set_cookies(http::Response& response, const Deps& deps, const http::Call& call, const SignedIn& in) {
  const auto& session = in.session.session;
  add_credential_cookie(response, deps, call.request, session_cookie.cookie, in.session.token.reveal(),
                        seconds(session.expires_at - session.created_at));
  if (in.known_browser) set_known_browser_cookie(response, deps, *in.known_browser);
  clear_signin_cookie(response, deps, call);
  if (deps.device_binding && !session.binding) deps.device_binding->offer(response, session, call.now());
}

void set_signin_cookie(http::Response& response, const Deps& deps, const Pending& pending, Time now) {
  if (pending.token.empty()) return;  // a further step of the same sign-in
  response.headers.add("Set-Cookie", http::set_cookie(signin_cookie, pending.token.reveal(),
                                                      {.max_age = seconds(pending.expires_at - now),
                                                       .same_site = of_signin(deps.same_site)}));
}

void clear_cookies(http::Response& response, const Deps& deps, const http::Call& call) {
  clear_signin_cookie(response, deps, call);
  for (const auto& source : deps.credentials) {
    if (source.place != CredentialPlace::cookie) continue;
    response.headers.add(
        "Set-Cookie",
        http::set_cookie(source.cookie, "", {.max_age = std::chrono::seconds{0}, .same_site = deps.same_site}));
  }
  const auto& device = deps.device_binding;
  if (device && http::cookie(call.request, device->cookie)) response.headers.add("Set-Cookie", device->renewal);
}

}  // namespace cardea::authn
