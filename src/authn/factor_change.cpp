#include "authn/credential_change.hpp"
#include "authn/factors.hpp"
#include "http/problem.hpp"

namespace cardea::authn {
namespace {

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
    return open_session(tx, deps, context, browser, {.account = std::move(account), .assurance = assurance});
  });
}

Result<Done> remove_factor(const Deps& deps, const Context& context, AuthMethod method) {
  const Factor* factor = find_factor(deps, method);
  if (factor == nullptr || !factor->remove) return not_found;
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    const auto account = TRY(hold_active(tx, context.account()));
    const auto enrolled = find_enrolled(tx, deps, account.id);
    if (!enrolled.has(method)) return not_found;
    TRY(confirm_best(tx, deps, context));
    const bool is_last = factor->kind != Factor::Kind::backup && !enrolled.has_besides(method);
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
