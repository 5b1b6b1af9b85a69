#include "account/account.hpp"
#include "account/rules.hpp"
#include "http/problem.hpp"

namespace cardea::account {
namespace {

std::string names_of(const identity::Change& change) {
  std::string names;
  const auto add = [&names](std::string_view name) { (names += names.empty() ? "" : ",") += name; };
  if (change.name) add("name");
  if (change.email || change.pending_email) add("email");
  for (const auto& [field, value] : change.profile) add(field);
  return names;
}

// Changing the address reveals whether somebody has it, so it costs as much as a sign-up, and has a budget per account.
// Charged in a transaction of its own, which no refusal rolls back.
Result<Done> pay_for_address(const Deps& deps, const Context& context) {
  const throttle::Charge change{.budget = deps.budgets.email_change, .key = "email.change:" + context.account().text()};
  TRY(pay_for_asking(deps, context, change));
  return done;
}

Result<Done> pay_for_change(const Deps& deps, const Context& context) {
  const throttle::Charge charge{deps.budgets.profile_change, "profile.change:" + context.account().text()};
  TRY(throttle::charge(deps.database, std::span{&charge, 1}, context));
  return done;
}

// An access token alone acts for its account, and never on how one gets into it.
Result<Done> may_change_address(const Deps& deps, const Context& context) {
  if (context.principal.value().by_access_token) return http::session_cookie_required;
  if (!is_recent(deps, context)) return http::reauth_required;
  return done;
}

bool is_new_email(const identity::Change& change, const identity::Account& account) {
  if (change.email) return *change.email != account.email || account.pending_email;
  return change.pending_email && change.pending_email != account.email && change.pending_email != account.pending_email;
}

const audit::Kind& kind_of(const identity::Change& change, const identity::Account& account) {
  if (!is_new_email(change, account)) return updated;
  return change.pending_email ? email_requested : email_changed;
}

Result<identity::Account> apply(db::Tx& tx, const Deps& deps, const Context& context, const identity::Account& account,
                                const identity::Change& change) {
  auto changed = TRY(identity::update(tx, account.id, change, context.now));
  announce_pending(tx, deps, changed, account.pending_email, context.now);
  const bool has_left = account.email_verified_at && account.email && account.email != changed.email;
  deps.trail.record(tx, context,
                    {.kind = kind_of(change, account),
                     .account = account.id,
                     .reason = reason_of(context, account.id),
                     .subject = names_of(change),
                     .address_before = has_left ? *account.email : std::string_view{}});
  return changed;
}

Result<identity::Change> check(const Deps& deps, const Context& context, const identity::Submitted& submitted,
                               identity::Editor editor) {
  std::vector<FieldError> problems;
  auto change = identity::check_change(deps.identity, submitted, editor, context.now, problems);
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  return change;
}

}  // namespace

void announce_pending(db::Tx& tx, const Deps& deps, const identity::Account& account,
                      const std::optional<std::string>& before, Time now) {
  if (!account.pending_email || account.pending_email == before) return;
  for (const auto& tell : deps.on_address_pending) tell(tx, account, now, Occasion::given);
}

void announce_sign_in(db::Tx& tx, const Deps& deps, const identity::Account& account, Time now) {
  for (const auto& tell : deps.on_address_pending) tell(tx, account, now, Occasion::sign_in);
}

std::optional<FieldError> problem_with_address(const Deps& deps, const std::optional<std::string>& email) {
  return deps.addresses != nullptr && email ? deps.addresses->problem_with(*email) : std::nullopt;
}

Result<Done> check_takes_mail(const Deps& deps, const std::optional<std::string>& email) {
  if (deps.mail_domains == nullptr || !email) return done;
  const auto domain = email->substr(email->rfind('@') + 1);
  if (deps.mail_domains->ask(domain) != outbound::TakesMail::no) return done;
  return Error{validation_failed, std::vector<FieldError>{{"email", "email_no_mail",
                                                           "Nobody takes mail for this domain. Check the address."}}};
}

Result<std::vector<throttle::Charge>> pay_for_asking(const Deps& deps, const Context& context,
                                                     const std::optional<throttle::Charge>& also) {
  const ClientNetwork network{context.origin.address};
  std::vector<throttle::Charge> charges;
  if (also) charges.push_back(*also);
  for (auto& charge : throttle::network_charges(deps.budgets.signup_address, "signup.address", network)) {
    charges.push_back(std::move(charge));
  }
  charges.push_back(throttle::whole_charge(deps.budgets.signup_whole, "signup.whole", context.origin.address));
  TRY(throttle::charge_in_turn(deps.database, deps.refusals, charges, {.key = "signup.turn:" + network.text(0)},
                               context));
  return charges;
}

Result<identity::Account> change_own_profile(const Deps& deps, const Context& context,
                                             const identity::Submitted& submitted, const Condition& condition) {
  const auto change = TRY(check(deps, context, submitted, identity::Editor::user));
  if ((change.email || change.pending_email) && is_new_email(change, TRY(own(deps, context)))) {
    const auto& wanted = change.pending_email ? change.pending_email : change.email.value_or(std::nullopt);
    if (auto problem = problem_with_address(deps, wanted)) {
      return Error{validation_failed, std::vector<FieldError>{*std::move(problem)}};
    }
    TRY(may_change_address(deps, context));
    TRY(pay_for_address(deps, context));
    TRY(check_takes_mail(deps, wanted));
  }
  TRY(pay_for_change(deps, context));
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<identity::Account> {
    const auto account = identity::find(tx, context.account());
    if (!account) return http::unauthenticated;
    if (condition) TRY(condition(*account));
    // Checked again: the address may have changed since.
    if (is_new_email(change, *account)) TRY(may_change_address(deps, context));
    return apply(tx, deps, context, *account, change);
  });
}

Result<identity::Account> change_profile(const Deps& deps, const Context& context, const AccountId& id,
                                         const identity::Submitted& submitted, const Condition& condition) {
  if (!context.may(users_update)) return http::forbidden;
  const auto change = TRY(check(deps, context, submitted, identity::Editor::admin));
  if (change.email && context.principal->by_access_token) return http::session_cookie_required;
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<identity::Account> {
    TRY(may_act_on(tx, context, id, users_update));
    const auto account = identity::find(tx, id);
    if (!account) return not_found;
    if (condition) TRY(condition(*account));
    return apply(tx, deps, context, *account, change);
  });
}

}  // namespace cardea::account
