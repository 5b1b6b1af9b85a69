#include <algorithm>

#include "authn/code_budget.hpp"
#include "authn/credential_change.hpp"
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

bool has(const std::vector<AuthMethod>& methods, AuthMethod method) {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

/// The second factor that an account is asked for by this method, or its way in, which is shown like one.
std::optional<Factor> find_way(db::Tx& tx, const Deps& deps, const AccountId& account, AuthMethod method) {
  const Factor* factor = find_factor(deps, method);
  if (factor != nullptr && has(find_enrolled(tx, deps, account).asked(), method)) return *factor;
  const auto way = std::find_if(deps.first_steps.begin(), deps.first_steps.end(),
                                [&](const FirstStep& each) { return each.method == method; });
  if (way == deps.first_steps.end() || !has(ways_to_show_again(tx, deps, account), method)) return std::nullopt;
  return Factor{.method = method, .check = way->check_again, .response = Factor::Response::unguessable};
}

/// A code of somebody who is signed in. It pays as from a browser that the account knows: whoever has the session has
/// what that is known by, too.
Result<Judged> judge_again(const Deps& deps, const Context& context, AuthMethod method, const Secret& response) {
  const auto way = deps.database.read([&](db::Tx& tx) { return find_way(tx, deps, context.account(), method); });
  if (!way) return not_found;
  return judge_code(deps, context, *way, context.account(), {.secret = response}, true);
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

}  // namespace cardea::authn
