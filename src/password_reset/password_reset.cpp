#include "password_reset/password_reset.hpp"

#include "crypto/system_random.hpp"
#include "encoding/rfc3339.hpp"
#include "http/problem.hpp"

namespace cardea::password_reset {
namespace {

/// The operator of the machine: no account acts, and everything is permitted.
bool is_operator(const Context& context) {
  return context.principal && !context.principal->account && context.may(account::owners_manage);
}

Result<identity::Account> usable(std::optional<identity::Account> account) {
  if (!account || account->status != identity::Status::active) return challenge::not_valid;
  return *std::move(account);
}

Result<Done> store(db::Tx& tx, const authn::Deps& deps, const Context& context, std::string_view token,
                   std::string_view phc) {
  const auto challenges = challenge::Challenges::of_links(deps.random);
  const auto redeemed = TRY(challenges.redeem_link(tx, password_link, token, context.now));
  const auto id = AccountId::parse(redeemed.subject);
  if (!id) return challenge::not_valid;
  const auto account = TRY(usable(identity::hold(tx, *id)));
  password::store(tx, account.id, phc, context.now);
  session::revoke_all(tx, account.id);
  known_browser::forget_all(tx, account.id);
  deps.trail.record(tx, context, {.kind = password_set, .account = account.id});
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
  const auto challenges = challenge::Challenges::of_links(random);
  return deps.database.write([&](db::Tx& tx) -> Result<challenge::Issued> {
    const auto account = identity::find(tx, id);
    if (!account) return not_found;
    if (account->status != identity::Status::active) return account_blocked;
    auto issued = challenges.issue(tx, password_link, id.text(), context.now);
    deps.trail.record(tx, context, {.kind = link_made, .account = id, .reason = "command"});
    return issued;
  });
}

std::string address_of(std::string_view url, const Secret& token) {
  return std::string{url} + "/password-reset?link=" + std::string{token.reveal()};
}

Result<identity::Account> holder(const authn::Deps& deps, const Context& context, std::string_view token) {
  return deps.database.read([&](db::Tx& tx) -> Result<identity::Account> {
    const auto subject = challenge::Challenges::subject_of_link(tx, password_link, token, context.now);
    const auto id = subject ? AccountId::parse(*subject) : std::nullopt;
    return usable(id ? identity::find(tx, *id) : std::nullopt);
  });
}

Result<Done> set_password(const authn::Deps& deps, const Settings& settings, const Context& context,
                          const NewPassword& wanted) {
  const ClientNetwork network{context.origin.address};
  const auto charges = throttle::network_charges(settings.address, "password_reset.address", network);
  TRY(throttle::charge(deps.database, charges, context));
  const auto account = TRY(holder(deps, context, wanted.token));
  const std::string uid = account.uid.value_or("");
  const std::string email = account.email.value_or("");
  auto problems = authn::problems_with_password(deps, wanted.password, wanted.confirmation,
                                                {.name = account.name, .uid = uid, .email = email});
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  const std::string phc = TRY(deps.hasher.hash({.network = network}, wanted.password));
  return deps.database.write([&](db::Tx& tx) { return store(tx, deps, context, wanted.token, phc); });
}

FeatureEntry entry() {
  return {.describe =
              [](config::Section& root, FeatureSettings& settings) {
                throttle::describe(root.section("throttle").section("password_reset_address"),
                                   settings.of<Settings>().address);
              },
          .make =
              [](const Host& host) {
                return feature({.authn = host.authn, .pages = host.pages, .settings = host.settings.of<Settings>()});
              },
          .commands = {{.noun = "user",
                        .verb = "reset",
                        .what = "Print a link that works once, by which a user sets a new password",
                        .run = {},
                        .said = {},
                        .make = make_for_operator}}};
}

Feature feature(const Deps& deps) {
  return {.name = "password_reset",
          .routes = page_routes(deps),
          .errors = {&validation_failed, &throttle::rate_limited, &challenge::not_valid, &account_blocked},
          .events = {link_made, password_set}};
}

}  // namespace cardea::password_reset
