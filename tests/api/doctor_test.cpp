// What the server tells the doctor of its requests, and that it tells nobody else.

#include "app/doctor_judge.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* proxy = "192.0.2.1";

void trust_proxy(app::Settings& settings) { settings.trusted_proxies = {std::string{proxy} + "/32"}; }

std::string token_of(World& world, Time now) { return app::doctor_token(app::doctor_key(world.settings()), now); }

Client doctor(World& world) {
  auto client = world.curl();
  client.header(app::doctor_header, token_of(world, world.now()));
  return client;
}

std::optional<app::Seen> seen(const Answer& answer) {
  return app::seen_in({.stage = edge::Stage::done, .status = answer.status, .body = answer.body});
}

TEST(DoctorView, is_what_the_server_makes_of_proxy_and_client) {
  World world{trust_proxy};
  const auto told = seen(doctor(world)
                             .from(proxy)
                             .header("X-Forwarded-For", "203.0.113.7")
                             .header("X-Forwarded-Proto", "https")
                             .header("Host", "auth.test")
                             .get("/healthz"));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->peer, proxy);
  EXPECT_TRUE(told->peer_is_trusted);
  EXPECT_EQ(told->client, "203.0.113.7");
  EXPECT_EQ(told->naming, "known");
  EXPECT_EQ(told->forwarded_proto, "https");
  EXPECT_EQ(told->host, "auth.test");
  EXPECT_EQ(told->url, world.settings().url);
  EXPECT_EQ(told->trusted_proxies, world.settings().trusted_proxies);
}

TEST(DoctorView, findings_follow_from_it) {
  World world{trust_proxy};
  const auto findings = [&](Client client) {
    app::Findings found;
    const auto told = seen(client.header("Host", "auth.test").get("/healthz"));
    EXPECT_TRUE(told);
    if (told) app::judge_view(world.settings(), *told, "203.0.113.7", found);
    std::string fixes;
    for (const auto& each : found.all) fixes += each.fix + "|";
    return fixes;
  };
  const std::string forwarded_for = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;|";
  const std::string forwarded_proto = "proxy_set_header X-Forwarded-Proto $scheme;|";
  EXPECT_EQ(findings(doctor(world).from(proxy)), forwarded_for + forwarded_proto);
  EXPECT_EQ(findings(doctor(world).from(proxy).header("X-Forwarded-For", "203.0.113.7")), forwarded_proto);
  EXPECT_EQ(findings(doctor(world).from(proxy).header("Forwarded", "for=203.0.113.7;proto=https")), "");
  EXPECT_EQ(findings(doctor(world).from(proxy).header("X-Forwarded-Proto", "https")), forwarded_for);
  EXPECT_EQ(findings(doctor(world).from("192.0.2.3").header("X-Forwarded-For", "203.0.113.7")),
            "trusted_proxies = [\"192.0.2.1/32\", \"192.0.2.3/32\"]|");
}

TEST(DoctorView, is_told_to_nobody_without_the_secret) {
  World world{trust_proxy};
  const std::string good = token_of(world, world.now());
  std::vector<std::string> wrong{"",
                                 "yes",
                                 good + "A",
                                 token_of(world, world.now() - 61s),
                                 token_of(world, world.now() + 61s),
                                 app::doctor_token(Secret{std::string(32, 'x')}, world.now())};
  for (const auto& token : wrong) {
    const auto answer = world.curl().header(app::doctor_header, token).get("/healthz");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "ok\n") << token;
  }
  for (const std::string path : {"/readyz", "/v1/session", "/"}) {
    EXPECT_FALSE(seen(world.curl().header(app::doctor_header, good).get(path))) << path;
  }
  world.advance(61s);
  EXPECT_EQ(world.curl().header(app::doctor_header, good).get("/healthz").body, "ok\n") << "it is good for a minute";
}

TEST(DoctorView, is_told_where_a_proxy_says_plain_http_too) {
  World world{trust_proxy};
  const auto told = seen(doctor(world).from(proxy).header("X-Forwarded-Proto", "http").get("/healthz"));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->forwarded_proto, "http");
}

}  // namespace
}  // namespace cardea::api_tests
