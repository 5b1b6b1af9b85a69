// What the server tells the doctor of its requests, and that it tells nobody else.

#include "app/doctor_judge.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* proxy = "192.0.2.1";

void trust_proxy(app::Settings& settings) { settings.trusted_proxies = {std::string{proxy} + "/32"}; }

std::string token_of(World& world, Time now) { return app::doctor_token(app::doctor_key(world.settings()), now); }

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

/// What the doctor is told of a request that came without TLS from `peer`, with these fields.
std::optional<app::Seen> seen(World& world, std::string_view peer, const Fields& fields) {
  http::Request request{.target = "/healthz", .peer = std::string{peer}};
  request.headers.add("Host", "auth.test");
  request.headers.add(app::doctor_header, token_of(world, world.now()));
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  auto response = world.answer(request);
  return app::seen_in({.stage = edge::Stage::done, .status = response.status, .body = std::move(response.body).text()});
}

TEST(DoctorView, is_what_the_server_makes_of_proxy_and_client) {
  World world{trust_proxy};
  const auto told = seen(world, proxy, {{"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-Proto", "https"}});
  ASSERT_TRUE(told);
  EXPECT_EQ(told->peer, proxy);
  EXPECT_TRUE(told->peer_is_trusted);
  EXPECT_FALSE(told->tls);
  EXPECT_EQ(told->client, "203.0.113.7");
  EXPECT_EQ(told->naming, "known");
  EXPECT_EQ(told->forwarded_proto, "https");
  EXPECT_EQ(told->host, "auth.test");
  EXPECT_EQ(told->url, world.settings().url);
  EXPECT_EQ(told->trusted_proxies, world.settings().trusted_proxies);
}

TEST(DoctorView, findings_follow_from_it) {
  World world{trust_proxy};
  const auto fixes = [&](std::string_view peer, const Fields& fields) {
    app::Findings found;
    const auto told = seen(world, peer, fields);
    EXPECT_TRUE(told);
    if (told) app::judge_view(world.settings(), *told, "203.0.113.7", found);
    std::string all;
    for (const auto& each : found.all) all += each.fix + "|";
    return all;
  };
  const std::string forwarded_for = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;|";
  const std::string forwarded_proto = "proxy_set_header X-Forwarded-Proto $scheme;|";
  EXPECT_EQ(fixes(proxy, {}), forwarded_for + forwarded_proto);
  EXPECT_EQ(fixes(proxy, {{"X-Forwarded-For", "203.0.113.7"}}), forwarded_proto);
  EXPECT_EQ(fixes(proxy, {{"Forwarded", "for=203.0.113.7;proto=https"}}), "");
  EXPECT_EQ(fixes(proxy, {{"X-Forwarded-Proto", "https"}}), forwarded_for);
  EXPECT_EQ(fixes("192.0.2.3", {{"X-Forwarded-For", "203.0.113.7"}}),
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
    const auto answer = world.curl().header(app::doctor_header, good).get(path);
    EXPECT_EQ(answer.body.find("peer_is_trusted"), std::string::npos) << path;
  }
  world.advance(61s);
  EXPECT_EQ(world.curl().header(app::doctor_header, good).get("/healthz").body, "ok\n") << "it is good for a minute";
}

TEST(DoctorView, is_told_where_a_proxy_says_plain_http_too) {
  World world{trust_proxy};
  const auto told = seen(world, proxy, {{"X-Forwarded-Proto", "http"}});
  ASSERT_TRUE(told);
  EXPECT_EQ(told->forwarded_proto, "http");
}

}  // namespace
}  // namespace cardea::api_tests
