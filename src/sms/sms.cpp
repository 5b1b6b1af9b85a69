#include "sms/sms.hpp"

#include <algorithm>

#include "crypto/opaque_token.hpp"
#include "crypto/seal.hpp"
#include "encoding/base64.hpp"
#include "sms/sms_store.hpp"

namespace cardea::sms {
namespace {

// Where a sealed number stands: it opens nowhere else.
std::string place_of(const AccountId& account) { return "sms_factor.number_sealed:" + account.text(); }
std::string place_of(const authn::Enroller& who) {
  return "sms_enrolment.number_sealed:" + who.account.text() + ":" + std::string{as_text(who.owner)};
}

std::string subject_of(const authn::Enroller& who) { return who.account.text() + " " + encoding::hex(who.owner); }
std::string occasion_of(const SessionId& session) { return "session " + session.text(); }
std::string occasion_of(const crypto::Digest& signin) { return "signin " + encoding::hex(signin); }

std::string detail_of(const Stored& stored) { return std::to_string(to_micros(stored.enrolled_at)); }

/// A code that was sent to a number is worth nothing once there is another one.
std::string subject_of(const AccountId& account, const Stored& stored, const std::string& occasion) {
  return account.text() + " " + detail_of(stored) + " " + occasion;
}

std::optional<Number> open(const Deps& deps, const Bytes& sealed, const std::string& place) {
  const auto text = crypto::open(deps.key, sealed, place);
  return text ? Number::parse(text->reveal()) : std::nullopt;
}

Bytes seal(const Deps& deps, const Number& number, const std::string& place) {
  return crypto::seal(deps.key, as_bytes(number.text()), place, deps.authn.random);
}

bool may_send_to(const Deps& deps, const Number& number) {
  const auto& countries = deps.settings.countries;
  return deps.is_kept || std::find(countries.begin(), countries.end(), number.calling_code()) != countries.end();
}

Error wrong_number(std::string code, std::string detail) {
  return Error{validation_failed, std::vector<FieldError>{{"number", std::move(code), std::move(detail)}}};
}

Result<Number> read_number(const Deps& deps, std::string_view text) {
  const auto number = Number::parse(text);
  if (!number) {
    return wrong_number("number_invalid", "Write the number with a plus and its country's code, as in +4915112345678.");
  }
  if (!may_send_to(deps, *number)) return wrong_number("number_country", "No text messages are sent to that country.");
  return *number;
}

/// Of whoever causes a message: each costs the operator money, and somebody a disturbed night.
Result<Done> pay(const Deps& deps, const Context& context, const AccountId& account, const Number& number) {
  const auto& settings = deps.settings;
  auto charges = throttle::network_charges(settings.network, "sms.network", ClientNetwork{context.origin.address});
  charges.push_back({.budget = settings.number, .key = "sms.account:" + account.text()});
  // Strangers may have spent these: what is left of them is told to nobody.
  charges.push_back({.budget = settings.number, .key = "sms.number:" + number.text(), .is_told = false});
  charges.push_back({.budget = settings.block, .key = "sms.block:" + std::string{number.block()}, .is_told = false});
  TRY(throttle::charge(deps.authn.database, charges, context));
  return done;
}

/// The message with a code. Its last line binds the code to this server for browsers that fill it in (WebOTP).
void put(db::Tx& tx, const Deps& deps, const page::Words& words, const Number& to, const challenge::Issued& issued,
         Time now) {
  std::string code{issued.code.value().reveal()};
  auto text = words.text("letter.sms.code", {{"code", code}, {"brand", deps.brand}});
  text += "\n\n@" + deps.host + " #" + code;
  deps.outbox.put(tx, {.to = to, .text = std::move(text), .code = code}, now, code_lifetime);
  wipe(code);
}

/// Errors: invalid_code; late_code when there is none that could be tried, so that nothing was judged.
Result<Done> redeem(const Deps& deps, const challenge::Purpose& purpose, const std::string& subject, const Secret& code,
                    Time now) {
  auto& database = deps.authn.database;
  const auto live =
      database.read([&](db::Tx& tx) { return challenge::Challenges::live_one(tx, purpose, subject, now); });
  if (!live) return authn::late_code;
  const auto redeemed = deps.challenges.redeem_code(database, purpose, *live, subject, code, now);
  if (redeemed) return done;
  return redeemed.error().is(challenge::not_valid) ? authn::late_code : authn::invalid_code;
}

bool still_holds(db::Tx& tx, const AccountId& account, const authn::Evidence& evidence) {
  const auto stored = find(tx, account);
  return stored && detail_of(*stored) == evidence.detail;
}

Result<authn::Proof> check(const Deps& deps, const Context& context, const AccountId& account,
                           const std::string& occasion, const Secret& code) {
  const auto stored = deps.authn.database.read([&](db::Tx& tx) { return find(tx, account); });
  if (!stored) return authn::invalid_code;
  TRY(redeem(deps, second_step, subject_of(account, *stored, occasion), code, context.now));
  const authn::Evidence evidence{.method = AuthMethod::sms_code, .at = context.now, .detail = detail_of(*stored)};
  return authn::Proof{.account = account, .evidence = evidence, .still_holds = [account, evidence](db::Tx& tx) {
                        return still_holds(tx, account, evidence);
                      }};
}

authn::FactorState factor_state(db::Tx& tx, const AccountId& account) {
  const auto stored = find(tx, account);
  if (!stored) return {};
  return {.is_enrolled = true, .since = stored->enrolled_at};
}

}  // namespace

Result<Sent> start(const Deps& deps, const Context& context, const page::Words& words, std::string_view typed) {
  TRY(deps.authn.database.read([&](db::Tx& tx) -> Result<Done> {
    TRY(session::confirm(tx, context));
    return authn::may_enrol(tx, deps.authn, context);
  }));
  if (!deps.is_on()) return not_set_up;
  const auto number = TRY(read_number(deps, typed));
  TRY(pay(deps, context, context.account(), number));
  const auto who = authn::enroller_of(context);
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Sent> {
    TRY(authn::may_enrol(tx, deps.authn, context));
    const auto issued = deps.challenges.issue(tx, enrolment, subject_of(who), context.now);
    begin(tx, who.account, who.owner,
          {.number_sealed = seal(deps, number, place_of(who)), .expires_at = issued.expires_at});
    put(tx, deps, words, number, issued, context.now);
    return Sent{.to = number.hint(), .expires_at = issued.expires_at};
  });
}

