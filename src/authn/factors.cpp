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

std::vector<AuthMethod> enrolled_of_kind(db::Tx& tx, const Deps& deps, const AccountId& account, Factor::Kind kind) {
  std::vector<AuthMethod> methods;
  for (const Factor& factor : deps.factors) {
    if (factor.kind == kind && factor.is_enrolled(tx, account)) methods.push_back(factor.method);
  }
  return methods;
}

/// What counts as a second factor by itself: the strong ones or, where there is none of them, the weak ones.
std::vector<AuthMethod> enrolled_by_itself(db::Tx& tx, const Deps& deps, const AccountId& account) {
  auto methods = enrolled_of_kind(tx, deps, account, Factor::Kind::primary);
  if (methods.empty()) methods = enrolled_of_kind(tx, deps, account, Factor::Kind::weak);
  return methods;
}

}  // namespace

const Factor* find_factor(const Deps& deps, AuthMethod method) {
  const auto at =
      std::find_if(deps.factors.begin(), deps.factors.end(), [&](const Factor& each) { return each.method == method; });
  return at == deps.factors.end() ? nullptr : &*at;
}

std::vector<AuthMethod> enrolled_factors(db::Tx& tx, const Deps& deps, const AccountId& account) {
  auto methods = enrolled_by_itself(tx, deps, account);
  if (methods.empty()) return methods;
  for (const AuthMethod method : enrolled_of_kind(tx, deps, account, Factor::Kind::backup)) methods.push_back(method);
  sort_by_strength(methods);
  return methods;
}

bool is_outranked(db::Tx& tx, const Deps& deps, const AccountId& account, AuthMethod method) {
  const Factor* factor = find_factor(deps, method);
  return factor != nullptr && factor->kind == Factor::Kind::weak &&
         !enrolled_of_kind(tx, deps, account, Factor::Kind::primary).empty();
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
  const bool has_second = !enrolled_by_itself(tx, deps, context.account()).empty();
  const Requirement wanted{.level = has_second ? Level::aal2 : Level::aal1, .max_age = deps.session.recent};
  const Assurance all = context.principal ? context.principal->assurance : Assurance{};
  Assurance counted;
  for (const Shown& each : all.shown) {
    if (!is_outranked(tx, deps, context.account(), each.method)) counted.add(each.method, each.at);
  }
  return is_met_by(wanted, counted, context.now) ? Result<Done>{done} : Result<Done>{http::reauth_required};
}

Result<Done> may_enrol(db::Tx& tx, const Deps& deps, const Context& context) {
  if (deps.policy.mfa == Mfa::off) return mfa_off;
  return confirm_best(tx, deps, context);
}

std::string_view page_after_enrolment(const Deps& deps, const AccountId& account) {
  return deps.database.read([&](db::Tx& tx) -> std::string_view {
    for (const Factor& factor : deps.factors) {
      const bool is_missing =
          factor.kind == Factor::Kind::backup && !factor.page.empty() && !factor.is_enrolled(tx, account);
      if (is_missing) return factor.page;
    }
    return {};
  });
}

Error beside_code(const Error& error) {
  if (!error.is(invalid_code) && !error.is(late_code)) return error;
  return {*error.kind, std::vector<FieldError>{{"code", std::string{error.kind->code}, ""}}};
}

Result<Done> may_begin(const Deps& deps, AuthMethod method) {
  if (!deps.policy.begins_with(method)) return method_off;
  return done;
}

bool has_way_in(db::Tx& tx, const Deps& deps, const AccountId& account) {
  return password::find(tx, account).has_value() ||
         std::any_of(deps.first_steps.begin(), deps.first_steps.end(),
                     [&](const FirstStep& way) { return way.is_enrolled(tx, account); });
}

}  // namespace cardea::authn
