#pragma once
// Whether the caller meets what the route requires.

#include "http/pipeline.hpp"

namespace cardea::http {

/// Fills the principal of `call` as the route's requirement asks. `known` is what memory knew; without it the
/// authenticator is asked, which may block.
/// Errors: the authenticator's (unauthenticated), session_cookie_required, forbidden, reauth_required.
Result<Done> authorize(Call& call, std::optional<Result<Authentication>>&& known, Authenticator& authenticator);

}  // namespace cardea::http
