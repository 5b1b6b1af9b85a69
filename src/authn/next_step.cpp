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

}  // namespace

Step next_step(const Facts& facts) {
  if (!facts.is_active || !facts.proofs_hold || facts.shown.empty()) return Refused{};
  if (level_of(facts.shown) == Level::aal2) return Open{};
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
