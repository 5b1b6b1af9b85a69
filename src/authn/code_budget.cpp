#include "authn/code_budget.hpp"

#include "authn/sign_in_meter.hpp"

namespace cardea::authn {

throttle::Charge code_charge(const Deps& deps, const Factor& factor, const AccountId& account, bool browser_is_known) {
  const CodeBudgets& budgets = deps.budgets.codes;
  if (factor.response == Factor::Response::unguessable) {
    return {.budget = budgets.unguessable,
            .key = "signin.secret:" + account.text() + " " + std::string{enum_text(factor.method)}};
  }
  if (browser_is_known) return {.budget = budgets.known_browser, .key = "signin.code_known:" + account.text()};
  return {.budget = budgets.account, .key = "signin.code:" + account.text()};
}

void record_refused_code(const Deps& deps, const Context& context, const AccountId& account, std::string_view reason) {
  deps.database.write_locking([&](db::Tx& tx) {
    deps.trail.record(tx, context, {.kind = signin_failed, .account = account, .reason = reason});
  });
}

Result<Judged> judge_code(const Deps& deps, const Context& context, const Factor& factor, const AccountId& account,
                          const Response& response, bool browser_is_known) {
  auto charge = code_charge(deps, factor, account, browser_is_known);
  const auto paid = throttle::charge(deps.database, std::span{&charge, 1}, context);
  if (!paid) {
    sign_in_counter(deps.metrics, "throttled").add();
    return paid.error();
  }
  const bool is_challenged = factor.check_challenged && response.signin;
  auto proof = is_challenged ? factor.check_challenged(context, account, *response.signin, response.secret)
                             : factor.check(context, account, response.secret);
  if (proof) return Judged{.proof = *std::move(proof), .charge = std::move(charge)};
  const bool is_late = proof.error().is(late_code);
  if (is_late) throttle::settle(deps.database, {.give_back = std::span{&charge, 1}}, context.now);
  record_refused_code(deps, context, account, is_late ? "late_code" : "wrong_code");
  return std::move(proof).error();
}

}  // namespace cardea::authn
