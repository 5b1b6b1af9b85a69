#include "entry/entry.hpp"

namespace cardea::entry {

void describe_cookie(config::Section& cookie, CookieSettings& settings) {
  cookie.choice("same_site", settings.same_site,
                "SameSite of the cookies. \"none\" is for a front end on another site and needs cors.origins.");
}

void describe_directory(config::Section& directory, DirectorySettings& settings) {
  directory.choice("visible", settings.visible,
                   "Who may see the list of users and their public fields. `cardea dev` starts with public.");
}

void describe_budgets(config::Section& throttle, Budgets& budgets) {
  throttle::describe(throttle.section("signin_account"), budgets.account);
  throttle::describe(throttle.section("signin_device"), budgets.device);
  throttle::describe(throttle.section("signin_address"), budgets.address);
  throttle::describe(throttle.section("signin_whole"), budgets.whole);
  throttle::describe(throttle.section("signin_right"), budgets.right);
  throttle::describe(throttle.section("signup_address"), budgets.signup_address);
  throttle::describe(throttle.section("signup_whole"), budgets.signup_whole);
  throttle::describe(throttle.section("email_change"), budgets.email_change);
  throttle::describe(throttle.section("profile_change"), budgets.profile_change);
}

}  // namespace cardea::entry
