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

Result<Done> authorize(Call& call, std::optional<Result<Authentication>> known, Authenticator& authenticator) {
  const Requirement& requirement = call.route.requirement;
  if (requirement.who == Who::anyone) return done;
  const Surface& surface = *call.route.surface;
  Result<Authentication> found = known ? *std::move(known) : authenticator.identify(call.request, surface, call.now());
  // A page acts for the browser's session; a token sent to one does not count.
  if (found.ok() && !looks_at(surface, found->place)) found = unauthenticated;
  if (!found.ok()) {
    if (requirement.who == Who::optional) return done;
    return std::move(found).error();
  }
  Authentication authentication = std::move(found).value();
  call.place = authentication.place;
  call.summary = std::move(authentication.summary);
  const Principal& principal = call.context.principal.emplace(std::move(authentication.principal));
  if (requirement.permission != nullptr && !principal.permissions.has(*requirement.permission)) return forbidden;
  if (requirement.who == Who::principal && !is_met_by(requirement, principal.assurance, call.now())) {
    return reauth_required;
  }
  return done;
}

}  // namespace cardea::http
