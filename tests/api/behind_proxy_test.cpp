// What reverse proxies, gateways and libraries put on requests, against the whole house.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* proxy = "192.0.2.1";

void trust_proxy(app::Settings& settings) { settings.trusted_proxies = {std::string{proxy} + "/32"}; }

/// A path of that route: any text where a parameter stands.
std::string path_of(const http::Route& route) {
  std::string path{route.path};
  for (auto open = path.find('{'); open != std::string::npos; open = path.find('{')) {
    path.replace(open, path.find('}') - open + 1, "x");
  }
  return path;
}

TEST(BehindProxy, client_is_known_by_its_address_however_the_proxy_writes_it) {
  World world{trust_proxy};
  int number = 0;
  for (const std::string forwarded : {"203.0.113.7", "203.0.113.7:51234", "\"203.0.113.7:51234\"", "203.0.113.7,",
                                      "198.51.100.1, 203.0.113.7", "[::ffff:203.0.113.7]:443"}) {
    auto client = world.client().from(proxy).header("X-Forwarded-For", forwarded);
    client.sign_up("ann" + std::to_string(++number));
    EXPECT_EQ(client.get("/v1/session").json("session/address"), "203.0.113.7") << forwarded;
  }
  auto six = world.client().from(proxy).header("X-Forwarded-For", "\"[2001:db8::7]:443\"");
  six.sign_up("six");
  EXPECT_EQ(six.get("/v1/session").json("session/address"), "2001:db8::7");
  auto strange = world.client().from(proxy).header("X-Forwarded-For", "unknown");
  strange.sign_up("strange");
  EXPECT_EQ(strange.get("/v1/session").json("session/address"), "unknown via 192.0.2.1");
}

