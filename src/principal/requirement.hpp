#pragma once
// What a route asks of its caller: one row of the authorisation matrix.

#include "principal/principal.hpp"

namespace cardea {

enum class Who {
  anyone,     // no credentials are looked at
  optional,   // the principal is set when the credentials are good
  principal,  // 401 without good credentials
};

/// What a bearer token is worth on a route, where its surface takes one. A token is carried by programs and kept where
/// scripts can read it: it acts for its account, and never on how one gets into it.
enum class Bearer {
  refused,   // 403, session_cookie_required: only the cookie of a session acts here
  accepted,
};

/// Takes the cookie alone, unless it says that a token will do.
struct Requirement {
  Who who = Who::principal;
  const Permission* permission = nullptr;   // 403 without it
  Level level = Level::aal1;                // 403, reauth_required, below it
  Duration max_age = Duration::max();       // since `level` was last shown; 403, reauth_required, beyond it
  Bearer bearer = Bearer::refused;
};

inline constexpr Requirement anyone{.who = Who::anyone};
inline constexpr Requirement if_signed_in{.who = Who::optional};
inline constexpr Requirement signed_in{};
/// Signed in, and shown again within `max_age`.
[[nodiscard]] constexpr Requirement shown_within(Duration max_age) { return {.max_age = max_age}; }
[[nodiscard]] constexpr Requirement holder_of(const Permission& permission) { return {.permission = &permission}; }

/// The same, by a bearer token too: for what changes no credential, address, account or session.
[[nodiscard]] constexpr Requirement or_token(Requirement requirement) {
  requirement.bearer = Bearer::accepted;
  return requirement;
}

/// Whether what was shown so far is enough for `requirement` at `now`.
[[nodiscard]] inline bool is_met_by(const Requirement& requirement, const Assurance& assurance, Time now) {
  const auto at = assurance.shown_at(requirement.level);
  return at && now - *at < requirement.max_age;
}

/// "signed_in", "users.update|token", "signed_in<600s": for the route table.
[[nodiscard]] std::string to_text(const Requirement& requirement);

}  // namespace cardea
