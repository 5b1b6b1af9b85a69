// A code in place of the password.

#include "audit/preload.hpp"
#include "crypto/opaque_token.hpp"
#include "email_code/email_code.hpp"
#include "email_code/sending.hpp"
#include "email_code/store.hpp"
#include "encoding/base64.hpp"
#include "encoding/unicode.hpp"

namespace cardea::email_code {
namespace {

crypto::Digest hash_of(std::string_view address) {
  return crypto::sha256("email_code.signin " + unicode::email_key(address));
}

bool holds(db::Tx& tx, const AccountId& account, const authn::Evidence& evidence) {
  const auto address = address_of(identity::find(tx, account));
  return address && tag_of(*address) == evidence.detail;
}

/// What a guess costs. By the address that was typed, whether or not an account has it: spent or not, it says nothing.
/// Its own key, though the budget is that of other codes: strangers who know an address alone do not use up what its
/// owner has for the second step.
throttle::Charge guess_charge(const Deps& deps, const crypto::Digest& address, bool browser_is_known) {
  const auto& budgets = deps.authn.budgets.codes;
  const auto key = encoding::hex(address);
  if (browser_is_known) return {.budget = budgets.known_browser, .key = "signin.mail_known:" + key};
  return {.budget = budgets.account, .key = "signin.mail:" + key};
}

/// Every refusal is that of a wrong code, and takes the same statements: whether anything was sent is nobody's
/// business.
Result<authn::Proof> judge(const Deps& deps, const Context& context, const authn::Browser& browser,
                           const crypto::Digest& waiting, const Secret& code) {
  auto& database = deps.authn.database;
  const auto address = address_of_signin(database, waiting, context.now);
  if (!address) return authn::signin_expired;
  const auto sent = sent_for_signin(database, waiting, context.now);
  const AccountId account = sent ? sent->account : AccountId{};
  const bool browser_is_known =
      browser.known && known_browser::is_known(database, account, *browser.known, context.now);
  const auto charge = guess_charge(deps, *address, browser_is_known);
  TRY(throttle::charge(database, std::span{&charge, 1}, context));
  const auto now_address = database.read([&](db::Tx& tx) {
    audit::preload_key(tx, deps.authn.trail.keys(), account, context.now);
    return address_of(identity::find(tx, account)).value_or("nobody@example.invalid");
  });
  const auto subject = subject_of(account, binding_of(waiting), now_address);
  const auto sent_code = sent ? sent->challenge : challenge::ChallengeId{};
  if (!deps.challenges.redeem_code(database, first_step, sent_code, subject, code, context.now)) {
    database.write_locking([&](db::Tx& tx) {
      deps.authn.trail.record(tx, context,
                              {.kind = authn::signin_failed,
                               .account = sent ? std::optional{account} : std::nullopt,
                               .reason = "wrong_email_code"});
    });
    return authn::invalid_code;
  }
  const authn::Evidence evidence{.method = AuthMethod::email_code, .at = context.now, .detail = tag_of(now_address)};
  return authn::Proof{.account = account,
                      .evidence = evidence,
                      .still_holds = [account, evidence](db::Tx& tx) { return holds(tx, account, evidence); },
                      .settle =
                          [waiting, charge, now = context.now](db::Tx& tx) {
                            end_signin(tx, waiting);
                            throttle::settle(tx, {.give_back = std::span{&charge, 1}}, now);
                          }};
}

}  // namespace

Result<Secret> ask(const Deps& deps, const Context& context, std::string_view typed, std::string_view language) {
  TRY(authn::may_begin(deps.authn, AuthMethod::email_code));
  if (!deps.outbox.is_on()) return mail::not_set_up;
  const auto address = unicode::email(typed);
  if (!address) {
    return Error{validation_failed,
                 std::vector<FieldError>{{"email", "email_invalid", "Enter an address like name@example.com."}}};
  }
  const ClientNetwork network{context.origin.address};
  const auto charges = throttle::network_charges(deps.settings.request, "email_code.request", network);
  TRY(throttle::charge(deps.authn.database, charges, context));
  auto token = crypto::make_opaque_token(deps.authn.random);
  deps.authn.database.write([&](db::Tx& tx) {
    begin_signin(tx, token.hash, hash_of(*address), context.now + code_lifetime);
    put(tx, deps,
        {.purpose = std::string{first_step.name()},
         .binding = binding_of(token.hash),
         .address = *address,
         .language = std::string{language}},
        context.now);
  });
  return std::move(token.text);
}

Result<authn::SignIn> sign_in(const Deps& deps, const Context& context, const authn::Browser& browser,
                              std::string_view token, const Secret& code) {
  const auto waiting = crypto::opaque_token_hash(token);
  if (!waiting) {
    TRY(authn::may_begin(deps.authn, AuthMethod::email_code));
    return authn::signin_expired;
  }
  return authn::sign_in_by(deps.authn, context, browser, AuthMethod::email_code,
                           [&] { return judge(deps, context, browser, *waiting, code); });
}

authn::FirstStep first_step_of(const Deps& deps) {
  return {.method = AuthMethod::email_code,
          .is_enrolled =
              [&authn = deps.authn, &outbox = deps.outbox](const AccountId& account) {
                const bool is_on = outbox.is_on() && authn.policy.begins_with(AuthMethod::email_code);
                return db::Condition{"$? = 1", is_on}.and_also(identity::has_confirmed_address(account));
              },
          .still_holds = holds};
}

}  // namespace cardea::email_code