TEST(BehindProxy, clients_that_it_does_not_name_spend_no_budget_but_their_own) {
  World world{trust_proxy};
  const auto try_from = [&](std::string_view forwarded, int number) {
    return world.curl()
        .from(proxy)
        .header("X-Forwarded-For", forwarded)
        .sign_in("nobody" + std::to_string(number), wrong_password)
        .status;
  };
  int tries = 0;
  while (tries < 1'000 && try_from(tries % 2 == 0 ? "unknown" : "_hidden", tries) != 429) ++tries;
  ASSERT_LT(tries, 1'000) << "they have a budget";
  EXPECT_EQ(try_from("", 2'000), 401) << "the proxy's own is whole";
  EXPECT_EQ(try_from("203.0.113.7:51234", 2'001), 401);
  EXPECT_NE(world.log().find(R"("event":"proxy.client_unreadable","proxy":"192.0.2.1","header":"X-Forwarded-For")"),
            std::string::npos);
}

TEST(BehindProxy, plain_http_gets_nowhere_on_any_route) {
  World world{trust_proxy};
  world.restart(
      [](app::Settings& settings) { settings.metrics_token = Secret{std::string{"metrics-token-of-a-test"}}; });
  auto ann = world.client();
  ann.sign_up("ann");
  ann.from(proxy);
  const auto audited = world.audit_kinds();
  for (const std::string protocol : {"http", "HTTP, https"}) {
    ann.header("X-Forwarded-Proto", protocol);
    for (const auto& route : world.house().pipeline().routes()) {
      const auto answer = ann.send({.method = route.method, .target = path_of(route)});
      const std::string shown = std::string{http::to_text(route.method)} + " " + std::string{route.path};
      if (route.path == "/healthz" || route.path == "/readyz") {
        EXPECT_EQ(answer.status, 200) << shown;
      } else if (route.surface->is_for_browsers && http::is_safe(route.method)) {
        EXPECT_EQ(answer.status, 308) << shown;
        EXPECT_EQ(answer.header("Location"), "https://auth.test" + path_of(route)) << shown;
      } else {
        EXPECT_EQ(answer.status, 403) << shown;
        if (!route.surface->is_for_browsers) EXPECT_EQ(answer.code(), "tls_required") << shown;
      }
      EXPECT_TRUE(answer.all("Set-Cookie").empty()) << shown;
    }
  }
  EXPECT_EQ(world.audit_kinds(), audited);
  ann.header("X-Forwarded-Proto", "https");
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

TEST(BehindProxy, authorization_of_a_foreign_scheme_is_ignored_beside_a_cookie_on_every_surface) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  auto old = world.client();
  ASSERT_EQ(old.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}}).status, 200);
  for (const std::string scheme : {"Basic YW5uOng=", "Digest username=\"ann\"", "Negotiate YII", "Token abc"}) {
    ann.header("Authorization", scheme);
    old.header("Authorization", scheme);
    EXPECT_EQ(ann.get("/v1/session").status, 200) << scheme;
    EXPECT_EQ(ann.get("/account").status, 200) << scheme;
    EXPECT_EQ(ann.patch("/v1/me", {{"name", "Ann Lee"}}).status, 200) << scheme;
    EXPECT_EQ(old.get("/api/users").status, 200) << scheme;
    EXPECT_EQ(old.get("/api/notes").status, 200) << scheme;
    EXPECT_EQ(world.client().header("Authorization", scheme).get("/v1/session").status, 401) << scheme;
  }
}

TEST(BehindProxy, authorization_of_a_foreign_scheme_passes_no_cross_site_check) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  ann.header("Origin", "https://evil.test").header("Sec-Fetch-Site", "cross-site");
  for (const std::string scheme : {"Basic YW5uOng=", "Negotiate YII", "Bearer", "bearer "}) {
    ann.header("Authorization", scheme);
    EXPECT_EQ(ann.post("/v1/signout").code(), "cross_site") << scheme;
    EXPECT_EQ(ann.patch("/v1/me", {{"name", "Eve"}}).code(), "cross_site") << scheme;
    EXPECT_EQ(ann.post("/api/notes", {{"note", "n"}}).code(), "cross_site") << scheme;
  }
  http::Request both{.method = http::Method::patch, .target = "/v1/me", .body = R"({"name":"Eve"})"};
  both.headers.add("Content-Type", "application/json");
  both.headers.add("Authorization", "");
  both.headers.add("Authorization", "Bearer junk");
  EXPECT_EQ(ann.send(both).code(), "malformed_request");
}

TEST(BodyType, parameters_mean_nothing_and_codings_are_refused) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  const auto patch = [&](std::string_view type, std::string_view coding) {
    http::Request request{.method = http::Method::patch, .target = "/v1/me", .body = R"({"name":"Ann Lee"})"};
    request.headers.add("Content-Type", type);
    if (!coding.empty()) request.headers.add("Content-Encoding", coding);
    return ann.send(request);
  };
  for (const auto* type : {"application/json;", "APPLICATION/JSON ; charset=\"UTF-8\"", "application/json; v=1"}) {
    EXPECT_EQ(patch(type, "").status, 200) << type;
  }
  EXPECT_EQ(patch("application/json", "identity").status, 200);
  const auto coded = patch("application/json", "gzip");
  EXPECT_EQ(coded.status, 415);
  EXPECT_EQ(coded.code(), "wrong_content_coding");
  EXPECT_EQ(coded.header("Accept-Encoding"), "identity");
}

TEST(BodyType, problem_of_the_whole_body_has_the_empty_pointer) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  for (const std::string target : {"/v1/signup", "/v1/signin", "/api/users", "/api/users/authenticate", "/v1/reauth"}) {
    const auto answer = ann.post_text(target, "[]");
    EXPECT_GE(answer.status, 400) << target;
    ASSERT_TRUE(answer.has("errors/0/pointer")) << target << " " << answer.body;
    EXPECT_EQ(answer.text("errors/0/pointer"), "") << target;
  }
  const auto odd = ann.post_text("/v1/signin", R"({"uid":"ann","password":"x","a/b~c":1})");
  EXPECT_EQ(odd.text("errors/0/pointer"), "/a~1b~0c") << odd.body;
}

}  // namespace
}  // namespace cardea::api_tests
