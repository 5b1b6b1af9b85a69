#include "authn/factor_change.hpp"

#include <algorithm>

#include "authn/credential_change.hpp"
#include "authn/factors.hpp"
#include "http/problem.hpp"

namespace cardea::authn {
namespace {

/// Whether the account has a first step that needs no second one beside it.
bool has_strong_first_step(db::Tx& tx, const Deps& deps, const AccountId& account) {
  std::vector<db::Condition> strong;
  for (const FirstStep& way : deps.first_steps) {
    Assurance assurance;
    assurance.add(way.method, Time{});
    if (assurance.level() == Level::aal2) strong.push_back(way.is_enrolled(account));
  }
  const auto hold = tx.which_hold(strong);
  return std::find(hold.begin(), hold.end(), true) != hold.end();
}

void remove_backups(db::Tx& tx, const Deps& deps, const AccountId& account) {
  for (const Factor& factor : deps.factors) {
    if (factor.kind == Factor::Kind::backup && factor.remove) factor.remove(tx, account);
  }
}

}  // namespace

SignedIn start_afresh(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser,
                      identity::Account account, const Assurance& assurance) {
  end_others(tx, deps, context);
  known_browser::forget_all(tx, account.id);
  return open_session(tx, deps, context, browser,
                      {.account = std::move(account), .assurance = assurance, .keeps_binding = true});
}

Result<Done> after_removal(db::Tx& tx, const Deps& deps, const Context& context, const identity::Account& account,
                           AuthMethod method) {
  const Factor* factor = find_factor(deps, method);
  const bool is_backup = factor != nullptr && factor->kind == Factor::Kind::backup;
  const bool has_none = !is_backup && !find_enrolled(tx, deps, account.id).any();
  const bool is_second = factor != nullptr;
  const bool is_enough = !is_second && has_strong_first_step(tx, deps, account.id);
  if (has_none && !is_enough && required_level(deps.policy, account.role) == Level::aal2) return last_factor;
  if (has_none) remove_backups(tx, deps, account.id);
  end_others(tx, deps, context);
  known_browser::end_trust(tx, account.id);
  return done;
}

Result<SignedIn> enrol(const Deps& deps, const Context& context, const Browser& browser, const Proof& proof) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<SignedIn> {
    auto account = TRY(hold_active(tx, context.account()));
    if (deps.policy.mfa == Mfa::off) return mfa_off;
    TRY(proof.use(tx));
    deps.trail.record(tx, context,
                      {.kind = factor_enrolled, .account = account.id, .reason = enum_text(proof.evidence.method)});
    Assurance assurance = context.principal->assurance;
    assurance.add(proof.evidence.method, proof.evidence.at);
    return start_afresh(tx, deps, context, browser, std::move(account), assurance);
  });
}

Result<Done> remove_factor(const Deps& deps, const Context& context, AuthMethod method) {
  const Factor* factor = find_factor(deps, method);
  if (factor == nullptr || !factor->remove) return not_found;
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    const auto account = TRY(hold_active(tx, context.account()));
    if (!find_enrolled(tx, deps, account.id).has(method)) return not_found;
    TRY(confirm_best(tx, deps, context));
    factor->remove(tx, account.id);
    TRY(after_removal(tx, deps, context, account, method));
    deps.trail.record(tx, context, {.kind = factor_removed, .account = account.id, .reason = enum_text(method)});
    return done;
  });
}

Enroller enroller_of(const Context& context) {
  return {.account = context.account(), .owner = crypto::sha256("enrols in " + context.session().text())};
}

}  // namespace cardea::authn
