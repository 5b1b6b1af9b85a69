#include "self_service/self_service.hpp"

#include "http/problem.hpp"

namespace cardea::self_service {

FeatureEntry entry() {
  return {.make = [](const Host& host) { return feature({.authn = host.authn, .pages = host.pages}); }};
}

Feature feature(const Deps& deps) {
  Feature feature{.name = "self_service"};
  for (auto routes : {api_routes(deps.authn), profile_pages(deps), session_pages(deps)}) {
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
