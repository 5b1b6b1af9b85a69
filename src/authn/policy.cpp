#include "authn/policy.hpp"

#include <algorithm>
#include <iterator>

namespace cardea::authn {

namespace {

/// In the order in which they are offered.
constexpr AuthMethod beginnings[] = {AuthMethod::password, AuthMethod::passkey, AuthMethod::email_code};

std::string problem_with_methods(const std::vector<std::string>& methods) {
  if (methods.empty()) return "signin.methods: nobody could sign in; list one at least";
  for (const auto& name : methods) {
    const auto method = parse_enum<AuthMethod>(name);
    if (!method || std::find(std::begin(beginnings), std::end(beginnings), *method) == std::end(beginnings)) {
      return "signin.methods: \"" + name + "\" is none; there are password, passkey and email_code";
    }
  }
  return {};
}

}  // namespace

bool Policy::begins_with(AuthMethod method) const {
  return std::find(methods.begin(), methods.end(), enum_text(method)) != methods.end();
}

void describe_policy(config::Section& signin, Policy& policy) {
  signin.choice(
      "mfa", policy.mfa,
      "Second factors: \"off\" lets nobody enrol one, \"optional\" everybody who likes; \"admins\" has owners and "
      "administrators enrol one before they get in, \"required\" everybody. Who has one is always asked for it.");
  signin.choice(
      "unusual", policy.unusual,
      "A right password from a browser and a network that are both new to the account: \"ask\" asks who has no second "
      "factor for a code that is sent to their confirmed address, where mail works; \"off\" asks for nothing more.");
  signin.text(
      "country_file", policy.country_file,
      "A file in MaxMind's format that says in which country an address is, such as GeoLite2-Country.mmdb. With "
      "it a right password from a country that is new to the account is unusual too, in whatever browser. A "
      "file that is put in its place is used at once. Empty: countries are not told apart.");
  signin.span("trust_browser", policy.trust_browser,
              "How long a browser whose owner asks for it is not asked for the second factor again, \"30d\"; \"0s\": "
              "nobody is offered that.",
              {.min = std::chrono::seconds{0}, .max = std::chrono::hours{24 * 90}});
  signin.texts("methods", policy.methods,
               "How a sign-in may begin: \"password\", \"passkey\", \"email_code\". What is not listed is refused on "
               "every surface. A second factor is asked for after each of them.");
  signin.check([&policy] { return problem_with_methods(policy.methods); });
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
