#pragma once
// Who may call a route.

#include "http/desk.hpp"

namespace cardea::http {

/// Fills `call.caller` as the route's access asks. `known` is what memory said already; without it the gatekeeper is
/// asked, which may block.
/// Errors: the gatekeeper's (unauthenticated), reauth_required, forbidden.
Result<Done> let_in(Call& call, const std::optional<Result<Caller>>& known, Gatekeeper& gatekeeper, Duration recent);

}  // namespace cardea::http
