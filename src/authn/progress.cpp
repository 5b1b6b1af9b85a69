#include "authn/progress.hpp"

#include <algorithm>

#include "authn/factors.hpp"
#include "authn/login_store.hpp"
#include "authn/unusual.hpp"

namespace cardea::authn {
namespace {

bool began_by_mail(const std::vector<Evidence>& evidence) {
  return !evidence.empty() && evidence.front().method == AuthMethod::email_code;
}

/// The second factors that can be asked for. What began the sign-in is no second one, nor is what stands in for it.
std::vector<AuthMethod> second_factors(const Enrolled& enrolled, const std::vector<Evidence>& evidence) {
  if (began_by_mail(evidence) && !enrolled.outranks(AuthMethod::email_code)) return {};
  return enrolled.asked();
}

/// Where the account has no second factor.
std::vector<AuthMethod> stand_ins(db::Tx& tx, const Deps& deps, const Context& context, const Progress& progress) {
  if (!progress.is_unusual) return {};
  return stand_ins(tx, deps, context, progress.account, progress.row ? Asked::before : Asked::first);
}

/// A weak factor that was shown as the second one is worth nothing as soon as there is a stronger one, unless that was
/// shown too.
bool is_outranked(const Enrolled& enrolled, const std::vector<Evidence>& evidence) {
  return evidence.size() > 1 && std::all_of(evidence.begin() + 1, evidence.end(),
                                            [&](const Evidence& each) { return enrolled.outranks(each.method); });
}

bool still_holds(db::Tx& tx, const Deps& deps, const AccountId& account, const Evidence& evidence) {
  if (evidence.method == AuthMethod::password) return password_holds(tx, account, evidence);
  const auto holds = [&](const auto& way) {
    return way.method == evidence.method && way.still_holds(tx, account, evidence);
  };
  return std::any_of(deps.factors.begin(), deps.factors.end(), holds) ||
         std::any_of(deps.first_steps.begin(), deps.first_steps.end(), holds);
}

}  // namespace

Progress progress_of(const PendingRow& row) {
  return {.account = row.account, .evidence = row.evidence, .row = row, .is_unusual = row.is_unusual};
}

Facts gather(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser,
             const std::optional<identity::Account>& account, const Progress& progress) {
  if (!account) return {};
  const auto enrolled = find_enrolled(tx, deps, account->id);
  Facts facts{
      .is_active = identity::may_sign_in(*account),
      .proofs_hold = std::all_of(progress.evidence.begin(), progress.evidence.end(),
                                 [&](const Evidence& each) { return still_holds(tx, deps, account->id, each); }) &&
                     !is_outranked(enrolled, progress.evidence),
      .enrolled = second_factors(enrolled, progress.evidence),
      .required = required_level(deps.policy, account->role),
      .browser_is_trusted =
          progress.browser_is_trusted && !progress.is_unusual &&
          known_browser::is_trusted(tx, account->id, browser.known.value(), context.now, deps.policy.trust_browser),
      .began_by_mail = began_by_mail(progress.evidence),
      .awaits_confirmation = identity::awaits_confirmation(deps.identity, *account),
      .awaits_erasure = account->erase_at.has_value()};
  for (const Evidence& evidence : progress.evidence) facts.shown.push_back(evidence.method);
  if (facts.enrolled.empty()) facts.stand_ins = stand_ins(tx, deps, context, progress);
  return facts;
}

Step step_of(db::Tx& tx, const Deps& deps, const Context& context, const Progress& progress) {
  return next_step(gather(tx, deps, context, {}, identity::find(tx, progress.account), progress));
}

std::vector<AuthMethod> askable(db::Tx& tx, const Deps& deps, const Context& context, const Progress& progress) {
  auto methods = second_factors(find_enrolled(tx, deps, progress.account), progress.evidence);
  return methods.empty() ? stand_ins(tx, deps, context, progress) : methods;
}

}  // namespace cardea::authn
