#include "passkey/ceremony.hpp"

#include "authn/factors.hpp"
#include "encoding/base64.hpp"

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

Result<Done> may_add(db::Tx& tx, const Deps& deps, const Context& context, Kind kind) {
  return kind == Kind::security_key ? authn::may_enrol(tx, deps.authn, context) : check_recent(tx, deps, context);
}

Result<Done> check_recent(db::Tx& tx, const Deps& deps, const Context& context) {
  return authn::confirm_best(tx, deps.authn, context);
}

}  // namespace cardea::passkey
