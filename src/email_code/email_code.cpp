#include "email_code/email_code.hpp"

#include <algorithm>

#include "crypto/opaque_token.hpp"
#include "email_code/sending.hpp"
#include "email_code/store.hpp"
#include "encoding/rfc3339.hpp"
#include "http/problem.hpp"

namespace cardea::email_code {
namespace {

/// Where a code was sent, and to whose browser.
struct Recipient {
  AccountId account;
  std::string binding;
};

std::optional<std::string> address_now(db::Tx& tx, const AccountId& account) {
  return address_of(identity::find(tx, account));
}

/// Uses a code up that was sent to the address which the account has confirmed now. Errors: invalid_code.
Result<authn::Evidence> redeem(const Deps& deps, const Context& context, const challenge::Purpose& purpose,
                               const Recipient& to, const Secret& code) {
  std::string tag;
  std::string subject;
  const auto live = deps.authn.database.read([&](db::Tx& tx) -> std::optional<challenge::ChallengeId> {
    const auto address = address_now(tx, to.account);
    if (!address) return std::nullopt;
    tag = tag_of(*address);
    subject = subject_of(to.account, to.binding, *address);
    return challenge::Challenges::live_one(tx, purpose, subject, context.now);
  });
  if (!live) return authn::invalid_code;
  const auto redeemed = deps.challenges.redeem_code(deps.authn.database, purpose, *live, subject, code, context.now);
  if (!redeemed) return authn::invalid_code;
  return authn::Evidence{.method = AuthMethod::email_code, .at = context.now, .detail = tag};
}

bool still_holds(db::Tx& tx, const AccountId& account, const authn::Evidence& evidence) {
  const auto address = address_now(tx, account);
  return address && tag_of(*address) == evidence.detail;
}

Result<authn::Proof> judge(const Deps& deps, const Context& context, const Recipient& to, const Secret& response) {
  const auto evidence = TRY(redeem(deps, context, second_step, to, response));
  return authn::Proof{.account = to.account, .evidence = evidence, .still_holds = [to, evidence](db::Tx& tx) {
                        return still_holds(tx, to.account, evidence);
                      }};
}

/// Whether the caller can set the factor up. Errors: mfa_off, reauth_required, email_code.no_address,
/// email_code.outranked.
Result<Done> may_enrol(db::Tx& tx, const Deps& deps, const Context& context) {
  TRY(authn::may_enrol(tx, deps.authn, context));
  if (!address_now(tx, context.account())) return no_address;
  if (authn::find_enrolled(tx, deps.authn, context.account()).outranks(AuthMethod::email_code)) return outranked;
  return done;
}

Result<Done> pay_to_send(const Deps& deps, const Context& context, const AccountId& account) {
  const auto charge = send_charge(deps, account);
  TRY(throttle::charge(deps.authn.database, std::span{&charge, 1}, context));
  return done;
}

}  // namespace

Result<Done> start(const Deps& deps, const Context& context) {
  // A session that has ended, which memory may not know yet, learns nothing.
  TRY(deps.authn.database.read([&](db::Tx& tx) -> Result<Done> {
    TRY(session::confirm(tx, context));
    return may_enrol(tx, deps, context);
  }));
  TRY(pay_to_send(deps, context, context.account()));
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Done> {
    TRY(may_enrol(tx, deps, context));
    send_now(tx, deps,
             {.purpose = std::string{enrolment.name()},
              .binding = binding_of(context.session()),
              .account = context.account()},
             context.now);
    return done;
  });
}

Result<authn::SignedIn> confirm(const Deps& deps, const Context& context, const authn::Browser& browser,
                                const Secret& code) {
  TRY(deps.authn.database.read([&](db::Tx& tx) { return session::confirm(tx, context); }));
  const throttle::Charge charge{.budget = deps.authn.budgets.codes.known_browser,
                                .key = "email_code.enrol:" + context.account().text()};
  TRY(throttle::charge(deps.authn.database, std::span{&charge, 1}, context));
  const Recipient to{.account = context.account(), .binding = binding_of(context.session())};
  const auto evidence = TRY(redeem(deps, context, enrolment, to, code));
  auto in = authn::enrol(deps.authn, context, browser,
                         {.account = to.account,
                          .evidence = evidence,
                          .still_holds = [](db::Tx&) { return true; },
                          .use = [&deps, to, evidence, now = context.now](db::Tx& tx) -> Result<Done> {
                            if (!still_holds(tx, to.account, evidence)) return authn::invalid_code;
                            if (authn::find_enrolled(tx, deps.authn, to.account).outranks(AuthMethod::email_code))
                              return outranked;
                            enrol(tx, to.account, now);
                            return done;
                          }});
  if (in) throttle::settle(deps.authn.database, {.give_back = std::span{&charge, 1}}, context.now);
  return in;
}

