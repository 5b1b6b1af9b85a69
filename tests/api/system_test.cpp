// What operators and other programs ask: keys, health, metrics, and the headers of every answer.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

TEST(System, keys_are_published_without_their_private_parts) {
  World world;
  const auto answer = world.curl().get("/.well-known/jwks.json");
  EXPECT_EQ(answer.status, 200);
  EXPECT_GE(answer.count("keys"), 1U);
  EXPECT_EQ(answer.json("keys/0/kty"), "EC");
  EXPECT_EQ(answer.json("keys/0/crv"), "P-256");
  EXPECT_EQ(answer.json("keys/0/use"), "sig");
  EXPECT_FALSE(answer.has("keys/0/d"));
  EXPECT_FALSE(answer.has("keys/0/k"));
  EXPECT_EQ(answer.header("Cache-Control"), "public, max-age=300");
}

TEST(System, keys_and_tokens_survive_a_restart_and_another_secret_refuses_to_start) {
  World world;
  const auto token = world.client().sign_up("ann").text("access_token");
  const auto keys = world.curl().get("/.well-known/jwks.json").body;
  world.restart();
  EXPECT_EQ(world.curl().get("/.well-known/jwks.json").body, keys);
  EXPECT_EQ(world.curl().bearer(token).get("/v1/me").status, 200);
  EXPECT_ANY_THROW(world.restart([](app::Settings& settings) { settings.secret = Secret{std::string(43, 't')}; }));
}

TEST(System, rotated_key_verifies_until_its_tokens_have_ended) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  // Rotation is due after 90 days; the browser comes back daily, the jobs run daily.
  std::string token;
  std::string first_keys = world.curl().get("/.well-known/jwks.json").body;
  bool rotated = false;
  for (int day = 0; day < 95 && !rotated; ++day) {
    world.advance(24h);
    world.run_jobs();
    if (ann.get("/v1/session").status != 200) ann.sign_in("ann");
    token = ann.post("/v1/session/token").text("access_token");
    EXPECT_EQ(world.curl().bearer(token).get("/v1/me").status, 200) << "day " << day;
    rotated = world.curl().get("/.well-known/jwks.json").body != first_keys;
  }
  EXPECT_TRUE(rotated);
}

TEST(System, password_managers_find_the_password_page) {
  World world;
  const auto answer = world.client().get("/.well-known/change-password");
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.header("Location"), "/account/security#password");
}

TEST(System, health_and_readiness) {
  World world;
  EXPECT_EQ(world.curl().get("/healthz").status, 200);
  EXPECT_EQ(world.curl().get("/readyz").status, 200);
}

TEST(System, readiness_names_the_part_that_does_not_work) {
  World world;
  world.seem_ready(false);
  const auto answer = world.curl().get("/readyz");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.json("code"), "not_ready");
  EXPECT_EQ(answer.json("errors/0/code"), "storage.unreachable");
  EXPECT_EQ(answer.json("errors/0/pointer"), "/database");
  EXPECT_EQ(world.curl().get("/healthz").status, 200) << "the process lives";
  world.seem_ready(true);
  EXPECT_EQ(world.curl().get("/readyz").status, 200);
}

TEST(System, what_a_platform_asks_is_answered_on_the_thread_that_reads_it) {
  World world{[](app::Settings& settings) { settings.metrics_token = Secret{std::string{"metrics-token-of-a-test"}}; }};
  for (const auto& route : world.house().pipeline().routes()) {
    if (route.path != "/healthz" && route.path != "/readyz" && route.path != "/metrics") continue;
    EXPECT_EQ(route.lane, http::Lane::instant) << route.path << ": no queue, no database";
  }
}

TEST(System, metrics_are_behind_their_token) {
  World none;
  EXPECT_EQ(none.curl().get("/metrics").status, 404);

  World world{[](app::Settings& settings) { settings.metrics_token = Secret{std::string{"metrics-token-of-a-test"}}; }};
  world.client().sign_up("ann");
  world.client().sign_in("ann");
  world.client().sign_in("ann", wrong_password);
  EXPECT_EQ(world.curl().get("/metrics").status, 401);
  EXPECT_EQ(world.log().find("a wrong token for metrics"), std::string::npos);
  EXPECT_EQ(world.curl().bearer("metrics-token-of-a-tesT").get("/metrics").status, 401);
  EXPECT_EQ(world.curl().bearer("").header("Authorization", "Bearer ").get("/metrics").status, 401);
  EXPECT_NE(world.log().find("a wrong token for metrics"), std::string::npos);
  for (const auto* shown : {"bearer metrics-token-of-a-test", "BEARER  metrics-token-of-a-test"}) {
    EXPECT_EQ(world.curl().header("Authorization", shown).get("/metrics").status, 200) << shown;
  }
  EXPECT_EQ(world.curl().header("Authorization", "Basic metrics-token-of-a-test").get("/metrics").status, 401);
  const auto answer = world.curl().bearer("metrics-token-of-a-test").get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.mentions("cardea_signin_total{result=\"succeeded\"} 1"));
  EXPECT_TRUE(answer.mentions("cardea_signin_total{result=\"failed\"} 1"));
  EXPECT_FALSE(answer.mentions("ann"));
}

TEST(System, every_answer_has_a_request_id_and_the_security_headers) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  for (const auto* target : {"/v1/session", "/v1/nothing", "/signin", "/account", "/api/users",
                             "/.well-known/jwks.json", "/healthz", "/%00", "//evil.test", "/v1/me/notes/x"}) {
    const auto answer = ann.get(target);
    EXPECT_TRUE(answer.header("Request-Id").starts_with("req_")) << target;
    EXPECT_EQ(answer.all("X-Content-Type-Options"), Texts{"nosniff"}) << target;
    EXPECT_EQ(answer.all("Content-Security-Policy").size(), 1U) << target;
    EXPECT_EQ(answer.all("Referrer-Policy").size(), 1U) << target;
    EXPECT_EQ(answer.all("Cache-Control").size(), 1U) << target;
    EXPECT_FALSE(answer.header("Strict-Transport-Security").empty()) << target;
    EXPECT_EQ(answer.header("Server"), "") << target;
  }
}

TEST(System, unknown_addresses_and_methods_are_told_in_the_error_format) {
  World world;
  auto curl = world.curl();
  const auto missing = curl.get("/v1/nothing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(missing.json("status"), 404);
  EXPECT_EQ(missing.text("request_id"), missing.header("Request-Id"));
  const auto wrong = curl.del("/v1/signup");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_NE(wrong.header("Allow").find("POST"), std::string::npos);
}

}  // namespace
}  // namespace cardea::api_tests
