// Assertions: as the first step of a sign-in, and as the second.

#include "encoding/base64.hpp"
#include "passkey/ceremony.hpp"
#include "passkey/passkey_store.hpp"

namespace cardea::passkey {
namespace {

RequestBegun request(const Deps& deps, const challenge::Issued& issued) {
  return {.options = {.challenge = std::string{issued.link->reveal()},
                      .party = deps.party.id,
                      .timeout = std::chrono::duration_cast<std::chrono::milliseconds>(ceremony_lifetime).count()},
          .expires_at = issued.expires_at};
}

/// What an assertion has to be.
struct Expected {
  const challenge::Purpose& purpose;
  std::string subject;  // whom the challenge was given to
  std::optional<AccountId> owner = {};  // absent: whoever it says
  webauthn::Presence presence = {};
};

/// An assertion that was right, of a credential that is stored.
struct Right {
  Passkey passkey;
  webauthn::Verified verified;
  std::string challenge;
};

/// What is stored of it. Errors: challenge.not_valid, passkey.unknown.
Result<Passkey> look_up(const Deps& deps, const Context& context, const Expected& expected,
                        const webauthn::Assertion& sent, std::string_view challenge) {
  return deps.authn.database.read([&](db::Tx& tx) -> Result<Passkey> {
    const auto subject = challenge::Challenges::subject_of_link(tx, expected.purpose, challenge, context.now);
    if (!subject || *subject != expected.subject) return challenge::not_valid;
    auto passkey = find_credential(tx, sent.id);
    if (!passkey) return unknown;
    return *std::move(passkey);
  });
}

// An authenticator names the owner in every assertion of a credential that it finds by itself.
Result<Done> check_owner(const Passkey& passkey, const Expected& expected, const std::optional<std::string>& handle) {
  const bool is_named = handle.has_value() && !handle->empty();
  if (is_named ? *handle != user_handle(passkey.owner) : !expected.owner) return webauthn::refused("user_handle");
  if (expected.owner ? passkey.owner != *expected.owner : passkey.kind != Kind::passkey) {
    return webauthn::refused("owner");
  }
  return done;
}

void record_clone(const Deps& deps, const Context& context, const Passkey& passkey) {
  deps.authn.database.write_locking([&](db::Tx& tx) {
    deps.authn.trail.record(tx, context, {.kind = cloned, .account = passkey.owner, .subject = passkey.id.text()});
  });
}

Result<Right> judge(const Deps& deps, const Context& context, const Expected& expected, const ShownCredential& shown) {
  const auto sent = to_assertion(shown);
  if (!sent) return webauthn::refused("encoding");
  auto challenge = webauthn::challenge_of(sent->client_data);
  if (!challenge) return webauthn::refused("client_data");
  auto passkey = TRY(look_up(deps, context, expected, *sent, *challenge));
  TRY(check_owner(passkey, expected, shown.response.user_handle));
  const webauthn::Known known{.id = passkey.credential_id,
                              .public_key = passkey.public_key,
                              .sign_count = passkey.sign_count,
                              .backup_eligible = passkey.backup_eligible};
  const auto verified = TRY(webauthn::verify_assertion(*sent, known, deps.party, *challenge, expected.presence));
  if (verified.is_cloned) {
    record_clone(deps, context, passkey);
    return webauthn::refused("cloned");
  }
  return Right{.passkey = std::move(passkey), .verified = verified, .challenge = *std::move(challenge)};
}

/// The challenge is used up, and the counter goes up; what happened meanwhile is an error.
Result<Done> use_up(db::Tx& tx, Random& random, const Expected& expected, const Right& right, Time now) {
  const auto challenges = challenge::Challenges::of_links(random);
  const auto redeemed = TRY(challenges.redeem_link(tx, expected.purpose, right.challenge, now));
  if (redeemed.subject != expected.subject) return challenge::not_valid;
  if (!use(tx, right.passkey.id, right.verified, now)) return webauthn::refused("used_meanwhile");
  return done;
}

bool is_there(db::Tx& tx, const AccountId& account, const authn::Evidence& evidence) {
  const auto id = PasskeyId::parse("pky_" + evidence.detail);
  return id && find(tx, account, *id).has_value();
}

// Stored between the steps of a sign-in: the id without its prefix.
std::string detail_of(const PasskeyId& id) { return id.text().substr(PasskeyTag::prefix.size()); }

authn::Proof to_proof(const Deps& deps, const Context& context, const Expected& expected, Right right,
                      AuthMethod method) {
  const AccountId owner = right.passkey.owner;
  const authn::Evidence evidence{.method = method, .at = context.now, .detail = detail_of(right.passkey.id)};
  return {.account = owner,
          .evidence = evidence,
          .still_holds = [owner, evidence](db::Tx& tx) { return is_there(tx, owner, evidence); },
          .use = [&random = deps.authn.random, expected, right = std::move(right),
                  now = context.now](db::Tx& tx) { return use_up(tx, random, expected, right, now); }};
}

std::string_view reason_of(const Error& error) {
  if (error.is(unknown)) return "unknown_passkey";
  return error.is(challenge::not_valid) ? "stale_passkey" : "wrong_passkey";
}

void record_refused(const Deps& deps, const Context& context, const Error& error) {
  deps.authn.database.write_locking([&](db::Tx& tx) {
    deps.authn.trail.record(tx, context, {.kind = authn::signin_failed, .reason = reason_of(error)});
  });
}

/// An assertion that is sent where others send a code: every refusal is that of a wrong one.
Result<authn::Proof> judge_as_code(const Deps& deps, const Context& context, const Expected& expected,
                                   AuthMethod method, const Secret& response) {
  const auto shown = wire::read<ShownCredential>(response.reveal());
  if (!shown) return authn::invalid_code;
  auto right = judge(deps, context, expected, *shown);
  if (!right || (method == AuthMethod::passkey && right->passkey.kind != Kind::passkey)) return authn::invalid_code;
  auto proof = to_proof(deps, context, expected, *std::move(right), method);
  proof.use = [use = std::move(proof.use)](db::Tx& tx) -> Result<Done> {
    if (!use(tx)) return authn::invalid_code;
    return done;
  };
  return proof;
}

Result<authn::Proof> judge_second_step(const Deps& deps, const Context& context, const AccountId& account,
                                       const std::string& subject, const Secret& response) {
  return judge_as_code(deps, context, {.purpose = second_step, .subject = subject, .owner = account},
                       AuthMethod::security_key, response);
}

Result<authn::Proof> judge_again(const Deps& deps, const Context& context, const AccountId& account,
                                 const Secret& response) {
  if (!context.principal || !context.principal->session) return authn::invalid_code;
  const Expected expected{.purpose = shown_again,
                          .subject = subject_of(context.session()),
                          .owner = account,
                          .presence = {.must_be_verified = true}};
  return judge_as_code(deps, context, expected, AuthMethod::passkey, response);
}

/// The credentials of an account, for the browser to choose from.
std::vector<Descriptor> descriptors(const Deps& deps, const AccountId& account,
                                    const std::function<bool(const Passkey&)>& is_wanted) {
  std::vector<Descriptor> all;
  for (const auto& each : deps.authn.database.read([&](db::Tx& tx) { return list(tx, account); })) {
    if (is_wanted(each)) {
      all.push_back({.id = encoding::base64url(each.credential_id), .transports = each.transports});
    }
  }
  return all;
}

}  // namespace

Result<RequestBegun> begin_sign_in(const Deps& deps, const Context& context, const crypto::Digest& browser) {
  return request(deps, TRY(begin(deps, context, sign_in_challenge, subject_of_browser(browser))));
}

Result<authn::Proof> judge_sign_in(const Deps& deps, const Context& context, const crypto::Digest& browser,
                                   const ShownCredential& shown) {
  const Expected expected{
      .purpose = sign_in_challenge, .subject = subject_of_browser(browser), .presence = {.must_be_verified = true}};
  auto right = judge(deps, context, expected, shown);
  if (!right) {
    record_refused(deps, context, right.error());
    return std::move(right).error();
  }
  return to_proof(deps, context, expected, *std::move(right), AuthMethod::passkey);
}

Result<RequestBegun> begin_second_step(const Deps& deps, const Context& context, const AccountId& account,
                                       const std::string& subject) {
  auto begun = request(deps, TRY(begin(deps, context, second_step, subject)));
  begun.options.user_verification = "preferred";
  begun.options.allow = descriptors(deps, account, [](const Passkey&) { return true; });
  return begun;
}

Result<RequestBegun> begin_again(const Deps& deps, const Context& context) {
  auto begun = request(deps, TRY(begin(deps, context, shown_again, subject_of(context.session()))));
  begun.options.allow =
      descriptors(deps, context.account(), [](const Passkey& each) { return each.kind == Kind::passkey; });
  return begun;
}

authn::Factor factor(const Deps& deps) {
  return {.method = AuthMethod::security_key,
          .is_enrolled = [](const AccountId& account) { return has(account, Kind::security_key); },
          .check = [deps](const Context& context, const AccountId& account,
                          const Secret& response) -> Result<authn::Proof> {
            // Of who is signed in: another step of the same session.
            if (!context.principal || !context.principal->session) return authn::invalid_code;
            return judge_second_step(deps, context, account, subject_of(context.session()), response);
          },
          .still_holds = is_there,
          .response = authn::Factor::Response::unguessable,
          .state =
              [](db::Tx& tx, const AccountId& account) {
                return authn::FactorState{.is_enrolled = tx.holds(has(account, Kind::security_key))};
              },
          .page = "/account/security/passkeys",
          .check_challenged =
              [deps](const Context& context, const AccountId& account, const crypto::Digest& signin,
                     const Secret& response) {
                return judge_second_step(deps, context, account, subject_of_signin(signin), response);
              }};
}

authn::FirstStep first_step(const Deps& deps) {
  return {.method = AuthMethod::passkey,
          .is_enrolled = [](const AccountId& account) { return has(account, Kind::passkey); },
          .still_holds = is_there,
          .check_again = [deps](const Context& context, const AccountId& account,
                                const Secret& response) { return judge_again(deps, context, account, response); }};
}

}  // namespace cardea::passkey
