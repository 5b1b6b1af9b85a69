#include "authn/authn.hpp"

namespace cardea::authn {

http::SameSite CookieSettings::policy() const {
  if (same_site == "none") return http::SameSite::none;
  return same_site == "strict" ? http::SameSite::strict : http::SameSite::lax;
}

void describe_cookie(config::Section& cookie, CookieSettings& settings) {
  cookie.choice("same_site", settings.same_site,
                "SameSite of the cookies. \"none\" is for a front end on another site and needs cors.origins.",
                {"lax", "strict", "none"});
}

void describe_budgets(config::Section& throttle, Budgets& budgets) {
  throttle::describe(throttle.section("signin_account"), budgets.account);
  throttle::describe(throttle.section("signin_device"), budgets.known_browser);
  throttle::describe(throttle.section("signin_address"), budgets.address);
  throttle::describe(throttle.section("signin_whole"), budgets.whole);
  throttle::describe(throttle.section("signin_right"), budgets.right);
}

}  // namespace cardea::authn
