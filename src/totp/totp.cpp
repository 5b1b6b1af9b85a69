#include "totp/totp.hpp"

#include "crypto/seal.hpp"
#include "encoding/base32.hpp"
#include "encoding/form.hpp"
#include "totp/one_time_password.hpp"
#include "totp/totp_store.hpp"

namespace cardea::totp {
namespace {

// Where a sealed secret stands: it opens nowhere else.
std::string place_of(const AccountId& account) { return "totp.secret_sealed:" + account.text(); }
std::string place_of(const authn::Enroller& who) {
  return "totp_enrolment.secret_sealed:" + who.account.text() + ":" + std::string{as_text(who.owner)};
}

Setup to_setup(const Deps& deps, const identity::Account& account, const Secret& secret, Time expires_at) {
  const auto text = encoding::base32(secret.reveal_bytes());
  const auto issuer = encoding::percent_encode(deps.issuer);
  const auto label = encoding::percent_encode(identity::account_label(account));
  return {.secret = text,
          .uri = "otpauth://totp/" + issuer + ":" + label + "?secret=" + text + "&issuer=" + issuer +
                 "&algorithm=SHA1&digits=6&period=30",
          .expires_at = expires_at};
}

/// A new secret for this browser, sealed.
Result<Setup> begin_for(db::Tx& tx, const Deps& deps, const authn::Enroller& who, Time now) {
  const auto account = identity::find(tx, who.account);
  if (!account) return not_started;
  auto bytes = deps.authn.random.bytes<secret_size>();
  const Secret secret{BytesView{bytes}};
  wipe(bytes.data(), bytes.size());
  const Begun begun{.secret_sealed = crypto::seal(deps.key, secret.reveal_bytes(), place_of(who), deps.authn.random),
                    .expires_at = now + enrolment_lifetime};
  begin(tx, who.account, who.owner, begun);
  return to_setup(deps, *account, secret, begun.expires_at);
}

/// A first code of the app that was set up, and what its use stores.
Result<authn::Proof> prove(const Deps& deps, const Context& context, const authn::Enroller& who, const Secret& code) {
  const auto begun = find_begun(deps.authn.database, who.account, who.owner, context.now);
  const auto secret = begun ? crypto::open(deps.key, begun->secret_sealed, place_of(who)) : std::nullopt;
  if (!secret) return not_started;
  const auto verdict = judge(*secret, code.reveal(), 0, context.now);
  if (!verdict.step) return verdict.is_late ? authn::late_code : authn::invalid_code;
  const Stored stored{
      .secret_sealed = crypto::seal(deps.key, secret->reveal_bytes(), place_of(who.account), deps.authn.random),
      .last_step = *verdict.step,
      .enrolled_at = context.now};
  return authn::Proof{
      .account = who.account,
      .evidence = {.method = AuthMethod::totp, .at = context.now, .detail = std::to_string(to_micros(context.now))},
      .still_holds = [](db::Tx&) { return true; },
      .use = [who, begun = *begun, stored](db::Tx& tx) -> Result<Done> {
        if (!take_begun(tx, who.account, who.owner, begun)) return not_started;
        store(tx, who.account, stored);
        return done;
      }};
}

/// Whether evidence is of the app that is enrolled now.
bool is_of(const Stored& stored, const authn::Evidence& evidence) {
  return std::to_string(to_micros(stored.enrolled_at)) == evidence.detail;
}

Result<authn::Proof> check(const Deps& deps, const Context& context, const AccountId& account, const Secret& response) {
  const auto stored = find(deps.authn.database, account);
  const auto secret = stored ? crypto::open(deps.key, stored->secret_sealed, place_of(account)) : std::nullopt;
  if (!secret) return authn::invalid_code;
  const auto verdict = judge(*secret, response.reveal(), stored->last_step, context.now);
  if (!verdict.step) return verdict.is_late ? authn::late_code : authn::invalid_code;
  const authn::Evidence evidence{
      .method = AuthMethod::totp, .at = context.now, .detail = std::to_string(to_micros(stored->enrolled_at))};
  return authn::Proof{.account = account,
                      .evidence = evidence,
                      .still_holds =
                          [account, evidence](db::Tx& tx) {
                            const auto now_stored = find(tx, account);
                            return now_stored && is_of(*now_stored, evidence);
                          },
                      .use = [account, step = *verdict.step, at = stored->enrolled_at](db::Tx& tx) -> Result<Done> {
                        if (!use_step(tx, account, at, step)) return authn::invalid_code;
                        return done;
                      }};
}

}  // namespace

Result<Setup> start(const Deps& deps, const Context& context) {
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Setup> {
    TRY(authn::may_enrol(tx, deps.authn, context));
    return begin_for(tx, deps, authn::enroller_of(context), context.now);
  });
}

