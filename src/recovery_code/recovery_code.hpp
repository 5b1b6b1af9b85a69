#pragma once
// recovery_code: ten codes that work once each, for who has lost the other second factor.
//
// Owns: recovery_set, recovery_code, recovery_draft. Never: a second factor by itself; shows a code again once its
// owner has said to have saved it; stores one in the clear (hashed under a key of the server, or sealed while shown).
// Routes: POST /v1/me/recovery-codes; pages below /account/security/recovery-codes.

#include "authn/factors.hpp"
#include "feature/feature.hpp"
#include "page/page.hpp"
#include "recovery_code/code.hpp"

namespace cardea::recovery_code {

inline constexpr ErrorKind no_factor{"recovery_code.no_factor", 409,
                                     "Set up a second factor first. Recovery codes stand in for it."};
inline constexpr ErrorKind not_shown{"recovery_code.not_shown", 409,
                                     "These codes were shown too long ago. Make new ones."};

inline constexpr audit::Kind codes_made{"mfa.recovery_codes.made", "Recovery codes were made; older ones are void.",
                                        audit::Repeats::kept, audit::Concern::credential};
inline constexpr audit::Kind code_used{"mfa.recovery_codes.used",
                                       "A recovery code was used; the subject says how many are left.",
                                       audit::Repeats::kept, audit::Concern::recovery_code};

inline constexpr Duration draft_lifetime = std::chrono::minutes{15};

struct Deps {
  const authn::Deps& authn;
  Secret hash_key;
  Secret seal_key;  // of drafts
};

/// New codes in place of all older ones. Errors: mfa_off, recovery_code.no_factor, reauth_required, unauthenticated.
Result<Codes> replace(const Deps& deps, const Context& context);

/// The same in two steps, for people: codes that are shown and count for nothing until their owner has saved them, so
/// that whoever closes the page too early still has the old ones. They are bound to the session.
Result<Done> draft(const Deps& deps, const Context& context);
std::optional<Codes> find_draft(const Deps& deps, const Context& context);
/// However long ago its owner was asked who they are: they were before it was made.
/// Errors: recovery_code.not_shown, recovery_code.no_factor, unauthenticated.
Result<Done> accept_draft(const Deps& deps, const Context& context);

[[nodiscard]] authn::FactorState state(db::Tx& tx, const AccountId& account);
[[nodiscard]] authn::Factor factor(std::shared_ptr<const Deps> deps);

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] std::vector<http::Route> api_routes(std::shared_ptr<const Deps> deps);
[[nodiscard]] std::vector<http::Route> page_routes(std::shared_ptr<const Deps> deps, const page::Pages& pages);

}  // namespace cardea::recovery_code
