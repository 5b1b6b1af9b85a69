#include <algorithm>

#include "authn/factors.hpp"
#include "http/problem.hpp"

namespace cardea::authn {
namespace {

Result<identity::Account> hold_active(db::Tx& tx, const AccountId& id) {
  auto account = identity::hold(tx, id);
  if (!account || account->status != identity::Status::active) return http::unauthenticated;
  return *std::move(account);
}

void end_others(db::Tx& tx, const Deps& deps, const Context& context) {
  if (session::revoke_others(tx, context.account(), context.session()) == 0) return;
  deps.trail.record(tx, context, {.kind = account::session_revoked, .account = context.account(), .subject = "others"});
}

/// Whether another factor of the account stands by itself.
bool has_other(db::Tx& tx, const Deps& deps, const AccountId& account, AuthMethod removed) {
  return std::any_of(deps.factors.begin(), deps.factors.end(), [&](const Factor& factor) {
    return factor.kind != Factor::Kind::backup && factor.method != removed && factor.is_enrolled(tx, account);
  });
}

void remove_backups(db::Tx& tx, const Deps& deps, const AccountId& account) {
  for (const Factor& factor : deps.factors) {
    if (factor.kind == Factor::Kind::backup && factor.remove) factor.remove(tx, account);
  }
}

}  // namespace

Result<SignedIn> enrol(const Deps& deps, const Context& context, const Browser& browser, const Proof& proof) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<SignedIn> {
    auto account = TRY(hold_active(tx, context.account()));
    if (deps.policy.mfa == Mfa::off) return mfa_off;
    TRY(proof.use(tx));
    end_others(tx, deps, context);
    known_browser::forget_all(tx, account.id);
    deps.trail.record(tx, context,
                      {.kind = factor_enrolled, .account = account.id, .reason = enum_text(proof.evidence.method)});
    Assurance assurance = context.principal->assurance;
    assurance.add(proof.evidence.method, proof.evidence.at);
    return open_session(tx, deps, context, browser,
                        {.account = std::move(account), .assurance = assurance, .keeps_binding = true});
  });
}

Result<Done> remove_factor(const Deps& deps, const Context& context, AuthMethod method) {
  const Factor* factor = find_factor(deps, method);
  if (factor == nullptr || !factor->remove) return not_found;
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    const auto account = TRY(hold_active(tx, context.account()));
    if (!factor->is_enrolled(tx, account.id)) return not_found;
    TRY(confirm_best(tx, deps, context));
    const bool is_last = factor->kind != Factor::Kind::backup && !has_other(tx, deps, account.id, method);
    if (is_last && required_level(deps.policy, account.role) == Level::aal2) return last_factor;
    factor->remove(tx, account.id);
    if (is_last) remove_backups(tx, deps, account.id);
    end_others(tx, deps, context);
    known_browser::end_trust(tx, account.id);
    deps.trail.record(tx, context, {.kind = factor_removed, .account = account.id, .reason = enum_text(method)});
    return done;
  });
}

Enroller enroller_of(const Context& context) {
  return {.account = context.account(), .owner = crypto::sha256("enrols in " + context.session().text())};
}

}  // namespace cardea::authn
