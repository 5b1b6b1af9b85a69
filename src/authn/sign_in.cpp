#include <algorithm>

#include "authn/authn.hpp"
#include "authn/code_budget.hpp"
#include "authn/factors.hpp"
#include "authn/pending.hpp"
#include "authn/progress.hpp"
#include "authn/sign_in_meter.hpp"
#include "authn/unusual.hpp"
#include "crypto/opaque_token.hpp"
#include "encoding/base64.hpp"

namespace cardea::authn {
namespace {

std::string names_of(const std::vector<Evidence>& evidence) {
  std::string names;
  for (const Evidence& each : evidence) (names += names.empty() ? "" : "+") += enum_text(each.method);
  return names;
}

Result<SignIn> open(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser,
                    identity::Account account, const Progress& progress) {
  if (progress.row && !take_pending(tx, *progress.row, context.now)) return signin_expired;
  const std::string methods = names_of(progress.evidence);
  const audit::Kind kind = progress.browser_is_known ? signin_succeeded : signin_in_new_browser;
  return SignIn{open_session(tx, deps, context, browser,
                             {.account = std::move(account),
                              .assurance = assurance_of(progress.evidence),
                              .browser_is_known = progress.browser_is_known,
                              .lifetime = progress.lifetime,
                              .trust = progress.trust,
                              .event = audit::Event{.kind = kind, .actor = progress.account, .reason = methods}})};
}

/// What the sign-in waits for.
Pending to_pending(const Deps& deps, const identity::Account& account, const Step& step) {
  Pending pending;
  if (const auto* asked = std::get_if<Ask>(&step)) {
    pending.methods = asked->methods;
    pending.is_unusual = asked->is_unusual;
  } else if (std::holds_alternative<Enrol>(step)) {
    pending.needs = Pending::Needs::enrolment;
    pending.methods = enrollable_factors(deps);
  } else if (std::holds_alternative<Verify>(step)) {
    pending.needs = Pending::Needs::verification;
    pending.address = identity::address_to_confirm(deps.identity, account);
  } else if (std::holds_alternative<Restore>(step)) {
    pending.needs = Pending::Needs::restoration;
    pending.erase_at = account.erase_at;
  } else {
    pending.needs = Pending::Needs::nothing;
  }
  return pending;
}

/// What has to be sent before the step can be taken, is.
void announce(db::Tx& tx, const Deps& deps, const Context& context, const identity::Account& account,
              const Pending& pending, const crypto::Digest& signin) {
  if (pending.needs == Pending::Needs::verification) {
    account::announce_sign_in(tx, deps.account, account, context.now);
  }
  if (pending.needs != Pending::Needs::second_factor) return;
  const Factor* factor = find_factor(deps, pending.methods.front());
  if (factor != nullptr && factor->on_asked) factor->on_asked(tx, context, account.id, signin);
}

Result<SignIn> ask(db::Tx& tx, const Deps& deps, const Context& context, const identity::Account& account,
                   const Progress& progress, Pending pending) {
  deps.trail.record(tx, context,
                    {.kind = signin_continued, .account = progress.account, .reason = names_of(progress.evidence)});
  if (progress.row) {
    if (!move_pending(tx, *progress.row, progress.evidence, context.now)) return signin_expired;
    pending.expires_at = std::min(progress.row->expires_at, context.now + pending_lifetime);
    announce(tx, deps, context, account, pending, progress.row->token_hash);
    return SignIn{std::move(pending)};
  }
  const bool waits_for_letter = pending.needs == Pending::Needs::verification;
  // Who confirms the address meanwhile has shown that they read its mail, and is not asked for that again.
  auto begun = begin_pending(tx,
                             {.account = progress.account,
                              .evidence = progress.evidence,
                              .is_unusual = progress.is_unusual && !waits_for_letter,
                              .lifetime = waits_for_letter ? verification_lifetime : pending_lifetime},
                             context.now, deps.random);
  pending.token = std::move(begun.token);
  pending.expires_at = begun.expires_at;
  announce(tx, deps, context, account, pending, begun.token_hash);
  return SignIn{std::move(pending)};
}

// What the factor that was shown last has to say to whoever got in by it.
void tell(db::Tx& tx, const Deps& deps, SignIn& outcome, const Evidence& shown) {
  auto* in = std::get_if<SignedIn>(&outcome);
  const Factor* factor = find_factor(deps, shown.method);
  if (in == nullptr || factor == nullptr || factor->page_after.empty()) return;
  in->page_after = factor->page_after;
  if (factor->state) in->codes_left = factor->state(tx, in->account.id).left;
}

/// Decides from what is true in this transaction, uses the proof that this step brought and does what was decided.
Result<SignIn> advance(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser,
                       const Progress& progress, const Proof& proof) {
  auto account = identity::hold(tx, progress.account);
  const Step step = next_step(gather(tx, deps, context, browser, account, progress));
  if (std::holds_alternative<Refused>(step)) return invalid_credentials;
  if (std::holds_alternative<Enrol>(step) && enrollable_factors(deps).empty()) return mfa_enrolment_required;
  TRY(proof.use(tx));
  if (progress.is_unusual && !progress.row) record_unusual(tx, deps, context, progress.account, step);
  if (std::holds_alternative<Open>(step)) return open(tx, deps, context, browser, *std::move(account), progress);
  return ask(tx, deps, context, *account, progress, to_pending(deps, *account, step));
}

void count_outcome(const Deps& deps, const Result<SignIn>& outcome) {
  if (!outcome.ok()) return;
  const char* result = std::holds_alternative<SignedIn>(*outcome) ? "succeeded" : "continued";
  sign_in_counter(deps.metrics, result).add();
}

Result<PendingRow> find_row(db::Tx& tx, const Context& context, std::string_view token) {
  const auto hash = crypto::opaque_token_hash(token);
  auto row = hash ? find_pending(tx, *hash, context.now) : std::nullopt;
  if (!row) return signin_expired;
  return *std::move(row);
}

/// The pending sign-in, if it may be answered by this method. Errors: signin_expired, not_found.
Result<PendingRow> find_row(db::Tx& tx, const Deps& deps, const Context& context, std::string_view token,
                            AuthMethod method) {
  auto row = TRY(find_row(tx, context, token));
  // The address comes first: before it is confirmed no code is judged, nor used up.
  const bool may_wait = deps.identity.requires_confirmation();
  if (may_wait && std::holds_alternative<Verify>(step_of(tx, deps, context, progress_of(row)))) return not_found;
  const auto methods = askable(tx, deps, context, progress_of(row));
  if (std::find(methods.begin(), methods.end(), method) == methods.end()) return not_found;
  return row;
}

/// What a stored sign-in needs, decided anew. Errors: signin_expired.
Result<Pending> current(db::Tx& tx, const Deps& deps, const Context& context, const Progress& progress) {
  const auto account = identity::find(tx, progress.account);
  const Step step = next_step(gather(tx, deps, context, {}, account, progress));
  if (std::holds_alternative<Refused>(step)) return signin_expired;
  auto pending = to_pending(deps, *account, step);
  pending.expires_at = progress.row->expires_at;
  return pending;
}

/// Sessions and browsers of before: whoever has them may have known the password alone.
void end_what_was_opened_without(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& account) {
  if (session::revoke_all(tx, account) > 0) {
    deps.trail.record(tx, context,
                      {.kind = account::session_revoked, .account = account, .actor = account, .subject = "all"});
  }
  known_browser::forget_all(tx, account);
}

/// The password was right all the same.
void record_unenrolled(const Deps& deps, const Context& context, const Proof& proof) {
  deps.database.write_locking([&](db::Tx& tx) {
    deps.trail.record(tx, context, {.kind = signin_failed, .account = proof.account, .reason = "no_second_factor"});
    proof.settle(tx);
  });
}

}  // namespace

Result<SignIn> sign_in(const Deps& deps, const Context& context, const Browser& browser, std::string_view name,
                       const Secret& password, std::optional<Duration> lifetime) {
  TRY(may_begin(deps, AuthMethod::password));
  const auto right = TRY(check_password(deps, context, browser, {.text = name}, password));
  auto outcome = deps.database.write_locking([&](db::Tx& tx) -> Result<SignIn> {
    auto in = TRY(advance(tx, deps, context, browser,
                          {.account = right.account.id,
                           .evidence = {right.proof.evidence},
                           .browser_is_known = right.browser_is_known,
                           .browser_is_trusted = right.browser_is_trusted,
                           .is_unusual = right.is_unusual,
                           .lifetime = lifetime},
                          right.proof));
    right.proof.settle(tx);
    std::visit([&right](auto& each) { each.password_has_leaked = right.has_leaked; }, in);
    return in;
  });
  if (!outcome && outcome.error().is(mfa_enrolment_required)) record_unenrolled(deps, context, right.proof);
  if (!outcome && outcome.error().is(invalid_credentials)) record_stale(deps, context, right.proof);
  count_outcome(deps, outcome);
  return outcome;
}

Result<SignIn> sign_in_by(const Deps& deps, const Context& context, const Browser& browser, AuthMethod method,
                          const std::function<Result<Proof>()>& judge) {
  TRY(may_begin(deps, method));
  // A budget of its own: whoever spends that of passwords shuts nobody out who has something better.
  const auto charges =
      throttle::network_charges(deps.budgets.address, "signin.proof", ClientNetwork{context.origin.address});
  if (auto paid = throttle::charge(deps.database, charges, context); !paid) {
    sign_in_counter(deps.metrics, "throttled").add();
    return std::move(paid).error();
  }
  const auto proof = judge();
  if (!proof) {
    sign_in_counter(deps.metrics, "failed").add();
    return proof.error();
  }
  const bool browser_is_known =
      browser.known && known_browser::is_known(deps.database, proof->account, *browser.known, context.now);
  auto outcome = deps.database.write_locking([&](db::Tx& tx) -> Result<SignIn> {
    auto in = TRY(advance(
        tx, deps, context, browser,
        {.account = proof->account, .evidence = {proof->evidence}, .browser_is_known = browser_is_known}, *proof));
    proof->settle(tx);
    throttle::settle(tx, {.give_back = charges}, context.now);
    return in;
  });
  if (!outcome && outcome.error().is(mfa_enrolment_required)) record_unenrolled(deps, context, *proof);
  if (!outcome && outcome.error().is(invalid_credentials)) record_stale(deps, context, *proof);
  count_outcome(deps, outcome);
  return outcome;
}

Result<SignIn> continue_sign_in(const Deps& deps, const Context& context, const Browser& browser,
                                std::string_view token, AuthMethod method, const Secret& response, Trust trust) {
  const Factor* factor = find_factor(deps, method);
  if (factor == nullptr) return not_found;
  const auto row = TRY(
      deps.database.read([&](db::Tx& tx) -> Result<PendingRow> { return find_row(tx, deps, context, token, method); }));
  const bool browser_is_known =
      browser.known && known_browser::is_known(deps.database, row.account, *browser.known, context.now);
  const auto judged =
      TRY(judge_code(deps, context, *factor, row.account, {response, row.token_hash}, browser_is_known));
  const Proof& proof = judged.proof;
  auto outcome = deps.database.write_locking([&](db::Tx& tx) -> Result<SignIn> {
    Progress progress = progress_of(row);
    progress.evidence.push_back(proof.evidence);
    progress.browser_is_known = browser_is_known;
    progress.trust = trust;
    auto in = TRY(advance(tx, deps, context, browser, progress, proof));
    tell(tx, deps, in, proof.evidence);
    proof.settle(tx);
    throttle::settle(tx, {.give_back = std::span{&judged.charge, 1}}, context.now);
    return in;
  });
  if (!outcome && outcome.error().is(invalid_credentials)) record_stale(deps, context, proof);
  if (!outcome && outcome.error().is(invalid_code)) record_refused_code(deps, context, row.account, "used_code");
  count_outcome(deps, outcome);
  return outcome;
}

Result<Pending> find_sign_in(const Deps& deps, const Context& context, std::string_view token) {
  return deps.database.read([&](db::Tx& tx) -> Result<Pending> {
    return current(tx, deps, context, progress_of(TRY(find_row(tx, context, token))));
  });
}

Result<AccountId> account_to_verify(const Deps& deps, const Context& context, std::string_view token) {
  return deps.database.read([&](db::Tx& tx) -> Result<AccountId> {
    const auto progress = progress_of(TRY(find_row(tx, context, token)));
    if (!std::holds_alternative<Verify>(step_of(tx, deps, context, progress))) return signin_expired;
    return progress.account;
  });
}

Result<SignIn> resume_sign_in(const Deps& deps, const Context& context, const Browser& browser,
                              std::string_view token) {
  const auto row = TRY(deps.database.read([&](db::Tx& tx) { return find_row(tx, context, token); }));
  const bool browser_is_known =
      browser.known && known_browser::is_known(deps.database, row.account, *browser.known, context.now);
  bool has_moved = true;
  auto outcome = deps.database.write_locking([&](db::Tx& tx) -> Result<SignIn> {
    Progress progress = progress_of(row);
    progress.browser_is_known = browser_is_known;
    // Nothing was done that it waits for: it waits on, and its row is left alone.
    has_moved = !std::holds_alternative<Verify>(step_of(tx, deps, context, progress));
    if (!has_moved) return SignIn{TRY(current(tx, deps, context, progress))};
    return advance(tx, deps, context, browser, progress,
                   Proof{.account = row.account, .evidence = row.evidence.back()});
  });
  if (has_moved) count_outcome(deps, outcome);
  return outcome;
}

Result<SignIn> keep_account(const Deps& deps, const Context& context, const Browser& browser, std::string_view token) {
  const auto row = TRY(deps.database.read([&](db::Tx& tx) { return find_row(tx, context, token); }));
  const bool browser_is_known =
      browser.known && known_browser::is_known(deps.database, row.account, *browser.known, context.now);
  auto outcome = deps.database.write_locking([&](db::Tx& tx) -> Result<SignIn> {
    Progress progress = progress_of(row);
    progress.browser_is_known = browser_is_known;
    // Held first: it may be erased meanwhile, and then there is nothing to keep.
    if (!identity::hold(tx, row.account)) return signin_expired;
    if (!std::holds_alternative<Restore>(step_of(tx, deps, context, progress))) return signin_expired;
    account::keep(tx, deps.account, context, row.account);
    return advance(tx, deps, context, browser, progress,
                   Proof{.account = row.account, .evidence = row.evidence.back()});
  });
  count_outcome(deps, outcome);
  return outcome;
}

Result<AccountId> account_of_pending(const Deps& deps, const Context& context, std::string_view token,
                                     AuthMethod method) {
  return deps.database.read(
      [&](db::Tx& tx) -> Result<AccountId> { return TRY(find_row(tx, deps, context, token, method)).account; });
}

Result<Enroller> enroller_of_pending(const Deps& deps, const Context& context, std::string_view token) {
  return deps.database.read([&](db::Tx& tx) -> Result<Enroller> {
    const auto progress = progress_of(TRY(find_row(tx, context, token)));
    if (!std::holds_alternative<Enrol>(step_of(tx, deps, context, progress))) return signin_expired;
    return Enroller{.account = progress.account,
                    .owner = crypto::sha256("enrols before " + encoding::hex(progress.row->token_hash))};
  });
}

Result<SignIn> enrol_pending(const Deps& deps, const Context& context, const Browser& browser, std::string_view token,
                             const Proof& proof) {
  auto outcome = deps.database.write_locking([&](db::Tx& tx) -> Result<SignIn> {
    Progress progress = progress_of(TRY(find_row(tx, context, token)));
    if (!identity::hold(tx, progress.account) || progress.account != proof.account) return signin_expired;
    // It may have been enrolled elsewhere meanwhile: then that one is to be shown, and no other to be added.
    if (!std::holds_alternative<Enrol>(step_of(tx, deps, context, progress))) return signin_expired;
    TRY(proof.use(tx));
    end_what_was_opened_without(tx, deps, context, progress.account);
    deps.trail.record(tx, context,
                      {.kind = factor_enrolled,
                       .account = progress.account,
                       .actor = progress.account,
                       .reason = enum_text(proof.evidence.method)});
    progress.evidence.push_back(proof.evidence);
    return advance(tx, deps, context, browser, progress, Proof{.account = proof.account, .evidence = proof.evidence});
  });
  count_outcome(deps, outcome);
  return outcome;
}

}  // namespace cardea::authn
