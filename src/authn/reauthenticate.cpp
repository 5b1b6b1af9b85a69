#include "authn/authn.hpp"
#include "http/problem.hpp"

namespace cardea::authn {
namespace {

/// What was shown in the session of the principal, with a new proof.
Assurance with(const Context& context, const Evidence& evidence) {
  Assurance assurance = context.principal.value().assurance;
  assurance.add(evidence.method, evidence.at);
  return assurance;
}

}  // namespace

Result<SignedIn> reauthenticate(const Deps& deps, const Context& context, const Browser& browser,
                                const Secret& password) {
  const auto right = TRY(check_password(deps, context, browser, {.account = context.account()}, password));
  return with_proof(deps, context, right.proof, [&](db::Tx& tx) -> Result<SignedIn> {
    return open_session(tx, deps, context, browser,
                        {.account = right.account,
                         .assurance = with(context, right.proof.evidence),
                         .browser_is_known = right.browser_is_known,
                         .event = audit::Event{.kind = reauthenticated}});
  });
}

Result<SignedIn> change_password(const Deps& deps, const Context& context, const Browser& browser,
                                 const PasswordChange& change) {
  const auto account = TRY(account::own(deps.account, context));
  const std::string uid = account.uid.value_or("");
  const std::string email = account.email.value_or("");
  auto problems = problems_with_password(deps, change.password, change.confirmation,
                                         {.name = account.name, .uid = uid, .email = email});
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};

  const auto right = check_password(deps, context, browser, {.account = account.id}, change.current);
  if (!right && right.error().is(invalid_credentials)) {
    return Error{validation_failed,
                 std::vector<FieldError>{{"current_password", "wrong_password", "This is not your current password."}}};
  }
  if (!right) return right.error();
  // A new password is chosen by somebody who is signed in, and has just shown the old one.
  const Share share{.network = ClientNetwork{context.origin.address}, .has_reserve = true};
  const std::string phc = TRY(deps.hasher.hash(share, change.password));
  return with_proof(deps, context, right->proof, [&](db::Tx& tx) -> Result<SignedIn> {
    password::store(tx, account.id, phc, context.now);
    if (session::revoke_others(tx, account.id, context.session()) > 0) {
      deps.trail.record(tx, context, {.kind = account::session_revoked, .account = account.id, .subject = "others"});
    }
    known_browser::forget_all(tx, account.id);
    deps.trail.record(tx, context, {.kind = password_changed, .account = account.id});
    // No browser is known any more: this one is remembered anew.
    return open_session(tx, deps, context, browser,
                        {.account = right->account, .assurance = with(context, right->proof.evidence)});
  });
}

}  // namespace cardea::authn
