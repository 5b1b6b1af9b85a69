#pragma once
// self_service: what somebody who is signed in does with their own account.
//
// Owns: no table. Never: acts on another account than the caller's.
// Routes: GET, PATCH and DELETE /v1/me, POST /v1/me/password, GET and DELETE /v1/me/sessions and /v1/me/sessions/{id},
// POST /v1/me/sessions/revoke-others, GET /v1/me/factors, /.well-known/change-password; pages below /account.

#include "authn/authn.hpp"
#include "feature/feature.hpp"
#include "page/page.hpp"

namespace cardea::self_service {

struct Deps {
  const authn::Deps& authn;
  const page::Pages& pages;
};

/// Deletes the principal's own account, who has shown all that it has not long ago: whoever knows the password alone
/// takes nothing away that a second factor guards. When it will be erased; absent: it is. Errors: reauth_required,
/// unauthenticated, those of `condition`.
Result<std::optional<Time>> delete_own(const authn::Deps& deps, const Context& context,
                                       const account::Condition& condition = {});

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] Feature feature(const Deps& deps);
[[nodiscard]] std::vector<http::Route> api_routes(const authn::Deps& deps);
[[nodiscard]] std::vector<http::Route> factor_routes(const authn::Deps& deps);
/// What the security page shows of the second factors, each with a link to its own page.
[[nodiscard]] wire::Array factor_rows(const authn::Deps& deps, const page::Words& words, const AccountId& account);
[[nodiscard]] std::vector<http::Route> profile_pages(const Deps& deps);
[[nodiscard]] std::vector<http::Route> session_pages(const Deps& deps);

}  // namespace cardea::self_service
