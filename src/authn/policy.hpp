#pragma once
// What a sign-in must reach, by the operator's settings.

#include <string>
#include <vector>

#include "base/time.hpp"
#include "config/section.hpp"
#include "principal/principal.hpp"

namespace cardea::authn {

/// Who has a second factor.
enum class Mfa {
  off,       // nobody can enrol one; who has one is still asked for it
  optional,  // who likes
  admins,    // owners and administrators must, the others may
  required,  // everybody must
};
constexpr auto enum_texts(Mfa) {
  return std::to_array<EnumText<Mfa>>(
      {{Mfa::off, "off"}, {Mfa::optional, "optional"}, {Mfa::admins, "admins"}, {Mfa::required, "required"}});
}

/// What is done about a right password from a browser and a network that are both new to the account, or from a country
/// that is.
enum class Unusual {
  ask,  // who has no second factor is asked for what can be sent to them, as a code by mail
  off,  // nothing
};
constexpr auto enum_texts(Unusual) {
  return std::to_array<EnumText<Unusual>>({{Unusual::ask, "ask"}, {Unusual::off, "off"}});
}

struct Policy {
  Mfa mfa = Mfa::optional;
  Unusual unusual = Unusual::ask;
  std::string country_file = {};  // in MaxMind's format; empty: countries are not told apart
  Duration trust_browser{0};  // how long a browser that was asked to be trusted is not asked again; 0: it cannot be
  std::vector<std::string> methods = {"password", "passkey"};  // by which a sign-in may begin

  [[nodiscard]] bool begins_with(AuthMethod method) const;
};
void describe_policy(config::Section& signin, Policy& policy);

/// What an account of this role must reach.
[[nodiscard]] Level required_level(const Policy& policy, Role role);

}  // namespace cardea::authn
