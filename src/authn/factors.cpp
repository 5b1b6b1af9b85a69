#include "authn/factors.hpp"

#include <algorithm>

#include "http/problem.hpp"

namespace cardea::authn {
namespace {

/// From the strongest: what cannot be phished, then what needs the device, then what others carry.
int rank(AuthMethod method) {
  switch (method) {
    case AuthMethod::passkey: return 0;
    case AuthMethod::security_key: return 1;
    case AuthMethod::totp: return 2;
    case AuthMethod::federated: return 3;
    case AuthMethod::email_code: return 4;
    case AuthMethod::sms_code: return 5;
    case AuthMethod::recovery_code: return 6;
    case AuthMethod::password: return 7;
  }
  return 7;
}

void sort_by_strength(std::vector<AuthMethod>& methods) {
  std::sort(methods.begin(), methods.end(), [](AuthMethod a, AuthMethod b) { return rank(a) < rank(b); });
}

}  // namespace

const Factor* find_factor(const Deps& deps, AuthMethod method) {
  const auto at =
      std::find_if(deps.factors.begin(), deps.factors.end(), [&](const Factor& each) { return each.method == method; });
  return at == deps.factors.end() ? nullptr : &*at;
}

bool Enrolled::has(AuthMethod method) const {
  return std::any_of(all_.begin(), all_.end(), [&](const One& each) { return each.method == method; });
}

bool Enrolled::has(Factor::Kind kind) const {
  return std::any_of(all_.begin(), all_.end(), [&](const One& each) { return each.kind == kind; });
}

std::vector<AuthMethod> Enrolled::asked() const {
  std::vector<AuthMethod> methods;
  if (!any()) return methods;
  for (const One& each : all_) {
    if (each.kind != Factor::Kind::weak || !has_primary()) methods.push_back(each.method);
  }
  sort_by_strength(methods);
  return methods;
}

bool Enrolled::outranks(AuthMethod method) const {
  return has_primary() && std::find(weak_.begin(), weak_.end(), method) != weak_.end();
}

Enrolled find_enrolled(db::Tx& tx, const Deps& deps, const AccountId& account) {
  std::vector<db::Condition> conditions;
  for (const Factor& factor : deps.factors) conditions.push_back(factor.is_enrolled(account));
  const auto hold = tx.which_hold(conditions);
  Enrolled enrolled;
  for (std::size_t i = 0; i < deps.factors.size(); ++i) {
    const Factor& factor = deps.factors[i];
    if (hold[i]) enrolled.all_.push_back({.method = factor.method, .kind = factor.kind});
    if (factor.kind == Factor::Kind::weak) enrolled.weak_.push_back(factor.method);
  }
  return enrolled;
}

std::vector<AuthMethod> ways_to_show_again(db::Tx& tx, const Deps& deps, const AccountId& account) {
  std::vector<AuthMethod> methods{AuthMethod::password};
  std::vector<db::Condition> conditions{password::is_set(account)};
  for (const FirstStep& way : deps.first_steps) {
    if (!way.check_again) continue;
    methods.push_back(way.method);
    conditions.push_back(way.is_enrolled(account));
  }
  const auto hold = tx.which_hold(conditions);
  std::size_t at = 0;
  std::erase_if(methods, [&](AuthMethod) { return !hold[at++]; });
  return methods;
}

std::vector<AuthMethod> enrollable_factors(const Deps& deps) {
  std::vector<AuthMethod> methods;
  if (deps.policy.mfa == Mfa::off) return methods;
  for (const Factor& factor : deps.factors) {
    if (!factor.enrol_page.empty()) methods.push_back(factor.method);
  }
  sort_by_strength(methods);
  return methods;
}

Result<Done> confirm_best(db::Tx& tx, const Deps& deps, const Context& context) {
  if (context.principal && context.principal->key_is_stale) return http::reauth_required;
  const auto enrolled = find_enrolled(tx, deps, context.account());
  const Requirement wanted{.level = enrolled.any() ? Level::aal2 : Level::aal1, .max_age = deps.session.recent};
  const Assurance all = context.principal ? context.principal->assurance : Assurance{};
  Assurance counted;
  for (const Shown& each : all.shown) {
    if (!enrolled.outranks(each.method)) counted.add(each.method, each.at);
  }
  return is_met_by(wanted, counted, context.now) ? Result<Done>{done} : Result<Done>{http::reauth_required};
}

Result<Done> may_enrol(db::Tx& tx, const Deps& deps, const Context& context) {
  if (deps.policy.mfa == Mfa::off) return mfa_off;
  return confirm_best(tx, deps, context);
}

std::string_view page_after_enrolment(const Deps& deps, const AccountId& account) {
  return deps.database.read([&](db::Tx& tx) -> std::string_view {
    const auto enrolled = find_enrolled(tx, deps, account);
    for (const Factor& factor : deps.factors) {
      const bool is_offered = factor.kind == Factor::Kind::backup && !factor.page.empty();
      if (is_offered && !enrolled.has(factor.method)) return factor.page;
    }
    return {};
  });
}

Error beside_code(const Error& error) {
  if (!error.is(invalid_code) && !error.is(late_code)) return error;
  return {*error.kind, std::vector<FieldError>{{"code", std::string{error.kind->code}, ""}}};
}

}  // namespace cardea::authn