std::optional<Sent> find_started(const Deps& deps, const Context& context) {
  const auto who = authn::enroller_of(context);
  const auto begun =
      deps.authn.database.read([&](db::Tx& tx) { return find_begun(tx, who.account, who.owner, context.now); });
  const auto number = begun ? open(deps, begun->number_sealed, place_of(who)) : std::nullopt;
  if (!number) return std::nullopt;
  return Sent{.to = number->hint(), .expires_at = begun->expires_at};
}

Result<authn::SignedIn> confirm(const Deps& deps, const Context& context, const authn::Browser& browser,
                                const Secret& code) {
  const auto who = authn::enroller_of(context);
  const auto begun = TRY(deps.authn.database.read([&](db::Tx& tx) -> Result<Begun> {
    // A session that has ended, which memory may not know yet, enrols nothing.
    TRY(session::confirm(tx, context));
    const auto found = find_begun(tx, who.account, who.owner, context.now);
    if (!found) return not_started;
    return *found;
  }));
  const auto number = open(deps, begun.number_sealed, place_of(who));
  if (!number) return not_started;
  const auto redeemed = redeem(deps, enrolment, subject_of(who), code, context.now);
  if (!redeemed) return redeemed.error().is(authn::late_code) ? Error{not_started} : redeemed.error();
  const Stored stored{.number_sealed = seal(deps, *number, place_of(who.account)), .enrolled_at = context.now};
  const authn::Proof proof{.account = who.account,
                           .evidence = {.method = AuthMethod::sms_code, .at = context.now, .detail = detail_of(stored)},
                           .still_holds = [](db::Tx&) { return true; },
                           .use = [who, begun, stored](db::Tx& tx) -> Result<Done> {
                             if (!take_begun(tx, who.account, who.owner, begun)) return not_started;
                             store(tx, who.account, stored);
                             return done;
                           }};
  return authn::enrol(deps.authn, context, browser, proof);
}

Result<Sent> send_code(const Deps& deps, const Context& context, const page::Words& words, const AccountId& account,
                       const std::optional<crypto::Digest>& signin) {
  if (!deps.is_on()) return not_set_up;
  const auto stored = deps.authn.database.read([&](db::Tx& tx) { return find(tx, account); });
  const auto number = stored ? open(deps, stored->number_sealed, place_of(account)) : std::nullopt;
  if (!number) return not_found;
  if (!may_send_to(deps, *number)) return unreachable;
  TRY(pay(deps, context, account, *number));
  const auto subject = subject_of(account, *stored, signin ? occasion_of(*signin) : occasion_of(context.session()));
  return deps.authn.database.write([&](db::Tx& tx) -> Result<Sent> {
    if (!signin) TRY(session::confirm(tx, context));
    const auto issued = deps.challenges.issue(tx, second_step, subject, context.now);
    put(tx, deps, words, *number, issued, context.now);
    return Sent{.to = number->hint(), .expires_at = issued.expires_at};
  });
}

Result<Sent> send_in_session(const Deps& deps, const Context& context, const page::Words& words) {
  const auto methods = TRY(deps.authn.database.read([&](db::Tx& tx) -> Result<std::vector<AuthMethod>> {
    TRY(session::confirm(tx, context));
    return authn::find_enrolled(tx, deps.authn, context.account()).asked();
  }));
  if (std::find(methods.begin(), methods.end(), AuthMethod::sms_code) == methods.end()) return not_found;
  return send_code(deps, context, words, context.account(), std::nullopt);
}

Result<Sent> send_in_sign_in(const Deps& deps, const Context& context, const page::Words& words,
                             std::string_view token) {
  const auto account = TRY(authn::account_of_pending(deps.authn, context, token, AuthMethod::sms_code));
  return send_code(deps, context, words, account, crypto::opaque_token_hash(token));
}

State find_state(const Deps& deps, db::Tx& tx, const AccountId& account) {
  const auto stored = find(tx, account);
  if (!stored) return {};
  const auto number = open(deps, stored->number_sealed, place_of(account));
  return {.is_enrolled = true, .since = stored->enrolled_at, .number = number ? number->hint() : std::string{}};
}

authn::Factor factor(std::shared_ptr<const Deps> deps) {
  return {
      .method = AuthMethod::sms_code,
      .is_enrolled = has_factor,
      .check = [deps](const Context& context, const AccountId& account, const Secret& code) -> Result<authn::Proof> {
            // Of who is signed in: another step of the same session.
        if (!context.principal || !context.principal->session) return authn::invalid_code;
        return check(*deps, context, account, occasion_of(context.session()), code);
      },
      .still_holds = still_holds,
      .kind = authn::Factor::Kind::weak,
      .state = factor_state,
      .remove = [](db::Tx& tx, const AccountId& account) { remove(tx, account); },
      .page = deps->is_on() ? "/account/security/sms" : "",
      .check_challenged =
          [deps](const Context& context, const AccountId& account, const crypto::Digest& signin, const Secret& code) {
            return check(*deps, context, account, occasion_of(signin), code);
          }};
}

}  // namespace cardea::sms
