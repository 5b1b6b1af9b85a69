#include "self_service/self_service.hpp"

#include "authn/factors.hpp"
#include "authn/views.hpp"
#include "http/problem.hpp"
#include "identity/account_view.hpp"

namespace cardea::self_service {

namespace {

void export_account(const account::Deps& deps, const Context& context, db::Tx& tx, const AccountId& id,
                    const ExportSink& sink) {
  const auto account = identity::find(tx, id);
  if (!account) return;
  sink("account", wire::write(identity::view(*account, deps.identity, identity::Viewer::self)));
  for (const auto& session : session::list(tx, id, context.now)) sink("session", wire::write(authn::view(session, {})));
}

}  // namespace

Result<std::optional<Time>> delete_own(const authn::Deps& deps, const Context& context,
                                       const account::Condition& condition) {
  TRY(deps.database.read([&](db::Tx& tx) { return authn::confirm_best(tx, deps, context); }));
  return account::request_removal(deps.account, context, context.account(), condition);
}

FeatureEntry entry() {
  return {.make = [](const Host& host) { return feature({.authn = host.authn, .pages = host.pages}); },
          .commands = {{.noun = "user",
                        .verb = "signout",
                        .what = "End every session of a user",
                        .run = account::end_sessions,
                        .said = "{} is signed out everywhere."}},
          .export_account = export_at_once(export_account)};
}

Feature feature(const Deps& deps) {
  Feature feature{.name = "self_service"};
  for (auto routes : {api_routes(deps.authn), factor_routes(deps.authn), profile_pages(deps), session_pages(deps)}) {
    for (auto& route : routes) feature.routes.push_back(std::move(route));
  }
  feature.navigation = {
      {.menu = page::Menu::account, .key = "profile", .href = "/account", .page = "account"},
      {.menu = page::Menu::account,
       .key = "security",
       .href = "/account/security",
       .page = "account_security",
       .pages_below = {"account_delete"}},
      {.menu = page::Menu::account, .key = "sessions", .href = "/account/sessions", .page = "account_sessions"},
  };
  feature.errors = {&validation_failed, &not_found, &http::reauth_required, &throttle::rate_limited};
  return feature;
}

}  // namespace cardea::self_service
