#include <algorithm>

#include "authn/authn.hpp"
#include "http/site.hpp"

namespace cardea::authn {

void describe_cookie(config::Section& cookie, CookieSettings& settings) {
  cookie.choice("same_site", settings.same_site,
                "SameSite of the cookies. \"auto\" is lax, and none when one of cors.origins may be on another site: "
                "another scheme or another registered domain, ports aside.");
}

http::SameSite same_site(const CookieSettings& settings, std::string_view url,
                         const std::vector<std::string>& cors_origins) {
  switch (settings.same_site) {
    case SameSiteChoice::lax: return http::SameSite::lax;
    case SameSiteChoice::strict: return http::SameSite::strict;
    case SameSiteChoice::none: return http::SameSite::none;
    case SameSiteChoice::automatic: break;
  }
  const bool is_one_site = std::all_of(cors_origins.begin(), cors_origins.end(), [url](const std::string& origin) {
    return http::site_of(url, origin) == http::Site::same;
  });
  return is_one_site ? http::SameSite::lax : http::SameSite::none;
}

void describe_budgets(config::Section& throttle, Budgets& budgets) {
  throttle::describe(throttle.section("signin_account"), budgets.account);
  throttle::describe(throttle.section("signin_device"), budgets.known_browser);
  throttle::describe(throttle.section("signin_address"), budgets.address);
  throttle::describe(throttle.section("signin_whole"), budgets.whole);
  throttle::describe(throttle.section("signin_right"), budgets.right);
  throttle::describe(throttle.section("signin_account_whole"), budgets.account_whole);
  throttle::describe(throttle.section("signin_right_address"), budgets.right_address);
  throttle::describe(throttle.section("signin_code"), budgets.codes.account);
  throttle::describe(throttle.section("signin_code_device"), budgets.codes.known_browser);
  throttle::describe(throttle.section("signin_secret"), budgets.codes.unguessable);
  throttle.span(
      "signin_turn", budgets.turn,
      "How long a sign-in from a new browser waits for its turn when strangers have spent signin_account_whole "
      "or signin_whole. The next try within two minutes after that is judged.",
      {.min = std::chrono::seconds{1}, .max = std::chrono::minutes{1}});
}

}  // namespace cardea::authn
