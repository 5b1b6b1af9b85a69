#include <algorithm>

#include "authn/authn.hpp"
#include "authn/login_store.hpp"
#include "authn/pending.hpp"
#include "authn/sign_in_meter.hpp"
#include "crypto/opaque_token.hpp"

namespace cardea::authn {
namespace {

// Where a sign-in stands when a step is taken.
struct Progress {
  AccountId account;
  std::vector<Evidence> evidence;
  std::optional<PendingRow> row = {};  // absent: this is the first step
  bool browser_is_known = false;
  std::optional<Duration> lifetime = {};
};

bool still_holds(db::Tx& tx, const Deps& deps, const AccountId& account, const Evidence& evidence) {
  if (evidence.method == AuthMethod::password) return password_holds(tx, account, evidence);
  const auto holds = [&](const auto& way) {
    return way.method == evidence.method && way.still_holds(tx, account, evidence);
  };
  return std::any_of(deps.factors.begin(), deps.factors.end(), holds) ||
         std::any_of(deps.first_steps.begin(), deps.first_steps.end(), holds);
}

std::vector<AuthMethod> enrolled(db::Tx& tx, const Deps& deps, const AccountId& account) {
  std::vector<AuthMethod> methods;
  for (const Factor& factor : deps.factors) {
    if (factor.is_enrolled(tx, account)) methods.push_back(factor.method);
  }
  return methods;
}

Facts gather(db::Tx& tx, const Deps& deps, const std::optional<identity::Account>& account, const Progress& progress) {
  if (!account) return {};
  Facts facts{
      .is_active = account->status == identity::Status::active,
      .proofs_hold = std::all_of(progress.evidence.begin(), progress.evidence.end(),
                                 [&](const Evidence& each) { return still_holds(tx, deps, account->id, each); }),
      .enrolled = enrolled(tx, deps, account->id),
      .required = deps.policy.required};
  for (const Evidence& evidence : progress.evidence) facts.shown.push_back(evidence.method);
  return facts;
}

std::string names_of(const std::vector<Evidence>& evidence) {
  std::string names;
  for (const Evidence& each : evidence) (names += names.empty() ? "" : "+") += enum_text(each.method);
  return names;
}

Result<SignIn> open(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser,
                    identity::Account account, const Progress& progress) {
  if (progress.row && !take_pending(tx, *progress.row, context.now)) return signin_expired;
  const std::string methods = names_of(progress.evidence);
  return SignIn{
      open_session(tx, deps, context, browser,
                   {.account = std::move(account),
                    .assurance = assurance_of(progress.evidence),
                    .browser_is_known = progress.browser_is_known,
                    .lifetime = progress.lifetime,
                    .event = audit::Event{.kind = signin_succeeded, .actor = progress.account, .reason = methods}})};
}

Result<SignIn> ask(db::Tx& tx, const Deps& deps, const Context& context, const Progress& progress, Ask ask) {
  deps.trail.record(tx, context,
                    {.kind = signin_continued, .account = progress.account, .reason = names_of(progress.evidence)});
  if (progress.row) {
    if (!move_pending(tx, *progress.row, progress.evidence, context.now)) return signin_expired;
    return SignIn{Pending{.token = {}, .methods = std::move(ask.methods), .expires_at = progress.row->expires_at}};
  }
  auto begun = begin_pending(tx, progress.account, progress.evidence, context.now, deps.random);
  return SignIn{
      Pending{.token = std::move(begun.token), .methods = std::move(ask.methods), .expires_at = begun.expires_at}};
}

/// Decides from what is true in this transaction, uses the proof that this step brought and does what was decided.
Result<SignIn> advance(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser,
                       const Progress& progress, const Proof& proof) {
  auto account = identity::hold(tx, progress.account);
  Step step = next_step(gather(tx, deps, account, progress));
  if (std::holds_alternative<Enrol>(step)) return mfa_enrolment_required;
  if (std::holds_alternative<Refused>(step)) return invalid_credentials;
  TRY(proof.use(tx));
  if (auto* asked = std::get_if<Ask>(&step)) return ask(tx, deps, context, progress, std::move(*asked));
  return open(tx, deps, context, browser, *std::move(account), progress);
}

void count_outcome(const Deps& deps, const Result<SignIn>& outcome) {
  if (!outcome.ok()) return;
  const char* result = std::holds_alternative<SignedIn>(*outcome) ? "succeeded" : "continued";
  sign_in_counter(deps.metrics, result).add();
}

throttle::Charge code_charge(const Deps& deps, const AccountId& account) {
  return {deps.budgets.account, "signin.code:" + account.text()};
}

/// The pending sign-in, if it may be answered by this method. Errors: signin_expired, not_found.
Result<PendingRow> find_row(db::Tx& tx, const Deps& deps, const Context& context, std::string_view token,
                            AuthMethod method) {
  const auto hash = crypto::opaque_token_hash(token);
  auto row = hash ? find_pending(tx, *hash, context.now) : std::nullopt;
  if (!row) return signin_expired;
  const auto methods = enrolled(tx, deps, row->account);
  if (std::find(methods.begin(), methods.end(), method) == methods.end()) return not_found;
  return *std::move(row);
}

void record_refused_code(const Deps& deps, const Context& context, const AccountId& account, std::string_view reason) {
  deps.database.write_locking([&](db::Tx& tx) {
    deps.trail.record(tx, context, {.kind = signin_failed, .account = account, .reason = reason});
  });
}

/// The password was right all the same.
void record_unenrolled(const Deps& deps, const Context& context, const Proof& proof) {
  deps.database.write_locking([&](db::Tx& tx) {
    deps.trail.record(tx, context, {.kind = signin_failed, .account = proof.account, .reason = "no_second_factor"});
    proof.settle(tx);
  });
}

}  // namespace

std::vector<audit::Kind> events() {
  return {signup_completed, signin_succeeded, signin_failed,     signin_throttled,
          signin_continued, reauthenticated,  signout_completed, password_changed};
}

Result<SignIn> sign_in(const Deps& deps, const Context& context, const Browser& browser, std::string_view name,
                       const Secret& password, std::optional<Duration> lifetime) {
  const auto right = TRY(check_password(deps, context, browser, {.text = name}, password));
  auto outcome = deps.database.write_locking([&](db::Tx& tx) -> Result<SignIn> {
    auto in = TRY(advance(tx, deps, context, browser,
                          {.account = right.account.id,
                           .evidence = {right.proof.evidence},
                           .browser_is_known = right.browser_is_known,
                           .lifetime = lifetime},
                          right.proof));
    right.proof.settle(tx);
    return in;
  });
  if (!outcome && outcome.error().is(mfa_enrolment_required)) record_unenrolled(deps, context, right.proof);
  if (!outcome && outcome.error().is(invalid_credentials)) record_stale(deps, context, right.proof);
  count_outcome(deps, outcome);
  return outcome;
}

Result<SignIn> sign_in_by(const Deps& deps, const Context& context, const Browser& browser,
                          const std::function<Result<Proof>()>& judge) {
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

bool has_way_in(db::Tx& tx, const Deps& deps, const AccountId& account) {
  return password::find(tx, account).has_value() ||
         std::any_of(deps.first_steps.begin(), deps.first_steps.end(),
                     [&](const FirstStep& way) { return way.is_enrolled(tx, account); });
}

Result<SignIn> continue_sign_in(const Deps& deps, const Context& context, const Browser& browser,
                                std::string_view token, AuthMethod method, const Secret& response) {
  const auto factor =
      std::find_if(deps.factors.begin(), deps.factors.end(), [&](const Factor& each) { return each.method == method; });
  if (factor == deps.factors.end()) return not_found;
  const auto row = TRY(
      deps.database.read([&](db::Tx& tx) -> Result<PendingRow> { return find_row(tx, deps, context, token, method); }));
  const auto charge = code_charge(deps, row.account);
  TRY(throttle::charge(deps.database, std::span{&charge, 1}, context));
  const auto proof = factor->check_challenged ? factor->check_challenged(context, row.account, row.token_hash, response)
                                              : factor->check(context, row.account, response);
  if (!proof) {
    record_refused_code(deps, context, row.account, "wrong_code");
    return proof.error();
  }
  const bool browser_is_known =
      browser.known && known_browser::is_known(deps.database, row.account, *browser.known, context.now);
  auto outcome = deps.database.write_locking([&](db::Tx& tx) -> Result<SignIn> {
    Progress progress{.account = row.account, .evidence = row.evidence, .row = row};
    progress.evidence.push_back(proof->evidence);
    progress.browser_is_known = browser_is_known;
    auto in = TRY(advance(tx, deps, context, browser, progress, *proof));
    proof->settle(tx);
    throttle::settle(tx, {.forget = std::span{&charge, 1}}, context.now);
    return in;
  });
  if (!outcome && outcome.error().is(invalid_credentials)) record_stale(deps, context, *proof);
  if (!outcome && outcome.error().is(invalid_code)) record_refused_code(deps, context, row.account, "used_code");
  count_outcome(deps, outcome);
  return outcome;
}

Result<AccountId> account_of_pending(const Deps& deps, const Context& context, std::string_view token,
                                     AuthMethod method) {
  return deps.database.read(
      [&](db::Tx& tx) -> Result<AccountId> { return TRY(find_row(tx, deps, context, token, method)).account; });
}

Result<std::vector<AuthMethod>> methods_of_pending(const Deps& deps, const Context& context, std::string_view token) {
  const auto hash = crypto::opaque_token_hash(token);
  return deps.database.read([&](db::Tx& tx) -> Result<std::vector<AuthMethod>> {
    const auto row = hash ? find_pending(tx, *hash, context.now) : std::nullopt;
    if (!row) return signin_expired;
    const auto account = identity::find(tx, row->account);
    const Step step = next_step(gather(tx, deps, account, {.account = row->account, .evidence = row->evidence}));
    if (const auto* asked = std::get_if<Ask>(&step)) return asked->methods;
    return signin_expired;
  });
}

}  // namespace cardea::authn
