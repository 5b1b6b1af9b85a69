#include "recovery_code/recovery_code.hpp"

#include <algorithm>

#include "crypto/seal.hpp"
#include "recovery_code/recovery_code_store.hpp"

namespace cardea::recovery_code {
namespace {

std::string place_of(const authn::Enroller& who) {
  return "recovery_draft.codes_sealed:" + who.account.text() + ":" + std::string{as_text(who.owner)};
}

Result<Done> may_make(db::Tx& tx, const Deps& deps, const Context& context) {
  TRY(authn::may_enrol(tx, deps.authn, context));
  if (!authn::find_enrolled(tx, deps.authn, context.account()).any()) return no_factor;
  return done;
}

void store(db::Tx& tx, const Deps& deps, const Context& context, const Codes& codes) {
  std::array<crypto::Digest, codes_in_a_set> hashes{};
  std::transform(codes.begin(), codes.end(), hashes.begin(), [&](const std::string& code) {
    return hash_of(deps.hash_key, context.account(), read_code(code).value());
  });
  replace_all(tx, context.account(), hashes, context.now);
  deps.authn.trail.record(tx, context, {.kind = codes_made, .account = context.account()});
}

std::optional<Codes> open_draft(const Deps& deps, const authn::Enroller& who, const Draft& stored) {
  const auto text = crypto::open(deps.seal_key, stored.codes_sealed, place_of(who));
  return text ? parse_codes(text->reveal()) : std::nullopt;
}

Result<authn::Proof> check(const std::shared_ptr<const Deps>& deps, const Context& context, const AccountId& account,
                           const Secret& response) {
  const auto code = read_code(response.reveal());
  if (!code) return authn::invalid_code;
  const auto hash = hash_of(deps->hash_key, account, *code);
  if (!has_code(deps->authn.database, account, hash)) return authn::invalid_code;
  const auto set = deps->authn.database.read([&](db::Tx& tx) { return find(tx, account); });
  if (!set) return authn::invalid_code;
  const authn::Evidence evidence{
      .method = AuthMethod::recovery_code, .at = context.now, .detail = std::to_string(to_micros(set->made_at))};
  return authn::Proof{.account = account,
                      .evidence = evidence,
                      .still_holds = [](db::Tx&) { return true; },  // `use` takes it, or fails
                      .use = [deps, context, account, hash](db::Tx& tx) -> Result<Done> {
                        if (!redeem(tx, account, hash)) return authn::invalid_code;
                        const auto left = std::to_string(find(tx, account).value_or(Set{}).left);
                        deps->authn.trail.record(
                            tx, context, {.kind = code_used, .account = account, .actor = account, .subject = left});
                        return done;
                      }};
}

}  // namespace

Result<Codes> replace(const Deps& deps, const Context& context) {
  const auto codes = make_codes(deps.authn.random);
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Codes> {
    TRY(may_make(tx, deps, context));
    remove(tx, context.account());
    store(tx, deps, context, codes);
    return codes;
  });
}

Result<Done> draft(const Deps& deps, const Context& context) {
  const auto who = authn::enroller_of(context);
  auto text = to_text(make_codes(deps.authn.random));
  const Draft made{.codes_sealed = crypto::seal(deps.seal_key, as_bytes(text), place_of(who), deps.authn.random),
                   .expires_at = context.now + draft_lifetime};
  wipe(text);
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Done> {
    TRY(may_make(tx, deps, context));
    store_draft(tx, who.account, who.owner, made);
    return done;
  });
}

std::optional<Codes> find_draft(const Deps& deps, const Context& context) {
  const auto who = authn::enroller_of(context);
  const auto stored =
      deps.authn.database.read([&](db::Tx& tx) { return find_draft(tx, who.account, who.owner, context.now); });
  return stored ? open_draft(deps, who, *stored) : std::nullopt;
}

Result<Done> accept_draft(const Deps& deps, const Context& context) {
  const auto who = authn::enroller_of(context);
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Done> {
    if (!authn::find_enrolled(tx, deps.authn, context.account()).any()) return no_factor;
    const auto stored = find_draft(tx, who.account, who.owner, context.now);
    const auto codes = stored ? open_draft(deps, who, *stored) : std::nullopt;
    if (!codes || !take_draft(tx, who.account, who.owner, *stored)) return not_shown;
    store(tx, deps, context, *codes);
    return done;
  });
}

authn::FactorState state(db::Tx& tx, const AccountId& account) {
  const auto set = find(tx, account);
  if (!set) return {.left = 0};
  return {.is_enrolled = set->left > 0, .since = set->made_at, .left = set->left};
}

authn::Factor factor(std::shared_ptr<const Deps> deps) {
  return {.method = AuthMethod::recovery_code,
          .is_enrolled = has_codes,
          .check = [deps](const Context& context, const AccountId& account,
                          const Secret& response) { return check(deps, context, account, response); },
          .still_holds =
              [](db::Tx& tx, const AccountId& account, const authn::Evidence& evidence) {
                const auto set = find(tx, account);
                return set && std::to_string(to_micros(set->made_at)) == evidence.detail;
              },
          .kind = authn::Factor::Kind::backup,
          .response = authn::Factor::Response::unguessable,
          .state = state,
          .remove = [](db::Tx& tx, const AccountId& account) { remove(tx, account); },
          .page = "/account/security/recovery-codes",
          .page_after = "/account/security/recovery-codes"};
}

FeatureEntry entry() {
  return {.make =
              [](const Host& host) {
                const auto deps =
                    std::make_shared<const Deps>(Deps{.authn = host.authn,
                                                      .hash_key = host.key("cardea recovery codes"),
                                                      .seal_key = host.key("cardea recovery codes while shown")});
                Feature feature{.name = "recovery_code",
                                .routes = api_routes(deps),
                                .navigation = {{.menu = page::Menu::below,
                                                .key = "security",
                                                .href = "/account/security/recovery-codes",
                                                .page = "account_recovery_codes"}},
                                .periodic = {sweep_job(host.authn.database)},
                                .errors = {&no_factor, &not_shown},
                                .events = {codes_made, code_used},
                                .factor = factor(deps)};
                for (auto& route : page_routes(deps, host.pages)) feature.routes.push_back(std::move(route));
                return feature;
              },
          .export_account = export_at_once(
              [](const account::Deps&, const Context&, db::Tx& tx, const AccountId& id, const ExportSink& sink) {
                const auto set = find(tx, id);
                if (!set) return;
                sink("recovery_codes",
                     wire::to_json(wire::Object{{"made_at", rfc3339(set->made_at)}, {"left", set->left}}));
              }),
          .remove_factor =
              [](db::Tx& tx, const AccountId& id) {
                const bool had_some = find(tx, id).has_value();
                remove(tx, id);
                return had_some;
              }};
}

}  // namespace cardea::recovery_code
