#include "authn/credential_change.hpp"
#include "authn/factors.hpp"
#include "http/problem.hpp"

namespace cardea::authn {
namespace {

Error problem_with_current(std::string code, std::string detail) {
  return {validation_failed, std::vector<FieldError>{{"current_password", std::move(code), std::move(detail)}}};
}

Result<std::string> hash(const Deps& deps, const Context& context, const Secret& password) {
  // A new password is chosen by somebody who is signed in, and has just shown what they have.
  const Share share{.network = ClientNetwork{context.origin.address}, .has_reserve = true};
  return deps.hasher.hash(share, password);
}

/// What follows from a new password, in the transaction that rests on what was shown for it.
SignedIn store(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser, identity::Account account,
               std::string_view phc, const Assurance& assurance) {
  password::store(tx, account.id, phc, context.now);
  end_others(tx, deps, context);
  known_browser::forget_all(tx, account.id);
  deps.trail.record(tx, context, {.kind = password_changed, .account = account.id});
  // No browser is known any more: this one is remembered anew.
  return open_session(tx, deps, context, browser,
                      {.account = std::move(account), .assurance = assurance, .keeps_binding = true});
}

/// Who has a password shows it; who has none shows what they have. Errors: validation_failed, reauth_required.
Result<Done> may_set_first(db::Tx& tx, const Deps& deps, const Context& context) {
  if (password::find(tx, context.account())) return problem_with_current("required", "This is required.");
  return confirm_best(tx, deps, context);
}

Result<SignedIn> set_first(const Deps& deps, const Context& context, const Browser& browser, const Secret& password) {
  TRY(deps.database.read([&](db::Tx& tx) { return may_set_first(tx, deps, context); }));
  const auto phc = TRY(hash(deps, context, password));
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<SignedIn> {
    auto account = TRY(hold_active(tx, context.account()));
    TRY(may_set_first(tx, deps, context));
    return store(tx, deps, context, browser, std::move(account), phc, context.principal.value().assurance);
  });
}

}  // namespace

Result<SignedIn> change_password(const Deps& deps, const Context& context, const Browser& browser,
                                 const PasswordChange& change) {
  TRY(confirm_key(context));
  const auto account = TRY(account::own(deps.account, context));
  const std::string uid = account.uid.value_or("");
  const std::string email = account.email.value_or("");
  auto problems = problems_with_password(deps, change.password, change.confirmation,
                                         {.name = account.name, .uid = uid, .email = email});
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  if (!change.current) return set_first(deps, context, browser, change.password);

  const auto right = check_password(deps, context, browser, {.account = account.id}, *change.current);
  if (!right && right.error().is(invalid_credentials)) {
    return problem_with_current("wrong_password", "This is not your current password.");
  }
  if (!right) return right.error();
  const auto phc = TRY(hash(deps, context, change.password));
  return with_proof(deps, context, right->proof, [&](db::Tx& tx) -> Result<SignedIn> {
    Assurance assurance = context.principal.value().assurance;
    assurance.add(right->proof.evidence.method, right->proof.evidence.at);
    return store(tx, deps, context, browser, right->account, phc, assurance);
  });
}

Result<Done> remove_password(const Deps& deps, const Context& context) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    const auto account = TRY(hold_active(tx, context.account()));
    if (!password::find(tx, account.id)) return not_found;
    TRY(confirm_best(tx, deps, context));
    password::remove(tx, account.id);
    if (!has_way_in(tx, deps, account.id)) return no_other_way_in;
    end_others(tx, deps, context);
    known_browser::end_trust(tx, account.id);
    deps.trail.record(tx, context, {.kind = password_removed, .account = account.id});
    return done;
  });
}

}  // namespace cardea::authn
