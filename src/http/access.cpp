#include "http/access.hpp"

#include "http/problem.hpp"

namespace cardea::http {
namespace {

Result<Caller> identify(const Call& call, const std::optional<Result<Caller>>& known, Gatekeeper& gatekeeper) {
  Caller caller = TRY(known ? *known : gatekeeper.identify(call.request, call.route.style, call.now));
  // A page acts for the browser's session; a token that strayed there is not one.
  if (call.route.style == Style::page && caller.via != Via::cookie) return unauthenticated;
  return caller;
}

}  // namespace

Result<Done> let_in(Call& call, const std::optional<Result<Caller>>& known, Gatekeeper& gatekeeper, Duration recent) {
  const Access access = call.route.access;
  if (access == Access::anyone) return done;
  Result<Caller> caller = identify(call, known, gatekeeper);
  if (!caller.ok()) {
    if (access == Access::optional) return done;
    return std::move(caller).error();
  }
  call.caller = *caller;
  switch (access) {
    case Access::anyone:
    case Access::optional:
    case Access::signed_in: return done;
    case Access::recent:
      if (caller->authenticated_at + recent > call.now) return done;
      return reauth_required;
    case Access::admin:
      if (caller->is_admin) return done;
      return forbidden;
  }
  return forbidden;
}

}  // namespace cardea::http
