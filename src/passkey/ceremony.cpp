#include "passkey/ceremony.hpp"

#include <algorithm>

#include "encoding/base64.hpp"
#include "http/problem.hpp"

namespace cardea::passkey {

std::string subject_of(const SessionId& session) { return "session " + session.text(); }
std::string subject_of_signin(const crypto::Digest& signin) { return "signin " + encoding::hex(signin); }
std::string subject_of_browser(const crypto::Digest& browser) { return "browser " + encoding::hex(browser); }

Result<challenge::Issued> begin(const Deps& deps, const Context& context, const challenge::Purpose& purpose,
                                const std::string& subject) {
  auto charges =
      throttle::network_charges(deps.settings.ceremonies, "passkey.ceremony", ClientNetwork{context.origin.address});
  if (context.principal && context.principal->account) {
    charges = {{.budget = deps.settings.ceremonies, .key = "passkey.ceremony_of:" + context.account().text()}};
  }
  TRY(throttle::charge(deps.authn.database, charges, context));
  const auto challenges = challenge::Challenges::of_links(deps.authn.random);
  return deps.authn.database.write([&](db::Tx& tx) -> Result<challenge::Issued> {
    if (context.principal) TRY(session::confirm(tx, context));
    return challenges.issue(tx, purpose, subject, context.now);
  });
}

Result<Done> check_recent(db::Tx& tx, const Deps& deps, const Context& context) {
  const auto& factors = deps.authn.factors;
  const bool has_second = std::any_of(factors.begin(), factors.end(), [&](const authn::Factor& factor) {
    return factor.is_enrolled(tx, context.account());
  });
  const Requirement needed{.level = has_second ? Level::aal2 : Level::aal1, .max_age = deps.authn.account.recent};
  if (!is_met_by(needed, context.principal->assurance, context.now)) return http::reauth_required;
  return done;
}

}  // namespace cardea::passkey
