#include <algorithm>

#include "authn/authn.hpp"
#include "authn/code_budget.hpp"
#include "authn/factors.hpp"
#include "http/problem.hpp"

namespace cardea::authn {
namespace {

/// What was shown in the session of the principal, with a new proof.
Assurance with(const Context& context, const Evidence& evidence) {
  Assurance assurance = context.principal.value().assurance;
  assurance.add(evidence.method, evidence.at);
  return assurance;
}

/// A session that is bound to a device opens another only when the device has just shown its key: who has copied its
/// cookies, and knows the password, would have one that is theirs. Errors: reauth_required.
Result<Done> confirm_key(const Context& context) {
  return context.principal.value().key_is_stale ? Result<Done>{http::reauth_required} : Result<Done>{done};
}

/// A code of somebody who is signed in. It pays as from a browser that the account knows: whoever has the session has
/// what that is known by, too.
Result<Judged> judge_again(const Deps& deps, const Context& context, AuthMethod method, const Secret& response) {
  const auto methods = deps.database.read([&](db::Tx& tx) { return enrolled_factors(tx, deps, context.account()); });
  const Factor* factor = find_factor(deps, method);
  if (factor == nullptr || std::find(methods.begin(), methods.end(), method) == methods.end()) return not_found;
  return judge_code(deps, context, *factor, context.account(), {.secret = response}, true);
}

}  // namespace

Result<SignedIn> reauthenticate(const Deps& deps, const Context& context, const Browser& browser,
                                const Secret& password) {
  TRY(confirm_key(context));
  const auto right = TRY(check_password(deps, context, browser, {.account = context.account()}, password));
  return with_proof(deps, context, right.proof, [&](db::Tx& tx) -> Result<SignedIn> {
    return open_session(tx, deps, context, browser,
                        {.account = right.account,
                         .assurance = with(context, right.proof.evidence),
                         .browser_is_known = right.browser_is_known,
                         .keeps_binding = true,
                         .event = audit::Event{.kind = reauthenticated}});
  });
}

Result<SignedIn> reauthenticate(const Deps& deps, const Context& context, const Browser& browser,
                                const ShownAgain& shown) {
  if (!shown.method) return reauthenticate(deps, context, browser, *shown.password);
  TRY(confirm_key(context));
  // The code first: whoever has the session alone tries no passwords beside it.
  const auto judged = TRY(judge_again(deps, context, *shown.method, *shown.response));
  const auto give_back = [&](db::Tx& tx) {
    throttle::settle(tx, {.give_back = std::span{&judged.charge, 1}}, context.now);
  };
  std::optional<PasswordProof> right;
  if (shown.password != nullptr) {
    auto checked = check_password(deps, context, browser, {.account = context.account()}, *shown.password);
    if (!checked) {
      deps.database.write_locking(give_back);
      return std::move(checked).error();
    }
    right = *std::move(checked);
  }
  const bool browser_is_known =
      browser.known && known_browser::is_known(deps.database, context.account(), *browser.known, context.now);
  auto outcome = with_proof(deps, context, judged.proof, [&](db::Tx& tx) -> Result<SignedIn> {
    auto account = identity::find(tx, context.account());
    if (!account) return http::unauthenticated;
    Assurance assurance = with(context, judged.proof.evidence);
    std::string methods{enum_text(judged.proof.evidence.method)};
    if (right) {
      TRY(use_proof(tx, right->proof));
      assurance.add(right->proof.evidence.method, right->proof.evidence.at);
      methods = "password+" + methods;
    }
    auto in = open_session(tx, deps, context, browser,
                           {.account = *std::move(account),
                            .assurance = assurance,
                            .browser_is_known = browser_is_known,
                            .keeps_binding = true,
                            .event = audit::Event{.kind = reauthenticated, .reason = methods}});
    if (right) right->proof.settle(tx);
    give_back(tx);
    return in;
  });
  if (!outcome && outcome.error().is(invalid_code)) {
    record_refused_code(deps, context, context.account(), "used_code");
  }
  return outcome;
}

Result<SignedIn> change_password(const Deps& deps, const Context& context, const Browser& browser,
                                 const PasswordChange& change) {
  TRY(confirm_key(context));
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
    return open_session(
        tx, deps, context, browser,
        {.account = right->account, .assurance = with(context, right->proof.evidence), .keeps_binding = true});
  });
}

}  // namespace cardea::authn
