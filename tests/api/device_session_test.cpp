// Sessions that are bound to a device: offered, bound, shown again, and worth nothing elsewhere.

#include "tests/api/device_session_scene.hpp"
#include "tests/support/form_text.hpp"

namespace cardea::api_tests {
namespace {

INSTANTIATE_TEST_SUITE_P(engines, DeviceSession, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DeviceSession, is_offered_by_what_opens_a_session_and_by_nothing_else) {
  auto ann = world.client();
  const auto offer = ann.sign_up("ann").header("Secure-Session-Registration");
  EXPECT_EQ(offer, "(ES256 RS256);path=\"/v1/session/device\";challenge=\"" +
                       DeviceScene::quoted(offer, "challenge=\"") + "\"");
  auto page = world.client();
  const auto signed_in = page.submit("/signin", {{"uid", "ann"}, {"password", good_password}});
  EXPECT_EQ(signed_in.status, 303);
  EXPECT_FALSE(DeviceScene::offered(signed_in).empty());
  EXPECT_FALSE(DeviceScene::offered(ann.reauthenticate()).empty());
  for (const char* target : {"/v1/session", "/v1/me", "/account", "/signin"}) {
    EXPECT_FALSE(ann.get(target).headers.has("Secure-Session-Registration")) << target;
  }
  EXPECT_FALSE(world.client().sign_in("ann", wrong_password).headers.has("Secure-Session-Registration"));
}

TEST_P(DeviceSession, is_bound_by_the_answer_to_the_offer) {
  auto ann = world.client();
  const auto answer = DeviceScene::bind(ann, scene.device, DeviceScene::offered(ann.sign_up("ann")));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.text("refresh_url"), "/v1/session/device/refresh");
  EXPECT_EQ(answer.text("scope/origin"), "https://auth.test");
  EXPECT_EQ(answer.json("scope/include_site"), wire::Value{false});
  EXPECT_EQ(answer.text("credentials/0/name"), device_cookie_name);
  EXPECT_EQ(answer.text("credentials/0/attributes"), "Path=/; Secure; HttpOnly; SameSite=Lax");
  const auto cookie = answer.set_cookie(device_cookie_name);
  EXPECT_NE(cookie.find(answer.text("credentials/0/attributes") + "; Max-Age=570"), std::string::npos) << cookie;
  EXPECT_EQ(ann.get("/v1/session").json("session/device_bound"), wire::Value{true});
  EXPECT_TRUE(ann.get("/account/sessions").mentions("Bound to its device"));
  EXPECT_EQ(world.audit_kinds(), "session.device_bound signup.completed");
  auto other = world.client();
  other.sign_in("ann");
  EXPECT_EQ(other.get("/v1/session").json("session/device_bound"), wire::Value{false});
}

TEST_P(DeviceSession, requests_that_were_under_way_when_it_was_bound_are_answered) {
  auto ann = scene.just_bound("ann");
  auto under_way = scene.thief(ann, false);
  world.advance(29s);
  EXPECT_EQ(under_way.get("/v1/session").status, 200);
  world.advance(1s);
  EXPECT_EQ(under_way.get("/v1/session").status, 401);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

TEST_P(DeviceSession, copied_cookie_alone_is_worth_nothing) {
  auto ann = scene.bound("ann");
  auto thief = scene.thief(ann, false);
  EXPECT_EQ(thief.get("/v1/session").status, 401);
  EXPECT_EQ(thief.post("/v1/session/token").status, 401);
  EXPECT_EQ(thief.patch("/v1/me", {{"name", "Mallory"}}).status, 401);
  EXPECT_EQ(thief.get("/account").status, 303);
  for (const char* odd : {"", "x", "0"}) {
    thief.set_cookie(device_cookie_name, odd);
    EXPECT_EQ(thief.get("/v1/session").status, 401) << odd;
  }
  EXPECT_EQ(ann.get("/v1/session").status, 200) << "its owner notices nothing";
}

TEST_P(DeviceSession, both_copied_cookies_are_worth_nothing_after_ten_minutes) {
  auto ann = scene.just_bound("ann");
  auto thief = scene.thief(ann, true);
  world.advance(10min - 1us);
  EXPECT_EQ(thief.get("/v1/session").status, 200);
  world.advance(1us);
  EXPECT_EQ(thief.get("/v1/session").status, 401);
  EXPECT_EQ(ann.get("/v1/session").status, 401);
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 200);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  EXPECT_EQ(thief.get("/v1/session").status, 401);
  const SoftDevice other;
  EXPECT_EQ(scene.refresh(thief, other).status, 401);
}

TEST_P(DeviceSession, cookie_of_another_binding_is_worth_nothing) {
  auto ann = scene.bound("ann");
  auto bob = scene.bound("bob");
  auto mixed = scene.thief(ann, false);
  mixed.set_cookie(device_cookie_name, bob.cookie(device_cookie_name));
  EXPECT_EQ(mixed.get("/v1/session").status, 401);
  EXPECT_EQ(bob.get("/v1/session").status, 200);
}

/// A request to a route, as good as one can be without knowing what it is about.
http::Request request_to(const http::Route& route, std::string_view form_token) {
  std::string target{route.path};
  for (auto at = target.find('{'); at != std::string::npos; at = target.find('{')) {
    target.replace(at, target.find('}') - at + 1, "x");
  }
  http::Request request{.method = route.method, .target = target};
  if (http::is_safe(route.method)) return request;
  const bool is_form = route.surface->body == http::BodyKind::form;
  request.headers.add("Content-Type", is_form ? "application/x-www-form-urlencoded" : "application/json");
  request.body = is_form ? "csrf=" + std::string{form_token} : "{}";
  return request;
}

TEST_P(DeviceSession, every_route_that_takes_the_session_cookie_asks_for_the_device) {
  auto ann = scene.bound("ann");
  auto alone = scene.thief(ann, false);
  std::string form_token;
  for (const auto& [name, value] : testing_support::hidden_fields(alone.get("/signin").body, "/signin")) {
    if (name == "csrf") form_token = value;
  }
  int asked = 0;
  for (const auto& route : world.house().pipeline().routes()) {
    if (route.requirement.who != Who::principal) continue;
    auto thief = alone;
    const auto answer = thief.send(request_to(route, form_token));
    const bool is_sent_away = answer.status == 303 && answer.header("Location").starts_with("/signin");
    EXPECT_TRUE(answer.status == 401 || is_sent_away) << route.path << " " << answer.status;
    ++asked;
  }
  EXPECT_GT(asked, 50);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

TEST_P(DeviceSession, access_tokens_and_sessions_that_are_not_bound_are_as_they_were) {
  auto ann = scene.bound("ann");
  auto program = world.curl();
  program.bearer(ann.post("/v1/session/token").text("access_token"));
  EXPECT_EQ(program.get("/v1/me").status, 200);
  auto plain = world.curl();
  plain.sign_in("ann");
  world.advance(1h);
  EXPECT_EQ(plain.get("/v1/session").status, 200);
}

TEST_P(DeviceSession, lost_key_keeps_nobody_out) {
  auto ann = scene.bound("ann");
  world.advance(10min);
  const SoftDevice other;
  EXPECT_EQ(scene.refresh(ann, other).status, 401);
  const auto again = ann.sign_in("ann");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  EXPECT_EQ(DeviceScene::bind(ann, other, DeviceScene::offered(again)).status, 200);
  world.advance(1min);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

TEST_P(DeviceSession, checks_of_a_bound_session_take_the_statements_of_any_other) {
  auto ann = scene.bound("ann");
  auto bob = world.client();
  bob.sign_up("bob");
  for (auto* each : {&ann, &bob}) {
    EXPECT_EQ(each->get("/v1/session").status, 200);
    EXPECT_TRUE(world.statements([&] { each->get("/v1/session"); }).empty());
  }
  const auto profile_of = [&](Client& client) {
    return world.statements([&] { EXPECT_EQ(client.get("/v1/me").status, 200); });
  };
  EXPECT_EQ(profile_of(ann), profile_of(bob));
}

TEST_P(DeviceSession, first_half_of_a_refresh_asks_no_database) {
  auto ann = scene.bound("ann");
  EXPECT_TRUE(world.statements([&] { EXPECT_EQ(scene.ask(ann).status, 403); }).empty());
}

TEST_P(DeviceSession, sign_out_takes_the_cookie_away_and_ends_the_binding) {
  auto ann = scene.bound("ann");
  const auto challenge = DeviceScene::asked(scene.ask(ann));
  EXPECT_EQ(ann.post("/v1/signout").status, 204);
  EXPECT_EQ(ann.cookie(device_cookie_name), "");
  EXPECT_EQ(scene.ask(ann, scene.device.proof(challenge)).status, 401);
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 401);
  EXPECT_EQ(world.client().post("/v1/signout").set_cookie(device_cookie_name), "") << "there is none";
}

TEST_P(DeviceSession, keys_go_when_their_sessions_can_be_no_more) {
  scene.bound("ann");
  const auto keys = [&] { return world.database().read_one("SELECT COUNT(*) FROM device_session")->integer(0); };
  world.run_jobs();
  EXPECT_EQ(keys(), 1);
  world.advance(15 * 24h);
  world.run_jobs();
  world.run_jobs();
  EXPECT_EQ(keys(), 0);
}

}  // namespace
}  // namespace cardea::api_tests