Result<Done> send_second_step(const Deps& deps, const Context& context, std::string_view token) {
  Wish wish{.purpose = std::string{second_step.name()}, .binding = {}};
  if (token.empty() && context.principal && context.principal->session) {
    TRY(deps.authn.database.read([&](db::Tx& tx) -> Result<Done> {
      TRY(session::confirm(tx, context));
      const auto methods = authn::find_enrolled(tx, deps.authn, context.account()).asked();
      const bool is_asked = std::find(methods.begin(), methods.end(), AuthMethod::email_code) != methods.end();
      return is_asked ? Result<Done>{done} : Result<Done>{not_found};
    }));
    wish.account = context.account();
    wish.binding = binding_of(context.session());
  } else {
    wish.account = TRY(authn::account_of_pending(deps.authn, context, token, AuthMethod::email_code));
    wish.binding = binding_of(crypto::opaque_token_hash(token).value());
  }
  TRY(pay_to_send(deps, context, *wish.account));
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Done> {
    put(tx, deps, wish, context.now);
    return done;
  });
}

authn::FactorState state(db::Tx& tx, const AccountId& account) {
  const auto since = enrolled_at(tx, account);
  if (!since || !address_now(tx, account)) return {};
  return {.is_enrolled = true, .since = since};
}

authn::Factor factor(std::shared_ptr<const Deps> deps) {
  return {.method = AuthMethod::email_code,
          .is_enrolled = has_factor,
          .check = [deps](const Context& context, const AccountId& account,
                          const Secret& response) -> Result<authn::Proof> {
            if (!context.principal || !context.principal->session) return authn::invalid_code;
            return judge(*deps, context, {.account = account, .binding = binding_of(context.session())}, response);
          },
          .still_holds = still_holds,
          .kind = authn::Factor::Kind::weak,
          .state = state,
          .remove = [](db::Tx& tx, const AccountId& account) { remove(tx, account); },
          .on_asked =
              [deps](db::Tx& tx, const Context& context, const AccountId& account, const crypto::Digest& signin) {
                const auto address = address_now(tx, account);
                const auto binding = binding_of(signin);
                // Whoever comes back to the step is not written to again while the code works.
                const bool is_sent =
                    address && challenge::Challenges::live_one(tx, second_step, subject_of(account, binding, *address),
                                                               context.now);
                if (is_sent) return;
                put(tx, *deps,
                    {.purpose = std::string{second_step.name()},
                     .binding = binding,
                     .account = account,
                     .is_unasked = true},
                    context.now);
              },
          .page = deps->outbox.is_on() ? "/account/security/email-codes" : "",
          .stands_in =
              [deps](db::Tx& tx, const AccountId& account, Time now) {
                if (!deps->outbox.is_working(now)) return false;
                const auto to = mail::Address::of(address_now(tx, account));
                return to && !mail::bounced_at(tx, *to);
              },
          .check_challenged =
              [deps](const Context& context, const AccountId& account, const crypto::Digest& signin,
                     const Secret& response) {
                return judge(*deps, context, {.account = account, .binding = binding_of(signin)}, response);
              }};
}

FeatureEntry entry() {
  return {.switch_name = "email_code",
          .switch_doc = "Codes by e-mail: as a second factor, and in signin.methods as a way in.",
          .describe =
              [](config::Section& root, FeatureSettings& all) {
                auto& settings = all.of<Settings>();
                auto& throttle = root.section("throttle");
                throttle::describe(throttle.section("email_code_send"), settings.send);
                throttle::describe(throttle.section("email_code_request"), settings.request);
              },
          .make =
              [](const Host& host) {
                const auto deps = std::make_shared<const Deps>(Deps{.authn = host.authn,
                                                                    .pages = host.pages,
                                                                    .outbox = host.outbox,
                                                                    .queue = host.queue,
                                                                    .challenges = host.challenges,
                                                                    .settings = host.settings.of<Settings>(),
                                                                    .front_ends = host.front_ends});
                Feature feature{.name = "email_code",
                                .routes = api_routes(deps),
                                .navigation = {{.menu = page::Menu::below,
                                                .key = "security",
                                                .href = "/account/security/email-codes",
                                                .page = "account_email_codes"}},
                                .periodic = {sweep_job(host.authn.database)},
                                .workers = {{.kind = std::string{letter_kind},
                                             .work =
                                                 [deps, &clock = host.clock](const jobs::Item& item) {
                                                   return write_to(*deps, item.payload, clock.now());
                                                 }}},
                                .errors = {&no_address, &outranked},
                                .factor = factor(deps),
                                .first_step = first_step_of(*deps)};
                for (auto& route : page_routes(deps)) feature.routes.push_back(std::move(route));
                return feature;
              },
          .export_account = export_at_once(
              [](const account::Deps&, const Context&, db::Tx& tx, const AccountId& id, const ExportSink& sink) {
                const auto since = enrolled_at(tx, id);
                if (since) sink("email_codes", wire::to_json(wire::Object{{"enrolled_at", rfc3339(*since)}}));
              }),
          .remove_factor =
              [](db::Tx& tx, const AccountId& id) {
                const bool was_enrolled = enrolled_at(tx, id).has_value();
                remove(tx, id);
                return was_enrolled;
              }};
}

}  // namespace cardea::email_code
