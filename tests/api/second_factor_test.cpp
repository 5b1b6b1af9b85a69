// A sign-in of two steps over the API: what each step answers, and what nobody gets past.

#include "tests/api/second_factor.hpp"

#include <atomic>

#include "encoding/base64.hpp"
#include "http/problem.hpp"

namespace cardea::api_tests {
namespace {

class SecondFactor : public ::testing::TestWithParam<std::string> {
 protected:
  SecondFactorScene scene{GetParam()};
  World& world = scene.world;
  SecondFactor() { scene.enrol("ann"); }
};
INSTANTIATE_TEST_SUITE_P(engines, SecondFactor, testing_support::both_engines(), testing_support::engine_name);

wire::Value claims_of(const std::string& jwt) {
  const auto begin = jwt.find('.') + 1;
  const auto bytes = encoding::parse_base64url(std::string_view{jwt}.substr(begin, jwt.find('.', begin) - begin));
  return *wire::parse(as_text(bytes.value()));
}

TEST_P(SecondFactor, password_alone_asks_for_it_and_opens_nothing) {
  auto ann = world.client();
  const auto answer = ann.sign_in("ann");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.members(), (Texts{"expires_at", "methods", "state"}));
  EXPECT_EQ(answer.json("state"), "mfa_required");
  EXPECT_EQ(answer.json("methods"), wire::Value{wire::Array{"totp"}});
  EXPECT_EQ(answer.json("expires_at"), "2026-11-23T12:10:00.000Z");

  EXPECT_EQ(answer.all("Set-Cookie").size(), 1U) << "no session, and no browser is known by half a sign-in";
  const auto cookie = answer.set_cookie(signin_cookie_name);
  EXPECT_EQ(cookie.substr(cookie.find(';')), "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
  EXPECT_EQ(scene.count("session"), 0);
  EXPECT_EQ(world.audit_kinds(), "signin.continued signup.completed");
}

TEST_P(SecondFactor, right_code_signs_in_and_the_token_says_how) {
  auto ann = scene.halfway();
  world.advance(30s);
  const auto answer = send_code(ann);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json("state"), "complete");
  EXPECT_EQ(answer.json("user/uid"), "ann");
  EXPECT_EQ(ann.cookie(signin_cookie_name), "") << "the sign-in is over";
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  EXPECT_EQ(scene.count("pending_signin"), 0);

  const auto claims = claims_of(answer.text("access_token"));
  const auto claim = [&](std::string_view name) { return wire::to_json(*claims.find(name)); };
  EXPECT_EQ(claim("amr"), R"(["pwd","otp","mfa"])");
  EXPECT_EQ(claim("acr"), R"("aal2")");
  EXPECT_EQ(claim("auth_time"), std::to_string(to_seconds(world.now()))) << "of the latest proof";
  EXPECT_EQ(world.audit_kinds(), "signin.continued signup.completed signin.succeeded");
}

TEST_P(SecondFactor, either_of_two_factors_is_enough) {
  scene.factors.enrol(world.id_of("ann"), AuthMethod::recovery_code);
  auto ann = world.client();
  EXPECT_EQ(ann.sign_in("ann").json("methods"), (wire::Value{wire::Array{"totp", "recovery_code"}}));
  EXPECT_EQ(send_code(ann, right_code, "recovery_code").json("state"), "complete");
  EXPECT_EQ(ann.get("/v1/test/strong").status, 200);
}

TEST_P(SecondFactor, wrong_code_leaves_the_sign_in_where_it_was) {
  auto ann = scene.halfway();
  const auto wrong = send_code(ann, wrong_code);
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.code(), "invalid_code");
  EXPECT_EQ(scene.count("session"), 0);
  EXPECT_EQ(send_code(ann).json("state"), "complete");
}

