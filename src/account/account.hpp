#pragma once
// account: what somebody who is signed in does with their own account.
//
// Owns: no table. Never: acts on another account than the caller's.
// Routes: GET, PATCH and DELETE /v1/me, POST /v1/me/password, GET and DELETE /v1/me/sessions and /v1/me/sessions/{id},
// POST /v1/me/sessions/revoke-others, /.well-known/change-password; pages below /account.

#include "authn/authn.hpp"
#include "feature/feature.hpp"
#include "note/note.hpp"
#include "page/page.hpp"

namespace cardea::account {

struct Deps {
  const authn::Deps& authn;
  const note::Settings& note;
  const page::Pages& pages;
};

/// The caller's account. Errors: unauthenticated when it was deleted a moment ago.
Result<identity::Account> mine(const authn::Deps& deps, const http::Call& call);

/// Changes profile, name or e-mail address. A different address needs recent authentication.
/// Errors: validation_failed, reauth_required, rate_limited.
Result<identity::Account> change_profile(const authn::Deps& deps, const http::Call& call,
                                         const identity::Submitted& submitted);

/// What a password change needs.
struct PasswordChange {
  Secret current;
  Secret password;
  std::optional<Secret> confirmation = {};
};
/// Proves the current password, stores the new one, ends every session and forgets every device, and lets the caller in
/// anew: a copied cookie or token ends with the old password. Heavy lane. Errors: validation_failed, rate_limited.
Result<authn::Admitted> change_password(const authn::Deps& deps, const http::Call& call, const PasswordChange& change);

/// Removes the account and everything that belongs to it.
void remove(const authn::Deps& deps, const http::Call& call);

/// Ends one of the caller's sessions. Errors: not_found.
Result<Done> revoke(const authn::Deps& deps, const http::Call& call, const SessionId& id);
/// Ends all of the caller's sessions but this one; returns how many.
std::int64_t revoke_others(const authn::Deps& deps, const http::Call& call);
/// Ends all of the caller's sessions, this one too.
void revoke_all(const authn::Deps& deps, const http::Call& call);
/// One of the caller's live sessions. Errors: not_found, also for a session of somebody else.
Result<session::Session> find_session(const authn::Deps& deps, const http::Call& call, const SessionId& id);

[[nodiscard]] Feature feature(const Deps& deps);
[[nodiscard]] std::vector<http::Route> api_routes(const authn::Deps& deps);
[[nodiscard]] std::vector<http::Route> profile_pages(const Deps& deps);
[[nodiscard]] std::vector<http::Route> session_pages(const Deps& deps);
[[nodiscard]] std::vector<http::Route> note_pages(const Deps& deps);

}  // namespace cardea::account
