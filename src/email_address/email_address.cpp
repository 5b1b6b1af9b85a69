#include "email_address/email_address.hpp"

#include "authn/factors.hpp"
#include "email_address/letters.hpp"
#include "http/problem.hpp"

namespace cardea::email_address {
namespace {

/// "usr_… ada@example.com"
std::string subject_of(const AccountId& account, std::string_view address) {
  return account.text() + " " + std::string{address};
}

struct Subject {
  AccountId account;
  std::string address;
  challenge::ChallengeId challenge = {};  // once it is redeemed
};

std::optional<Subject> parse_subject(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto account = AccountId::parse(text.substr(0, space));
  if (!account) return std::nullopt;
  return Subject{.account = *account, .address = std::string{text.substr(space + 1)}};
}

Result<Done> pay_for_link(const Deps& deps, const Context& context) {
  const ClientNetwork network{context.origin.address};
  const auto charges = throttle::network_charges(deps.settings.address, "email_address.link", network);
  TRY(throttle::charge(deps.authn.database, charges, context));
  return done;
}

/// Tells the old address, with a way back; one that nobody had confirmed gets no such power.
void tell_old_address(db::Tx& tx, const Deps& deps, const identity::Confirmed& change, Time now) {
  if (!change.replaced || !change.replaced_was_verified) return;
  const auto address = mail::Address::parse(*change.replaced);
  if (!address) return;
  const auto issued = deps.challenges.issue(tx, undo, subject_of(change.account.id, *change.replaced), now);
  const auto words = deps.pages.words_in(change.account.language);
  deps.outbox.put(tx, *address, changed_letter(words, deps.outbox.url(), change.account, *issued.link), words, now);
}

/// Whoever else gave the address as theirs did so without having it: what they opened with it ends.
void end_others(db::Tx& tx, const Deps& deps, const Context& context, std::string_view address, const AccountId& id) {
  for (const auto& other : identity::waiting_for(tx, address, id)) {
    if (session::revoke_all(tx, other) == 0) continue;
    known_browser::forget_all(tx, other);
    deps.authn.trail.record(
        tx, context, {.kind = account::session_revoked, .account = other, .reason = "address", .subject = "all"});
  }
}

Result<identity::Account> confirm(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& id,
                                  std::string_view address) {
  auto change = identity::confirm_address(tx, id, address, context.now);
  if (!change) return change.error().is(not_found) ? Error{nothing_to_confirm} : change.error();
  end_others(tx, deps, context, address, id);
  tell_old_address(tx, deps, *change, context.now);
  deps.authn.trail.record(tx, context, {.kind = confirmed, .account = id});
  if (change->replaced) deps.authn.trail.record(tx, context, {.kind = account::email_changed, .account = id});
  return std::move(change->account);
}

/// What waits to be confirmed. Errors: unauthenticated when the session has ended, which memory may not know;
/// email.nothing_to_confirm.
Result<std::string> pending_address(const Deps& deps, const Context& context, const AccountId& id) {
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<std::string> {
    const auto account = identity::find(tx, id);
    if (!account || account->status != identity::Status::active) return nothing_to_confirm;
    const auto address = identity::address_to_confirm(deps.authn.identity, *account);
    if (!address) return nothing_to_confirm;
    return *address;
  });
}

/// Whoever took an account over may have asked for its deletion too: the address can be taken back all the same.
bool is_usable(const std::optional<identity::Account>& account, const challenge::Purpose& purpose) {
  if (!account) return false;
  return &purpose == &undo ? identity::may_sign_in(*account) : account->status == identity::Status::active;
}

/// The account that a link was made for, as it is now.
Result<LinkHolder> holder_in(db::Tx& tx, const challenge::Purpose& purpose, std::string_view token, Time now) {
  const auto subject = challenge::Challenges::subject_of_link(tx, purpose, token, now);
  const auto parsed = subject ? parse_subject(*subject) : std::nullopt;
  auto account = parsed ? identity::find(tx, parsed->account) : std::nullopt;
  if (!is_usable(account, purpose)) return challenge::not_valid;
  return LinkHolder{.account = *std::move(account), .address = parsed->address};
}

/// Uses a link up, in the transaction that does what it is for.
Result<Subject> redeem(db::Tx& tx, const Deps& deps, const challenge::Purpose& purpose, std::string_view token,
                       Time now) {
  const auto redeemed = TRY(deps.challenges.redeem_link(tx, purpose, token, now));
  auto subject = parse_subject(redeemed.subject);
  if (!subject) return challenge::not_valid;
  subject->challenge = redeemed.id;
  if (!is_usable(identity::hold(tx, subject->account), purpose)) return challenge::not_valid;
  return *subject;
}

}  // namespace

bool was_written_to(db::Tx& tx, const Deps& deps, const identity::Account& account, Time now) {
  const auto address = identity::address_to_confirm(deps.authn.identity, account);
  return !address ||
         challenge::Challenges::live_one(tx, confirmation, subject_of(account.id, *address), now).has_value();
}

Result<Done> write_to(const Deps& deps, const AccountId& id, Time now) {
  return deps.authn.database.write([&](db::Tx& tx) -> Result<Done> {
    const auto account = identity::hold(tx, id);
    const auto given = account ? identity::address_to_confirm(deps.authn.identity, *account) : std::nullopt;
    const auto address = mail::Address::of(given);
    if (!address || account->status != identity::Status::active) return done;
    const auto words = deps.pages.words_in(account->language);
    const auto issued = deps.challenges.issue(tx, confirmation, subject_of(id, *given), now);
    if (identity::is_claimed(tx, address->text(), id)) {
      deps.outbox.put(tx, *address, taken_letter(words, deps.outbox.url()), words, now);
      return done;
    }
    deps.outbox.put(tx, *address, confirmation_letter(words, deps.outbox.url(), *account, issued), words, now,
                    confirmation.rules().lifetime);
    return done;
  });
}