TEST_P(SecondFactor, after_six_wrong_codes_the_right_one_has_to_wait) {
  auto ann = scene.halfway();
  for (int i = 0; i < 6; ++i) EXPECT_EQ(send_code(ann, wrong_code).code(), "invalid_code");
  const auto refused = send_code(ann);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "172800");
  EXPECT_EQ(scene.count("session"), 0);

  auto again = scene.halfway();
  EXPECT_EQ(send_code(again).status, 429) << "another sign-in brings no more tries";
  world.advance(48h);
  again = scene.halfway();
  EXPECT_EQ(send_code(again, wrong_code).code(), "invalid_code");
  EXPECT_EQ(send_code(again).header("Retry-After"), "345600");
  world.advance(96h);
  again = scene.halfway();
  EXPECT_EQ(send_code(again).json("state"), "complete");
}

TEST_P(SecondFactor, replayed_step_opens_no_second_session) {
  auto ann = scene.halfway();
  auto copy = ann;
  EXPECT_EQ(send_code(ann).status, 200);
  const auto replayed = send_code(copy);
  EXPECT_EQ(replayed.status, 401);
  EXPECT_EQ(replayed.code(), "signin_expired");
  EXPECT_EQ(copy.cookie(session_cookie_name), "");
  EXPECT_EQ(scene.count("session"), 1);
}

TEST_P(SecondFactor, of_sixteen_at_once_exactly_one_opens_a_session) {
  for (int round = 0; round < 4; ++round) {
    world.database().write([](db::Tx& tx) { tx.run("DELETE FROM throttle"); });
    const auto before = scene.count("session");
    const auto ann = scene.halfway();
    std::atomic<int> opened = 0;
    std::atomic<int> refused = 0;
    testing_support::race(16, [&](int) {
      auto rival = ann;
      const auto answer = send_code(rival);
      if (answer.status == 200) ++opened;
      if (answer.code() == "signin_expired" || answer.code() == "rate_limited") ++refused;
    });
    EXPECT_EQ(opened, 1);
    EXPECT_EQ(refused, 15);
    EXPECT_EQ(scene.count("session"), before + 1);
  }
}

/// A request for a route as it stands, with something in place of its parameters.
http::Request request_for(const http::Route& route) {
  std::string target{route.path};
  for (auto at = target.find('{'); at != std::string::npos; at = target.find('{')) {
    target.replace(at, target.find('}', at) - at + 1, "x");
  }
  http::Request request{.method = route.method, .target = target};
  if (!http::is_safe(route.method)) {
    const bool is_form = route.surface->body == http::BodyKind::form;
    request.headers.add("Content-Type", is_form ? "application/x-www-form-urlencoded" : "application/json");
    request.body = is_form ? "" : "{}";
  }
  return request;
}

TEST_P(SecondFactor, half_a_sign_in_opens_no_route_wherever_its_key_is_put) {
  const std::string key = scene.halfway().cookie(signin_cookie_name);
  ASSERT_EQ(key.size(), 43U);
  std::vector<Client> thieves(4, world.client());
  thieves[0].set_cookie(signin_cookie_name, key);
  thieves[1].set_cookie(session_cookie_name, key);
  thieves[2].set_cookie("jwt", key);
  thieves[3].bearer(key);
  int tried = 0;
  for (const auto& route : world.house().pipeline().routes()) {
    if (route.requirement.who != Who::principal) continue;
    ++tried;
    for (auto& thief : thieves) {
      const auto answer = thief.send(request_for(route));
      const bool is_sent_to_sign_in = answer.status == 303 && answer.header("Location").starts_with("/signin");
      const bool is_refused = answer.status == 401 || answer.status == 403 || is_sent_to_sign_in;
      EXPECT_TRUE(is_refused) << route.path << ": " << answer.status << " " << answer.header("Location");
    }
  }
  EXPECT_GT(tried, 25);
  EXPECT_FALSE(thieves[0].get("/").mentions("Hello"));
  EXPECT_EQ(scene.count("session"), 0);
  EXPECT_EQ(scene.count("pending_signin"), 1);
}

