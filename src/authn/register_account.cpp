#include <algorithm>

#include "authn/authn.hpp"
#include "authn/factors.hpp"
#include "authn/pending.hpp"
#include "identity/reserved.hpp"

namespace cardea::authn {
namespace {

bool is_read(const identity::Submitted& who, std::string_view field) {
  return std::none_of(who.unread.begin(), who.unread.end(),
                      [&](const auto& problem) { return problem.field == field; });
}

/// The checked input, or everything that is wrong with it.
Result<identity::Draft> check(const Deps& deps, const Context& context, const Registration& registration) {
  std::vector<FieldError> problems;
  auto draft = identity::check_new(deps.identity, registration.who, context.now, problems);
  const std::string uid = draft.uid.value_or("");
  if (draft.uid && identity::is_reserved(uid, deps.identity.reserved)) {
    problems.push_back({"uid", "uid_reserved", "This user id is reserved, or looks like one that is. Choose another."});
  }
  const std::string email = draft.email.value_or("");
  // A password that could not be read is neither missing nor different.
  const std::optional<Secret> unsaid;
  const bool comparable = is_read(registration.who, "password") && is_read(registration.who, "password_confirm");
  for (auto& problem :
       problems_with_password(deps.password, registration.password, comparable ? registration.confirmation : unsaid,
                              {.name = draft.name, .uid = uid, .email = email})) {
    if (is_read(registration.who, problem.field)) problems.push_back(std::move(problem));
  }
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  return draft;
}

struct Checked {
  identity::Draft draft;
  std::string phc;
};

/// Checked, paid for and hashed.
Result<Checked> prepare(const Deps& deps, const Context& context, const Registration& registration) {
  auto draft = TRY(check(deps, context, registration));
  const Share share{.network = ClientNetwork{context.origin.address}};
  if (!deps.hasher.has_room_for(share)) return overload();
  const auto charges = TRY(account::pay_for_asking(deps.account, context));
  auto phc = deps.hasher.hash(share, registration.password);
  if (!phc) {
    throttle::settle(deps.database, {.give_back = charges}, context.now);
    return phc.error();
  }
  return Checked{.draft = std::move(draft), .phc = *std::move(phc)};
}

Result<identity::Account> create(db::Tx& tx, const Deps& deps, const Context& context, const Checked& checked) {
  auto account = TRY(identity::create(tx, checked.draft, context.now, deps.random));
  password::store(tx, account.id, checked.phc, context.now);
  deps.trail.record(tx, context, {.kind = signup_completed, .account = account.id, .actor = account.id});
  return account;
}

}  // namespace

std::vector<FieldError> problems_with_password(const password::Settings& settings, const Secret& password,
                                               const std::optional<Secret>& confirmation, const password::Owner& who) {
  std::vector<FieldError> problems;
  if (auto problem = password::check_new(settings, password.reveal(), who)) problems.push_back(std::move(*problem));
  const bool differs =
      confirmation && !crypto::constant_time_equal(confirmation->reveal_bytes(), password.reveal_bytes());
  if (differs)
    problems.push_back({"password_confirm", "password_mismatch", "The two passwords differ. Type them again."});
  return problems;
}

Result<identity::Account> register_account(const Deps& deps, const Context& context, const Registration& registration) {
  const auto checked = TRY(prepare(deps, context, registration));
  return deps.database.write_locking([&](db::Tx& tx) { return create(tx, deps, context, checked); });
}

Result<SignIn> sign_up(const Deps& deps, const Context& context, const Browser& browser,
                       const Registration& registration) {
  const Facts facts{.is_active = true,
                    .proofs_hold = true,
                    .shown = {AuthMethod::password},
                    .required = required_level(deps.policy, Role::user)};
  const bool must_enrol = std::holds_alternative<Enrol>(next_step(facts));
  auto enrollable = enrollable_factors(deps);
  if (must_enrol && enrollable.empty()) return mfa_enrolment_required;
  const auto checked = TRY(prepare(deps, context, registration));
  return deps.database.write_locking([&](db::Tx& tx) -> Result<SignIn> {
    auto account = TRY(create(tx, deps, context, checked));
    if (must_enrol) {
      const auto stored = password::find(tx, account.id);
      const Evidence shown{
          .method = AuthMethod::password, .at = context.now, .detail = std::to_string(stored.value().revision)};
      auto begun = begin_pending(tx, account.id, {shown}, context.now, deps.random);
      return SignIn{Pending{std::move(begun.token), enrollable, begun.expires_at, Pending::Needs::enrolment}};
    }
    return SignIn{
        open_session(tx, deps, context, browser,
                     {.account = std::move(account), .assurance = {.shown = {{AuthMethod::password, context.now}}}})};
  });
}

}  // namespace cardea::authn
