// The ways in which a sign-in may begin, and the events of all of them.

#include <algorithm>

#include "authn/authn.hpp"
#include "authn/factors.hpp"

namespace cardea::authn {

std::vector<audit::Kind> events() {
  return {signup_completed,  invitation_issued, signin_succeeded, signin_failed,     signin_throttled,
          signin_continued,  signin_unusual,    reauthenticated,  signout_completed, password_changed,
          password_breached, factor_enrolled,   factor_removed};
}

Result<Done> may_begin(const Deps& deps, AuthMethod method) {
  if (!deps.policy.begins_with(method)) return method_off;
  return done;
}

bool has_way_in(db::Tx& tx, const Deps& deps, const AccountId& account) {
  return password::find(tx, account).has_value() ||
         std::any_of(deps.first_steps.begin(), deps.first_steps.end(),
                     [&](const FirstStep& way) { return way.is_enrolled(tx, account); });
}

}  // namespace cardea::authn
