#include "authn/policy.hpp"

namespace cardea::authn {

void describe_policy(config::Section& signin, Policy& policy) {
  signin.choice(
      "mfa", policy.mfa,
      "Second factors: \"off\" lets nobody enrol one, \"optional\" everybody who likes; \"admins\" has owners and "
      "administrators enrol one before they get in, \"required\" everybody. Who has one is always asked for it.");
  signin.span("trust_browser", policy.trust_browser,
              "How long a browser whose owner asks for it is not asked for the second factor again, \"30d\"; \"0s\": "
              "nobody is offered that.",
              {.min = std::chrono::seconds{0}, .max = std::chrono::hours{24 * 90}});
}

Level required_level(const Policy& policy, Role role) {
  switch (policy.mfa) {
    case Mfa::off:
    case Mfa::optional: return Level::aal1;
    case Mfa::admins: return role == Role::owner || role == Role::admin ? Level::aal2 : Level::aal1;
    case Mfa::required: return Level::aal2;
  }
  return Level::aal2;
}

}  // namespace cardea::authn
