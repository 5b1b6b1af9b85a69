#include "authn/authn.hpp"

namespace cardea::authn {

void describe_cookie(config::Section& cookie, CookieSettings& settings) {
  cookie.choice("same_site", settings.same_site,
                "SameSite of the cookies. \"none\" is for a front end on another site and needs cors.origins.");
}

void describe_budgets(config::Section& throttle, Budgets& budgets) {
  throttle::describe(throttle.section("signin_account"), budgets.account);
  throttle::describe(throttle.section("signin_device"), budgets.known_browser);
  throttle::describe(throttle.section("signin_address"), budgets.address);
  throttle::describe(throttle.section("signin_whole"), budgets.whole);
  throttle::describe(throttle.section("signin_right"), budgets.right);
  throttle::describe(throttle.section("signin_account_whole"), budgets.account_whole);
  throttle::describe(throttle.section("signin_right_address"), budgets.right_address);
  throttle.span(
      "signin_turn", budgets.turn,
      "How long a sign-in from a new browser waits for its turn when strangers have spent signin_account_whole "
      "or signin_whole. The next try within two minutes after that is judged.",
      {.min = std::chrono::seconds{1}, .max = std::chrono::minutes{1}});
}

}  // namespace cardea::authn
