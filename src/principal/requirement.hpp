#pragma once
// What a route asks of its caller: one row of the authorisation matrix.

#include "principal/principal.hpp"

namespace cardea {

enum class Who {
  anyone,     // no credentials are looked at
  optional,   // the principal is set when the credentials are good
  principal,  // 401 without good credentials
};

struct Requirement {
  Who who = Who::principal;
  const Permission* permission = nullptr;   // 403 without it
  Level level = Level::aal1;                // 403, reauth_required, below it
  Duration max_age = Duration::max();       // since `level` was last shown; 403, reauth_required, beyond it
};

inline constexpr Requirement anyone{.who = Who::anyone};
inline constexpr Requirement if_signed_in{.who = Who::optional};
inline constexpr Requirement signed_in{};
/// Signed in, and shown again within `max_age`.
[[nodiscard]] constexpr Requirement shown_within(Duration max_age) { return {.max_age = max_age}; }
[[nodiscard]] constexpr Requirement holder_of(const Permission& permission) { return {.permission = &permission}; }

/// Whether what was shown so far is enough for `requirement` at `now`.
[[nodiscard]] inline bool is_met_by(const Requirement& requirement, const Assurance& assurance, Time now) {
  const auto at = assurance.shown_at(requirement.level);
  return at && now - *at < requirement.max_age;
}

/// "signed_in", "users.update", "signed_in within 600 s": for the route table.
[[nodiscard]] std::string to_text(const Requirement& requirement);

}  // namespace cardea