Result<Setup> start_pending(const Deps& deps, const Context& context, std::string_view token) {
  const auto who = TRY(authn::enroller_of_pending(deps.authn, context, token));
  return deps.authn.database.write([&](db::Tx& tx) { return begin_for(tx, deps, who, context.now); });
}

std::optional<Setup> find_setup(const Deps& deps, const Context& context, const authn::Enroller& who) {
  const auto begun = find_begun(deps.authn.database, who.account, who.owner, context.now);
  const auto secret = begun ? crypto::open(deps.key, begun->secret_sealed, place_of(who)) : std::nullopt;
  if (!secret) return std::nullopt;
  const auto account = deps.authn.database.read([&](db::Tx& tx) { return identity::find(tx, who.account); });
  if (!account) return std::nullopt;
  return to_setup(deps, *account, *secret, begun->expires_at);
}

Result<authn::SignedIn> confirm(const Deps& deps, const Context& context, const authn::Browser& browser,
                                const Secret& code) {
  // A session that has ended, which memory may not know yet, learns nothing of what it began.
  TRY(deps.authn.database.read([&](db::Tx& tx) { return session::confirm(tx, context); }));
  const auto proof = TRY(prove(deps, context, authn::enroller_of(context), code));
  return authn::enrol(deps.authn, context, browser, proof);
}

Result<authn::SignIn> confirm_pending(const Deps& deps, const Context& context, const authn::Browser& browser,
                                      std::string_view token, const Secret& code) {
  const auto who = TRY(authn::enroller_of_pending(deps.authn, context, token));
  const auto proof = TRY(prove(deps, context, who, code));
  return authn::enrol_pending(deps.authn, context, browser, token, proof);
}

authn::FactorState state(db::Tx& tx, const AccountId& account) {
  const auto stored = find(tx, account);
  if (!stored) return {};
  return {.is_enrolled = true, .since = stored->enrolled_at};
}

authn::Factor factor(std::shared_ptr<const Deps> deps) {
  return {.method = AuthMethod::totp,
          .is_enrolled = has_factor,
          .check = [deps](const Context& context, const AccountId& account,
                          const Secret& response) { return check(*deps, context, account, response); },
          .still_holds =
              [](db::Tx& tx, const AccountId& account, const authn::Evidence& evidence) {
                const auto stored = find(tx, account);
                return stored && is_of(*stored, evidence);
              },
          .state = state,
          .remove = [](db::Tx& tx, const AccountId& account) { remove(tx, account); },
          .page = "/account/security/totp",
          .enrol_page = "/signin/enrol/totp"};
}

FeatureEntry entry() {
  return {.make =
              [](const Host& host) {
                const auto deps = std::make_shared<const Deps>(Deps{.authn = host.authn,
                                                                    .key = host.key("cardea authenticator secrets"),
                                                                    .issuer = std::string{host.brand}});
                Feature feature{.name = "totp",
                                .routes = api_routes(deps),
                                .navigation = {{.menu = page::Menu::below,
                                                .key = "security",
                                                .href = "/account/security/totp",
                                                .page = "account_totp"}},
                                .periodic = {sweep_job(host.authn.database)},
                                .errors = {&not_started, &authn::mfa_off, &authn::last_factor},
                                .factor = factor(deps)};
                for (auto& route : page_routes(deps, host.pages)) feature.routes.push_back(std::move(route));
                return feature;
              },
          .export_account = export_at_once(
              [](const account::Deps&, const Context&, db::Tx& tx, const AccountId& id, const ExportSink& sink) {
                const auto now = state(tx, id);
                if (!now.is_enrolled) return;
                sink("totp", wire::to_json(wire::Object{{"enrolled_at", rfc3339(*now.since)}}));
              }),
          .remove_factor =
              [](db::Tx& tx, const AccountId& id) {
                const bool was_enrolled = state(tx, id).is_enrolled;
                remove(tx, id);
                return was_enrolled;
              }};
}

}  // namespace cardea::totp