TEST_P(SecondFactor, further_step_needs_the_key_of_a_sign_in) {
  auto nobody = world.client();
  EXPECT_EQ(send_code(nobody).code(), "signin_expired");
  for (const char* key : {"x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ""}) {
    nobody.set_cookie(signin_cookie_name, key);
    EXPECT_EQ(send_code(nobody).code(), "signin_expired") << key;
  }
}

// ASVS 6.6.2
TEST_P(SecondFactor, two_browsers_sign_in_each_by_its_own_key) {
  auto desk = scene.halfway();
  auto phone = scene.halfway();
  EXPECT_NE(desk.cookie(signin_cookie_name), phone.cookie(signin_cookie_name));
  EXPECT_EQ(send_code(phone).status, 200);
  EXPECT_EQ(send_code(desk).status, 200);
  EXPECT_EQ(scene.count("session"), 2);
}

TEST_P(SecondFactor, browser_that_starts_again_is_bound_to_the_newer_sign_in) {
  auto ann = scene.halfway();
  const std::string first = ann.cookie(signin_cookie_name);
  EXPECT_EQ(ann.sign_in("ann").json("state"), "mfa_required");
  EXPECT_NE(ann.cookie(signin_cookie_name), first);
  EXPECT_EQ(send_code(ann).status, 200);
  EXPECT_EQ(scene.count("session"), 1);
}

TEST_P(SecondFactor, sign_in_ends_after_ten_minutes) {
  auto ann = scene.halfway();
  auto late = scene.halfway();
  world.advance(10min - 1us);
  EXPECT_EQ(send_code(ann).status, 200);
  world.advance(1us);
  EXPECT_EQ(send_code(late).code(), "signin_expired");
  EXPECT_EQ(scene.count("pending_signin"), 1);
  world.run_jobs();
  EXPECT_EQ(scene.count("pending_signin"), 0);
}

TEST_P(SecondFactor, server_may_restart_between_the_steps) {
  auto ann = scene.halfway();
  world.restart();
  EXPECT_EQ(send_code(ann).json("state"), "complete");
}

TEST_P(SecondFactor, method_that_is_unknown_or_not_enrolled_is_not_found) {
  auto ann = scene.halfway();
  for (const char* method : {"recovery_code", "passkey", "password", "TOTP", "nonsense"}) {
    EXPECT_EQ(send_code(ann, right_code, method).status, 404) << method;
  }
  EXPECT_EQ(send_code(ann).status, 200) << "none of them was a try";
}

TEST_P(SecondFactor, classic_contract_has_no_second_step_and_opens_nothing) {
  const auto answer = world.curl().post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  EXPECT_EQ(answer.status, 403);
  EXPECT_TRUE(answer.mentions("mfa_required")) << answer.body;
  EXPECT_TRUE(answer.all("Set-Cookie").empty());
  EXPECT_EQ(scene.count("session"), 0);
}

// ASVS 7.5.3
TEST_P(SecondFactor, route_that_asks_for_two_factors_is_closed_to_one) {
  auto bob = world.client();
  bob.sign_up("bob");
  EXPECT_EQ(bob.get("/v1/test/strong").status, 403);
  EXPECT_EQ(bob.get("/v1/test/strong").code(), "reauth_required");
  EXPECT_EQ(bob.get("/v1/session").status, 200);

  auto ann = scene.halfway();
  const auto token = send_code(ann).text("access_token");
  EXPECT_EQ(ann.get("/v1/test/strong").status, 200);
  EXPECT_EQ(ann.get("/v1/test/fresh").status, 200);
  EXPECT_EQ(world.curl().bearer(token).get("/v1/test/strong").status, 200);
  EXPECT_EQ(world.client().get("/v1/test/strong").status, 401);
}

TEST_P(SecondFactor, two_factors_grow_old_and_the_password_alone_does_not_renew_them) {
  auto ann = scene.halfway();
  send_code(ann);
  world.advance(10min);
  EXPECT_EQ(ann.get("/v1/test/fresh").code(), "reauth_required");
  EXPECT_EQ(ann.get("/v1/test/strong").status, 200);
  EXPECT_EQ(ann.reauthenticate().status, 200);
  EXPECT_EQ(ann.get("/v1/test/strong").status, 200) << "what was shown in the session stays shown";
  EXPECT_EQ(ann.get("/v1/test/fresh").code(), "reauth_required");
}

}  // namespace
}  // namespace cardea::api_tests
