#include "password_reset/password_reset.hpp"

#include "crypto/system_random.hpp"
#include "encoding/rfc3339.hpp"
#include "http/problem.hpp"
#include "password_reset/recovery.hpp"

namespace cardea::password_reset {
namespace {

/// The operator of the machine: no account acts, and everything is permitted.
bool is_operator(const Context& context) {
  return context.principal && !context.principal->account && context.may(account::owners_manage);
}

/// The account and what a link depends on besides its secret, "usr_… 3 1". Both only go up: what was changed and
/// changed back does not bring a link back.
std::string subject_of(db::Tx& tx, const AccountId& id) {
  return id.text() + " " + std::to_string(password::revision(tx, id)) + " " +
         std::to_string(identity::standing(tx, id));
}

using Find = std::optional<identity::Account>(db::Tx&, const AccountId&);

/// The account that a link was made for, if it is still what it was then.
Result<identity::Account> usable(db::Tx& tx, std::string_view subject, Find* find) {
  const auto id = AccountId::parse(subject.substr(0, subject.find(' ')));
  auto account = id ? find(tx, *id) : std::nullopt;
  if (!account || !identity::may_sign_in(*account) || subject != subject_of(tx, account->id)) {
    return challenge::not_valid;
  }
  return *std::move(account);
}

Result<Done> store(db::Tx& tx, const Deps& deps, const Context& context, std::string_view token, std::string_view phc) {
  const auto challenges = challenge::Challenges::of_links(deps.authn.random);
  const auto redeemed = TRY(challenges.redeem_link(tx, password_link, token, context.now));
  const auto account = TRY(usable(tx, redeemed.subject, &identity::hold));
  password::store(tx, account.id, phc, context.now);
  session::revoke_all(tx, account.id);
  // The link was opened here, by whoever reads the mail of the account.
  known_browser::forget_all_but(tx, account.id, authn::place_of(deps.authn, context), context.now);
  deps.authn.trail.record(tx, context, {.kind = password_set, .account = account.id});
  tell_of_new_password(tx, deps, account, context.now);
  return done;
}

Result<Made> make_for_operator(const account::Deps& deps, const Context& context, const AccountId& id,
                               std::string_view url) {
  const auto issued = TRY(make_link(deps, context, id));
  return Made{.printed = address_of(url, *issued.link),
              .remark = "Whoever opens it first sets a new password. It works once, until " +
                        rfc3339(issued.expires_at) + "; hand it over yourself, on a way that you trust.",
              .expires_at = issued.expires_at};
}

}  // namespace

Result<challenge::Issued> make_link(const account::Deps& deps, const Context& context, const AccountId& id) {
  if (!is_operator(context)) return http::forbidden;
  crypto::SystemRandom random;
  return deps.database.write([&](db::Tx& tx) -> Result<challenge::Issued> {
    const auto account = identity::find(tx, id);
    if (!account) return not_found;
    if (!identity::may_sign_in(*account)) return account_blocked;
    auto issued = issue_link(tx, random, *account, context.now);
    deps.trail.record(tx, context, {.kind = link_made, .account = id, .reason = "command"});
    return issued;
  });
}

challenge::Issued issue_link(db::Tx& tx, Random& random, const identity::Account& account, Time now) {
  // What was issued for the account as it was before is worth nothing, and goes by itself.
  return challenge::Challenges::of_links(random).issue(tx, password_link, subject_of(tx, account.id), now);
}

std::string address_of(std::string_view url, const Secret& token) {
  return std::string{url} + "/password-reset?link=" + std::string{token.reveal()};
}

Result<identity::Account> holder(const authn::Deps& deps, const Context& context, std::string_view token) {
  return deps.database.read([&](db::Tx& tx) -> Result<identity::Account> {
    const auto subject = challenge::Challenges::subject_of_link(tx, password_link, token, context.now);
    return subject ? usable(tx, *subject, &identity::find) : Result<identity::Account>{challenge::not_valid};
  });
}

Result<Done> set_password(const Deps& all, const Context& context, const NewPassword& wanted) {
  const authn::Deps& deps = all.authn;
  const ClientNetwork network{context.origin.address};
  const auto charges = throttle::network_charges(all.settings.address, "password_reset.address", network);
  TRY(throttle::charge(deps.database, charges, context));
  const auto account = TRY(holder(deps, context, wanted.token));
  const std::string uid = account.uid.value_or("");
  const std::string email = account.email.value_or("");
  auto problems = authn::problems_with_password(deps, wanted.password, wanted.confirmation,
                                                {.name = account.name, .uid = uid, .email = email});
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  const std::string phc = TRY(deps.hasher.hash({.network = network}, wanted.password));
  return deps.database.write([&](db::Tx& tx) { return store(tx, all, context, wanted.token, phc); });
}

FeatureEntry entry() {
  return {.describe =
              [](config::Section& root, FeatureSettings& all) {
                auto& settings = all.of<Settings>();
                auto& throttle = root.section("throttle");
                throttle::describe(throttle.section("password_reset_address"), settings.address);
                throttle::describe(throttle.section("password_reset_request"), settings.request);
              },
          .make =
              [](const Host& host) {
                const Deps deps{.authn = host.authn,
                                .pages = host.pages,
                                .outbox = host.outbox,
                                .queue = host.queue,
                                .settings = host.settings.of<Settings>()};
                auto made = feature(deps);
                made.workers = {
                    {.kind = std::string{letter_kind}, .work = [deps, &clock = host.clock](const jobs::Item& item) {
                       return write_to(deps, item.payload, clock.now());
                     }}};
                return made;
              },
          .commands = {{.noun = "user",
                        .verb = "reset",
                        .what = "Print a link that works once, by which a user sets a new password",
                        .run = {},
                        .said = {},
                        .make = make_for_operator}}};
}

Feature feature(const Deps& deps) {
  Feature feature{.name = "password_reset",
                  .routes = page_routes(deps),
                  .errors = {&validation_failed, &throttle::rate_limited, &challenge::not_valid, &account_blocked,
                             &mail::not_set_up},
                  .events = {link_made, password_set}};
  for (auto& route : api_routes(deps)) feature.routes.push_back(std::move(route));
  return feature;
}

}  // namespace cardea::password_reset
