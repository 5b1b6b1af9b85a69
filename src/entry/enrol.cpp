#include <algorithm>

#include "entry/entry.hpp"

namespace cardea::entry {
namespace {

bool is_read(const identity::Submitted& who, std::string_view field) {
  return std::none_of(who.unread.begin(), who.unread.end(),
                      [&](const auto& problem) { return problem.field == field; });
}

}  // namespace

std::vector<FieldError> check_password(const password::Settings& settings, const Secret& password,
                                       const std::optional<Secret>& confirmation, const password::Owner& who) {
  std::vector<FieldError> problems;
  if (auto problem = password::check_new(settings, password.reveal(), who)) problems.push_back(std::move(*problem));
  const bool differs =
      confirmation && !crypto::constant_time_equal(confirmation->reveal_bytes(), password.reveal_bytes());
  if (differs)
    problems.push_back({"password_confirm", "password_mismatch", "The two passwords differ. Type them again."});
  return problems;
}

std::vector<throttle::Charge> asking_claims(const Deps& deps, const http::Call& call) {
  return {{deps.budgets.signup_address, "signup.address:" + throttle::address_key(call.address)},
          {deps.budgets.signup_whole, "signup.whole:" + std::to_string(crypto::sha256(call.address)[0] & 15U)}};
}

Result<Done> pay_for_change(db::Tx& tx, const Deps& deps, const http::Call& call) {
  const throttle::Charge charge{deps.budgets.profile_change, "profile.change:" + call.who().account.text()};
  TRY(throttle::charge(tx, std::span{&charge, 1}, call.now));
  return done;
}

Result<identity::Account> enrol(const Deps& deps, const http::Call& call, const Enrolment& enrolment,
                                const Then& then) {
  std::vector<FieldError> problems;
  const auto draft = identity::check_new(deps.identity, enrolment.who, call.now, problems);
  const std::string uid = draft.uid.value_or("");
  const std::string email = draft.email.value_or("");
  // A password that could not be read is neither missing nor different.
  const std::optional<Secret> unsaid;
  const bool comparable = is_read(enrolment.who, "password") && is_read(enrolment.who, "password_confirm");
  for (auto& problem : check_password(deps.password, enrolment.password, comparable ? enrolment.confirmation : unsaid,
                                      {.name = draft.name, .uid = uid, .email = email})) {
    if (is_read(enrolment.who, problem.field)) problems.push_back(std::move(problem));
  }
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};

  TRY(throttle::charge(deps.database, asking_claims(deps, call), call.now));

  const std::string phc = deps.hasher.hash(enrolment.password);
  return deps.database.write([&](db::Tx& tx) -> Result<identity::Account> {
    auto account = TRY(identity::create(tx, draft, call.now, deps.random));
    password::store(tx, account.id, phc, call.now);
    deps.trail.record(tx, {.kind = "signup.completed", .account = account.id, .actor = account.id}, audit::origin(call),
                      call.now);
    if (then) then(tx, account);
    return account;
  });
}

}  // namespace cardea::entry
