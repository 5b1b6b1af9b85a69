#include "http/authorize.hpp"

#include <algorithm>

#include "http/problem.hpp"

namespace cardea::http {
namespace {

bool looks_at(const Surface& surface, CredentialPlace place) {
  return std::any_of(surface.credentials.begin(), surface.credentials.end(),
                     [&](const CredentialSource& source) { return source.place == place; });
}

}  // namespace

Result<Done> authorize(Call& call, std::optional<Result<Authentication>>&& known, Authenticator& authenticator) {
  const Requirement& requirement = call.route.requirement;
  if (requirement.who == Who::anyone) return done;
  const Surface& surface = *call.route.surface;
  if (!known) known = authenticator.identify(call.request, surface, call.now());
  Result<Authentication>& found = *known;
  // A page acts for the browser's session; a token sent to one does not count.
  if (found.ok() && !looks_at(surface, found->place)) found = unauthenticated;
  if (!found.ok()) {
    if (requirement.who == Who::optional) return done;
    return std::move(found).error();
  }
  if (found->place == CredentialPlace::bearer && requirement.bearer == Bearer::refused) return session_cookie_required;
  call.summary = std::move(found->summary);
  call.renewal = found->renewal;
  const Principal& principal = call.context.principal.emplace(std::move(found->principal));
  if (requirement.permission != nullptr && !principal.permissions.has(*requirement.permission)) return forbidden;
  // Before any other answer about how recent a proof is, so that whoever copied the cookies learns nothing of it.
  if (requirement.max_age != Duration::max() && principal.key_is_stale) return reauth_required;
  if (requirement.who == Who::principal && !is_met_by(requirement, principal.assurance, call.now())) {
    return reauth_required;
  }
  return done;
}

}  // namespace cardea::http
