#include "authn/next_step.hpp"

#include <algorithm>

namespace cardea::authn {
namespace {

Level level_of(const std::vector<AuthMethod>& methods) {
  Assurance assurance;
  for (const AuthMethod method : methods) assurance.add(method, Time{});
  return assurance.level();
}

bool has(const std::vector<AuthMethod>& methods, AuthMethod method) {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

bool has_second_of(const Facts& facts) {
  return std::any_of(facts.enrolled.begin(), facts.enrolled.end(),
                     [&](AuthMethod method) { return method != AuthMethod::email_code && has(facts.shown, method); });
}

/// Shows all that the account has, in whatever browser. What policy asks for besides is for those who stay.
Step step_of_leaver(Facts facts) {
  facts.awaits_erasure = facts.awaits_confirmation = facts.browser_is_trusted = false;
  facts.required = Level::aal1;
  const Step step = next_step(facts);
  return std::holds_alternative<Open>(step) ? Step{Restore{}} : step;
}

}  // namespace

Step next_step(const Facts& facts) {
  if (!facts.is_active || !facts.proofs_hold || facts.shown.empty()) return Refused{};
  if (facts.awaits_erasure) return step_of_leaver(facts);
  if (facts.awaits_confirmation) return Verify{};
  const bool stood_in = std::any_of(facts.stand_ins.begin(), facts.stand_ins.end(),
                                    [&](AuthMethod method) { return has(facts.shown, method); });
  if (!facts.stand_ins.empty() && !stood_in) return Ask{.methods = facts.stand_ins, .is_unusual = true};
  // What stands in for a second factor is none that the account has.
  if (stood_in && facts.required == Level::aal2) return Enrol{};
  if (level_of(facts.shown) == Level::aal2) return Open{};
  // A code by mail and an app are both something that one has, so together they reach no higher level; what the account
  // asks for besides the first step was shown all the same.
  if (facts.began_by_mail && has_second_of(facts)) return Open{};
  // Whoever has a second factor is asked for it, whatever policy says: that is what they set it up for.
  Ask ask;
  for (const AuthMethod method : facts.enrolled) {
    if (!has(facts.shown, method)) ask.methods.push_back(method);
  }
  if (!ask.methods.empty() && facts.browser_is_trusted) return Open{};
  if (!ask.methods.empty()) return ask;
  if (facts.required == Level::aal2) return Enrol{};
  return Open{};
}

}  // namespace cardea::authn
