// New passkeys and security keys.

#include "authn/factor_change.hpp"
#include "encoding/base64.hpp"
#include "http/problem.hpp"
#include "passkey/ceremony.hpp"
#include "passkey/passkey_store.hpp"
#include "webauthn/cose_key.hpp"

namespace cardea::passkey {
namespace {

/// What a challenge was given for.
struct Purposed {
  const challenge::Purpose* purpose;
  Kind kind;
  webauthn::Presence presence;
};
const Purposed purposes[] = {
    {&new_passkey, Kind::passkey, {.must_be_verified = true}},
    {&new_quiet_passkey, Kind::passkey, {.is_needed = false}},
    {&new_security_key, Kind::security_key, {}},
};

const Purposed& purposed(Wish wish) { return purposes[static_cast<std::size_t>(wish)]; }

// Asked of the challenge, never of the client: what it is for decides what the authenticator must have seen.
Result<Purposed> purpose_of(const Deps& deps, const Context& context, std::string_view challenge) {
  return deps.authn.database.read([&](db::Tx& tx) -> Result<Purposed> {
    TRY(session::confirm(tx, context));
    for (const auto& each : purposes) {
      const auto subject = challenge::Challenges::subject_of_link(tx, *each.purpose, challenge, context.now);
      if (subject && *subject == subject_of(context.session())) return each;
    }
    return challenge::not_valid;
  });
}

// Of what browsers name as ways to an authenticator, those that are known.
std::vector<std::string> known_transports(const std::vector<std::string>& sent) {
  std::vector<std::string> known;
  for (const std::string_view each : {"ble", "hybrid", "internal", "nfc", "smart-card", "usb"}) {
    if (std::find(sent.begin(), sent.end(), each) != sent.end()) known.emplace_back(each);
  }
  return known;
}

std::vector<Descriptor> descriptors_of(const std::vector<Passkey>& all) {
  std::vector<Descriptor> list;
  for (const auto& each : all) {
    list.push_back({.id = encoding::base64url(each.credential_id), .transports = each.transports});
  }
  return list;
}

CreationOptions options_for(const Deps& deps, const identity::Account& account, const std::vector<Passkey>& all,
                            Wish wish) {
  const std::string name = identity::account_label(account);
  CreationOptions options{
      .party = {.id = deps.party.id, .name = deps.party.id},
      .user = {.id = user_handle(account.id), .name = name, .display_name = account.name.empty() ? name : account.name},
      .timeout = std::chrono::duration_cast<std::chrono::milliseconds>(ceremony_lifetime).count(),
      .exclude = descriptors_of(all)};
  for (const auto number : webauthn::cose_algorithms) options.parameters.push_back({.algorithm = number});
  if (wish == Wish::security_key) {
    options.selection = {
        .resident_key = "discouraged", .require_resident_key = false, .user_verification = "preferred"};
  }
  return options;
}

Result<Done> check_room(const Deps& deps, const std::vector<Passkey>& all) {
  if (static_cast<std::int64_t>(all.size()) >= deps.settings.max_per_account) return too_many;
  return done;
}

}  // namespace

Result<CreationBegun> begin_registration(const Deps& deps, const Context& context, Wish wish) {
  struct Owner {
    identity::Account account;
    std::vector<Passkey> all;
  };
  auto owner = TRY(deps.authn.database.read([&](db::Tx& tx) -> Result<Owner> {
    TRY(may_add(tx, deps, context, purposed(wish).kind));
    auto account = identity::find(tx, context.account());
    if (!account) return http::unauthenticated;
    auto all = list(tx, account->id);
    TRY(check_room(deps, all));
    return Owner{*std::move(account), std::move(all)};
  }));
  const auto issued = TRY(begin(deps, context, *purposed(wish).purpose, subject_of(context.session())));
  CreationBegun begun{.options = options_for(deps, owner.account, owner.all, wish), .expires_at = issued.expires_at};
  begun.options.challenge = std::string{issued.link->reveal()};
  return begun;
}

Result<Added> finish_registration(const Deps& deps, const Context& context, const authn::Browser& browser,
                                  const NewCredential& made) {
  const auto sent = to_registration(made);
  if (!sent) return webauthn::refused("encoding");
  const auto challenge = webauthn::challenge_of(sent->client_data);
  if (!challenge) return webauthn::refused("client_data");
  const Purposed asked = TRY(purpose_of(deps, context, *challenge));
  const auto credential = TRY(webauthn::verify_registration(*sent, deps.party, *challenge, asked.presence));
  if (asked.kind == Kind::passkey && !made.extensions.properties.is_resident) {
    return webauthn::refused("not_discoverable");
  }
  const Passkey passkey{.id = PasskeyId::make(context.now, deps.authn.random),
                        .owner = context.account(),
                        .kind = asked.kind,
                        .credential_id = credential.id,
                        .public_key = credential.public_key,
                        .sign_count = credential.sign_count,
                        .transports = known_transports(made.response.transports),
                        .aaguid = credential.aaguid,
                        .backup_eligible = credential.backup_eligible,
                        .backed_up = credential.backed_up,
                        .user_verified = credential.user_verified,
                        .name = {},
                        .created_at = context.now};
  const auto challenges = challenge::Challenges::of_links(deps.authn.random);
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Added> {
    auto account = identity::hold(tx, context.account());
    if (!account) return http::unauthenticated;
    TRY(may_add(tx, deps, context, asked.kind));
    const auto redeemed = TRY(challenges.redeem_link(tx, *asked.purpose, *challenge, context.now));
    if (redeemed.subject != subject_of(context.session())) return challenge::not_valid;
    TRY(check_room(deps, list(tx, context.account())));
    if (!insert(tx, passkey)) return exists;
    deps.authn.trail.record(
        tx, context,
        {.kind = created, .account = passkey.owner, .reason = enum_text(passkey.kind), .subject = passkey.id.text()});
    Added added{.passkey = passkey};
    // That it was made shows nothing of whoever has it: no more was shown in the new session than in the old one.
    if (asked.kind == Kind::security_key) {
      added.in =
          authn::start_afresh(tx, deps.authn, context, browser, *std::move(account), context.principal->assurance);
    }
    return added;
  });
}

}  // namespace cardea::passkey
