#include "authn/credential_change.hpp"

#include "http/problem.hpp"

namespace cardea::authn {

Result<Done> confirm_key(const Context& context) {
  return context.principal.value().key_is_stale ? Result<Done>{http::reauth_required} : Result<Done>{done};
}

Result<identity::Account> hold_active(db::Tx& tx, const AccountId& id) {
  auto account = identity::hold(tx, id);
  if (!account || account->status != identity::Status::active) return http::unauthenticated;
  return *std::move(account);
}

void end_others(db::Tx& tx, const Deps& deps, const Context& context) {
  if (session::revoke_others(tx, context.account(), context.session()) == 0) return;
  deps.trail.record(tx, context, {.kind = account::session_revoked, .account = context.account(), .subject = "others"});
}

}  // namespace cardea::authn