Result<Done> give_address(const Deps& deps, const Context& context, std::string_view token,
                          const std::optional<std::string>& address) {
  const auto id = TRY(authn::account_to_verify(deps.authn, context, token));
  const throttle::Charge charge{deps.settings.resend, "email_address.resend:" + id.text()};
  TRY(account::pay_for_asking(deps.authn.account, context, charge));
  std::vector<FieldError> problems;
  const auto change = identity::check_change(deps.authn.identity, {.email = address.value_or("")},
                                             identity::Editor::user, context.now, problems);
  if (auto problem = account::problem_with_address(deps.authn.account, change.pending_email)) {
    problems.push_back(*std::move(problem));
  }
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  TRY(account::check_takes_mail(deps.authn.account, change.pending_email));
  return deps.authn.database.write([&](db::Tx& tx) -> Result<Done> {
    const auto before = identity::hold(tx, id);
    if (!before || !identity::awaits_confirmation(deps.authn.identity, *before)) return authn::signin_expired;
    if (authn::find_enrolled(tx, deps.authn, id).any()) return http::reauth_required;
    const auto after = TRY(identity::update(tx, id, change, context.now));
    account::announce_pending(tx, deps.authn.account, after, before->pending_email, context.now);
    deps.authn.trail.record(tx, context,
                            {.kind = account::email_requested, .account = id, .actor = id, .subject = "email"});
    return done;
  });
}

Result<Done> resend(const Deps& deps, const Context& context, const AccountId& id) {
  TRY(pending_address(deps, context, id));
  const throttle::Charge charge{deps.settings.resend, "email_address.resend:" + id.text()};
  TRY(throttle::charge(deps.authn.database, std::span{&charge, 1}, context));
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Done> {
    deps.queue.put(tx, "email_address.write", id.text(), context.now);
    return done;
  });
}

Result<identity::Account> confirm_by_code(const Deps& deps, const Context& context, const AccountId& id,
                                          const Secret& code) {
  const auto address = TRY(pending_address(deps, context, id));
  const throttle::Charge charge{deps.settings.guess, "email_address.code:" + id.text()};
  TRY(throttle::charge(deps.authn.database, std::span{&charge, 1}, context));
  const auto subject = subject_of(id, address);
  const auto live = deps.authn.database.read(
      [&](db::Tx& tx) { return challenge::Challenges::live_one(tx, confirmation, subject, context.now); });
  if (!live) return challenge::not_valid;
  TRY(deps.challenges.redeem_code(deps.authn.database, confirmation, *live, subject, code, context.now));
  return session::write_for(deps.authn.database, context,
                            [&](db::Tx& tx) { return confirm(tx, deps, context, id, address); });
}

Result<LinkHolder> holder(const Deps& deps, const Context& context, std::string_view token) {
  return deps.authn.database.read([&](db::Tx& tx) -> Result<LinkHolder> {
    auto found = TRY(holder_in(tx, confirmation, token, context.now));
    if (identity::address_to_confirm(deps.authn.identity, found.account) != found.address) return challenge::not_valid;
    return found;
  });
}

Result<identity::Account> confirm_by_link(const Deps& deps, const Context& context, const authn::Browser& browser,
                                          const LinkUse& use) {
  TRY(pay_for_link(deps, context));
  const auto found = TRY(holder(deps, context, use.token));
  const auto work = [&](db::Tx& tx) -> Result<identity::Account> {
    const auto subject = TRY(redeem(tx, deps, confirmation, use.token, context.now));
    return confirm(tx, deps, context, subject.account, subject.address);
  };
  if (use.known == found.account.id) return session::write_for(deps.authn.database, context, work);
  if (use.password.empty()) return password_needed;
  // By what its owner signs in with, so that guesses here and there are paid from the same budgets.
  const auto& uid = found.account.uid;
  const authn::LoginName name = uid ? authn::LoginName{.text = *uid} : authn::LoginName{.account = found.account.id};
  const auto right = TRY(authn::check_password(deps.authn, context, browser, name, use.password));
  return authn::with_proof(deps.authn, context, right.proof, work);
}

Result<Done> refuse_by_link(const Deps& deps, const Context& context, std::string_view token) {
  TRY(pay_for_link(deps, context));
  return deps.authn.database.write([&](db::Tx& tx) -> Result<Done> {
    const auto subject = TRY(redeem(tx, deps, confirmation, token, context.now));
    if (!identity::drop_pending_address(tx, subject.account, subject.address, context.now)) return challenge::not_valid;
    deps.authn.trail.record(tx, context, {.kind = refused, .account = subject.account});
    return done;
  });
}

Result<LinkHolder> undo_holder(const Deps& deps, const Context& context, std::string_view token) {
  return deps.authn.database.read([&](db::Tx& tx) { return holder_in(tx, undo, token, context.now); });
}

Result<Done> undo_change(const Deps& deps, const Context& context, std::string_view token) {
  TRY(pay_for_link(deps, context));
  return deps.authn.database.write([&](db::Tx& tx) -> Result<Done> {
    const auto subject = TRY(redeem(tx, deps, undo, token, context.now));
    // Who changed the address twice has such a link too: it must not take this one back, nor end the one before it.
    challenge::void_later(tx, undo, subject.account.text() + " ", subject.challenge);
    TRY(identity::restore_address(tx, subject.account, subject.address, context.now));
    session::revoke_all(tx, subject.account);
    known_browser::forget_all_but(tx, subject.account, authn::place_of(deps.authn, context), context.now);
    deps.authn.trail.record(tx, context, {.kind = undone, .account = subject.account});
    return done;
  });
}

}  // namespace cardea::email_address
