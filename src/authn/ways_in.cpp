// The ways in which a sign-in may begin, and the events of all of them.

#include <algorithm>

#include "authn/authn.hpp"
#include "authn/factors.hpp"

namespace cardea::authn {

std::vector<audit::Kind> events() {
  return {signup_completed,  invitation_issued, signin_succeeded, signin_failed,     signin_throttled,
          signin_continued,  signin_unusual,    reauthenticated,  signout_completed, password_changed,
          password_breached, password_removed,  factor_enrolled,  factor_removed};
}

Result<Done> may_begin(const Deps& deps, AuthMethod method) {
  if (!deps.policy.begins_with(method)) return method_off;
  return done;
}

bool has_way_in(db::Tx& tx, const Deps& deps, const AccountId& account) {
  std::vector<db::Condition> ways;
  if (deps.policy.begins_with(AuthMethod::password)) ways.push_back(password::is_set(account));
  for (const FirstStep& way : deps.first_steps) {
    if (deps.policy.begins_with(way.method)) ways.push_back(way.is_enrolled(account));
  }
  const auto hold = tx.which_hold(ways);
  return std::find(hold.begin(), hold.end(), true) != hold.end();
}

}  // namespace cardea::authn
