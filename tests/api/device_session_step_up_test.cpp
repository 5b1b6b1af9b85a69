// What needs a recent proof needs the device too, and a session that replaces a bound one is bound to the same device.

#include <thread>

#include "tests/api/device_session_scene.hpp"

namespace cardea::api_tests {
namespace {

class DeviceStepUp : public DeviceSession {
 protected:
  /// That the answer sends the same request once more, after the browser has had the key shown.
  static void expect_again(const Answer& answer, std::string_view target) {
    EXPECT_EQ(answer.status, 307) << answer.body;
    EXPECT_EQ(answer.header("Location"), target);
    EXPECT_NE(answer.set_cookie(device_cookie_name).find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  }
};
INSTANTIATE_TEST_SUITE_P(engines, DeviceStepUp, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DeviceStepUp, takes_a_key_that_was_shown_within_two_minutes) {
  auto ann = scene.just_bound("ann");
  world.advance(2min - 1us);
  EXPECT_EQ(ann.get("/v1/account/export").status, 200);
  world.advance(1us);
  auto thief = scene.thief(ann, true);
  expect_again(ann.get("/v1/account/export"), "/v1/account/export");
  EXPECT_EQ(ann.cookie(device_cookie_name), "");
  EXPECT_EQ(ann.get("/v1/account/export").status, 401) << "there is no way around it";
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 200);
  EXPECT_EQ(ann.get("/v1/account/export").status, 200);
  expect_again(thief.get("/v1/account/export"), "/v1/account/export");
  EXPECT_EQ(thief.get("/v1/session").status, 401) << "that took away what was copied";
}

TEST_P(DeviceStepUp, is_asked_on_pages_with_what_was_posted) {
  auto ann = scene.just_bound("ann");
  world.advance(3min);
  expect_again(ann.get("/account/delete?x=1"), "/account/delete?x=1");
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 200);
  EXPECT_EQ(ann.get("/account/delete").status, 200);
}

TEST_P(DeviceStepUp, is_asked_where_a_rule_asks_and_not_the_route) {
  auto ann = scene.just_bound("ann");
  world.advance(3min);
  auto thief = scene.thief(ann, true);
  expect_again(thief.patch("/v1/me", {{"email", "mallory@example.com"}}), "/v1/me");
  thief = scene.thief(ann, true);
  expect_again(thief.reauthenticate(), "/v1/reauth");
  thief = scene.thief(ann, true);
  expect_again(thief.post("/v1/me/password", {{"current_password", good_password}, {"password", other_password}}),
               "/v1/me/password");
  thief = scene.thief(ann, true);
  expect_again(thief.post("/v1/me/totp"), "/v1/me/totp");
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

TEST_P(DeviceStepUp, old_password_is_asked_for_after_the_key) {
  auto ann = scene.just_bound("ann");
  world.advance(11min);
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 200);
  EXPECT_EQ(ann.get("/v1/account/export").code(), "reauth_required");
}

TEST_P(DeviceStepUp, password_shown_again_keeps_the_binding_in_the_new_session) {
  auto ann = scene.bound("ann");
  const auto before = ann.cookie(session_cookie_name);
  const auto again = ann.reauthenticate();
  ASSERT_EQ(again.status, 200) << again.body;
  EXPECT_NE(ann.cookie(session_cookie_name), before);
  EXPECT_TRUE(DeviceScene::offered(again).empty());
  EXPECT_EQ(again.json("session/device_bound"), wire::Value{true});
  EXPECT_EQ(scene.thief(ann, false).get("/v1/session").status, 401) << "at once";
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  world.advance(10min);
  EXPECT_EQ(ann.get("/v1/session").status, 401);
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 200);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

TEST_P(DeviceStepUp, new_password_keeps_it_too_and_a_new_sign_in_does_not) {
  auto ann = scene.bound("ann");
  EXPECT_EQ(ann.post("/v1/me/password", {{"current_password", good_password}, {"password", other_password}}).status,
            200);
  EXPECT_EQ(scene.thief(ann, false).get("/v1/session").status, 401);
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 200);
  const auto anew = ann.sign_in("ann", other_password);
  EXPECT_FALSE(DeviceScene::offered(anew).empty());
  EXPECT_EQ(anew.json("session/device_bound"), wire::Value{false});
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 401) << "its session is replaced";
}

TEST(DeviceSessionOff, offers_nothing_and_asks_nothing_of_sessions_that_were_bound) {
  DeviceScene scene;
  auto ann = scene.bound("ann");
  scene.world.restart(
      [](app::Settings& settings) { settings.features.of<device_session::Settings>().device_bound = false; });
  EXPECT_EQ(scene.thief(ann, false).get("/v1/session").status, 200);
  EXPECT_EQ(scene.ask(ann).status, 404);
  EXPECT_FALSE(scene.world.client().sign_in("ann").headers.has("Secure-Session-Registration"));
  scene.world.restart(DeviceScene::with_binding());
  EXPECT_EQ(scene.thief(ann, false).get("/v1/session").status, 401);
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 200);
}

TEST(DeviceSessionOff, is_so_where_pages_of_other_sites_use_the_session) {
  DeviceScene scene{"sqlite", [](app::Settings& settings) { settings.cors_origins = {"https://app.example"}; }};
  EXPECT_FALSE(scene.world.client().sign_up("ann").headers.has("Secure-Session-Registration"));
}

class DeviceOfTwoProcesses : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(engines, DeviceOfTwoProcesses, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DeviceOfTwoProcesses, session_that_one_binds_is_bound_in_the_other) {
  DeviceScene here{GetParam()};
  World there{World::Beside{here.world}, DeviceScene::with_binding()};
  auto ann = here.world.client();
  const auto challenge = DeviceScene::offered(ann.sign_up("ann"));
  auto old = there.client();
  old.set_cookie(session_cookie_name, ann.cookie(session_cookie_name));
  EXPECT_EQ(old.get("/v1/session").json("session/device_bound"), wire::Value{false});
  const auto bound = DeviceScene::bind(ann, here.device, challenge);
  ASSERT_EQ(bound.status, 200);
  here.id = bound.text("session_identifier");
  const auto start = std::chrono::steady_clock::now();
  while (old.get("/v1/session").json("session/device_bound") == wire::Value{false}) {
    ASSERT_LT(std::chrono::steady_clock::now() - start, 10s);
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
  there.advance(30s);
  EXPECT_EQ(old.get("/v1/session").status, 401);
  old.set_cookie(device_cookie_name, ann.cookie(device_cookie_name));
  EXPECT_EQ(old.get("/v1/session").status, 200);
  here.world.advance(30s);
  // Either may ask, and either may judge.
  const auto asked = here.ask(ann);
  EXPECT_EQ(here.ask(old, here.device.proof(DeviceScene::asked(asked))).status, 200);
  EXPECT_EQ(here.ask(ann, here.device.proof(DeviceScene::asked(asked))).status, 403);
}

}  // namespace
}  // namespace cardea::api_tests
