#include "authn/next_step.hpp"

#include <algorithm>

namespace cardea::authn {
namespace {

Level level_of(const Facts& facts) {
  Assurance assurance;
  for (const AuthMethod method : facts.shown) {
    if (counts(method, facts.enrolled)) assurance.add(method, Time{});
  }
  return assurance.level();
}

bool has(const std::vector<AuthMethod>& methods, AuthMethod method) {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

}  // namespace

bool is_restricted(AuthMethod method) { return method == AuthMethod::sms_code; }

bool counts(AuthMethod shown, const std::vector<AuthMethod>& enrolled) {
  return !is_restricted(shown) || has(enrolled, shown);
}

Step next_step(const Facts& facts) {
  if (!facts.is_active || !facts.proofs_hold || facts.shown.empty()) return Refused{};
  if (level_of(facts) == Level::aal2) return Open{};
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
