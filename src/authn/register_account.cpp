#include <algorithm>

#include "authn/authn.hpp"
#include "authn/factors.hpp"
#include "authn/invitation.hpp"
#include "authn/pending.hpp"
#include "base/text.hpp"
#include "identity/reserved.hpp"

namespace cardea::authn {
namespace {

bool is_read(const identity::Submitted& who, std::string_view field) {
  return std::none_of(who.unread.begin(), who.unread.end(),
                      [&](const auto& problem) { return problem.field == field; });
}

/// An account that is invited by its address has that one, sent or not.
identity::Submitted with_invited_address(const Deps& deps, identity::Submitted who, const Invitation& invitation) {
  const bool is_sent = who.email && !text::trim(*who.email).empty();
  if (!is_sent && is_read(who, "email") && deps.identity.email != identity::Presence::off) who.email = invitation.email;
  return who;
}

/// Whoever invites has chosen the address; of those that people choose some are not taken.
std::optional<FieldError> problem_with_address(const Deps& deps, const std::optional<std::string>& email,
                                               const Invitation& invitation) {
  if (!email || !invitation.email) return account::problem_with_address(deps.account, email);
  if (identity::identifier_key(*email) == identity::identifier_key(*invitation.email)) return std::nullopt;
  return FieldError{"email", "email_not_invited", "This invitation is for another address."};
}

/// The checked input, or everything that is wrong with it.
Result<identity::Draft> check(const Deps& deps, const Context& context, const Registration& registration,
                              const Invitation& invitation) {
  std::vector<FieldError> problems;
  auto draft = identity::check_new(deps.identity, with_invited_address(deps, registration.who, invitation), context.now,
                                   problems);
  const auto& given = draft.pending_email ? draft.pending_email : draft.email;
  if (auto problem = problem_with_address(deps, given, invitation)) problems.push_back(*std::move(problem));
  const std::string uid = draft.uid.value_or("");
  if (draft.uid && identity::is_reserved(uid, deps.identity.reserved)) {
    problems.push_back({"uid", "uid_reserved", "This user id is reserved, or looks like one that is. Choose another."});
  }
  const std::string email = given.value_or("");
  // A password that could not be read is neither missing nor different.
  const std::optional<Secret> unsaid;
  const bool comparable = is_read(registration.who, "password") && is_read(registration.who, "password_confirm");
  for (auto& problem :
       problems_with_password(deps, registration.password, comparable ? registration.confirmation : unsaid,
                              {.name = draft.name, .uid = uid, .email = email})) {
    if (is_read(registration.who, problem.field)) problems.push_back(std::move(problem));
  }
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  return draft;
}

struct Checked {
  identity::Draft draft;
  std::string phc;
  std::string invitation;
};

/// Uses the proof up, where one was asked for, and takes an attempt from the budgets.
Result<std::vector<throttle::Charge>> pay(const Deps& deps, const Context& context, const Admission& admit) {
  if (admit) TRY(admit(context));
  return account::pay_for_asking(deps.account, context);
}

/// Checked, paid for and hashed.
Result<Checked> prepare(const Deps& deps, const Context& context, const Registration& registration) {
  const bool is_invited = !registration.invitation.empty();
  TRY(may_sign_up(deps.identity.signup_mode, is_invited));
  // Before all that costs us something; who is invited is asked too, or anybody would say that they are.
  const Admission admit =
      deps.sign_up_guard ? TRY(deps.sign_up_guard->judge(context, registration.proof)) : Admission{};
  std::vector<throttle::Charge> charges;
  Invitation invitation;
  if (is_invited) {
    charges = TRY(pay(deps, context, admit));  // a link may be a guess: before it is judged
    invitation = TRY(find_invitation(deps, context, registration.invitation));
  }
  auto draft = TRY(check(deps, context, registration, invitation));
  const Share share{.network = ClientNetwork{context.origin.address}};
  if (!deps.hasher.has_room_for(share)) return overload();
  if (!is_invited) charges = TRY(pay(deps, context, admit));
  if (!invitation.email)
    TRY(account::check_takes_mail(deps.account, draft.pending_email ? draft.pending_email : draft.email));
  auto phc = deps.hasher.hash(share, registration.password);
  if (!phc) {
    throttle::settle(deps.database, {.give_back = charges}, context.now);
    return phc.error();
  }
  return Checked{.draft = std::move(draft), .phc = *std::move(phc), .invitation = registration.invitation};
}

/// Gives a new account the role of its invitation.
Result<Done> give_role(db::Tx& tx, const Deps& deps, const Context& context, identity::Account& account, Role role) {
  if (role == account.role) return done;
  TRY(identity::set_role(tx, account.id, role, context.now));
  account.role = role;
  deps.trail.record(
      tx, context,
      {.kind = account::role_granted, .account = account.id, .reason = "invitation", .subject = enum_text(role)});
  return done;
}

Result<identity::Account> create(db::Tx& tx, const Deps& deps, const Context& context, const Checked& checked,
                                 std::string_view language) {
  // In this transaction: of many who bring one link at once, one gets an account, and a refusal leaves the link.
  const bool is_invited = !checked.invitation.empty();
  const auto invitation =
      is_invited ? TRY(redeem_invitation(tx, deps, context, checked.invitation)) : Invitation{.role = Role::user};
  auto account = TRY(identity::create(tx, checked.draft, context.now, deps.random));
  if (!language.empty()) {
    identity::set_language(tx, account.id, language);
    account.language = language;
  }
  account::announce_pending(tx, deps.account, account, {}, context.now);
  password::store(tx, account.id, checked.phc, context.now);
  deps.trail.record(
      tx, context,
      {.kind = signup_completed, .account = account.id, .actor = account.id, .reason = is_invited ? "invitation" : ""});
  TRY(give_role(tx, deps, context, account, invitation.role));
  return account;
}

/// Whether policy asks somebody who has just made an account of this role for a second factor.
bool must_enrol(const Deps& deps, Role role) {
  const Facts facts{.is_active = true,
                    .proofs_hold = true,
                    .shown = {AuthMethod::password},
                    .required = required_level(deps.policy, role)};
  return std::holds_alternative<Enrol>(next_step(facts));
}

}  // namespace

std::vector<FieldError> problems_with_password(const Deps& deps, const Secret& password,
                                               const std::optional<Secret>& confirmation, const password::Owner& who) {
  std::vector<FieldError> problems;
  if (auto problem = password::check_new(deps.password, deps.leaked, password.reveal(), who)) {
    problems.push_back(std::move(*problem));
  }
  const bool differs =
      confirmation && !crypto::constant_time_equal(confirmation->reveal_bytes(), password.reveal_bytes());
  if (differs)
    problems.push_back({"password_confirm", "password_mismatch", "The two passwords differ. Type them again."});
  return problems;
}

Result<identity::Account> register_account(const Deps& deps, const Context& context, const Registration& registration) {
  const auto checked = TRY(prepare(deps, context, registration));
  return deps.database.write_locking([&](db::Tx& tx) { return create(tx, deps, context, checked, {}); });
}

Result<SignIn> sign_up(const Deps& deps, const Context& context, const Browser& browser,
                       const Registration& registration) {
  const auto enrollable = enrollable_factors(deps);
  if (must_enrol(deps, Role::user) && enrollable.empty()) return mfa_enrolment_required;
  const auto checked = TRY(prepare(deps, context, registration));
  return deps.database.write_locking([&](db::Tx& tx) -> Result<SignIn> {
    auto account = TRY(create(tx, deps, context, checked, browser.language));
    const bool awaits_confirmation = identity::awaits_confirmation(deps.identity, account);
    if (awaits_confirmation || must_enrol(deps, account.role)) {
      const auto stored = password::find(tx, account.id);
      const Evidence shown{
          .method = AuthMethod::password, .at = context.now, .detail = std::to_string(stored.value().revision)};
      auto begun = begin_pending(tx,
                                 {.account = account.id,
                                  .evidence = {shown},
                                  .lifetime = awaits_confirmation ? verification_lifetime : pending_lifetime},
                                 context.now, deps.random);
      Pending pending{.token = std::move(begun.token), .methods = {}, .expires_at = begun.expires_at};
      // The address is the one that was sent, whoever has it: the answer is the same for one that has an account.
      pending.needs = awaits_confirmation ? Pending::Needs::verification : Pending::Needs::enrolment;
      if (awaits_confirmation) pending.address = identity::address_to_confirm(deps.identity, account);
      if (!awaits_confirmation) pending.methods = enrollable;
      return SignIn{std::move(pending)};
    }
    return SignIn{
        open_session(tx, deps, context, browser,
                     {.account = std::move(account), .assurance = {.shown = {{AuthMethod::password, context.now}}}})};
  });
}

}  // namespace cardea::authn
