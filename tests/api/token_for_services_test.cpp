// Tokens for other services: whom they are for, what they say of the account, and how a service finds the keys.

#include "encoding/base64.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* shop = "https://api.example.com";

wire::Value claims_of(const std::string& jwt) {
  const auto dot = jwt.find('.') + 1;
  return *wire::parse(as_text(*encoding::parse_base64url(jwt.substr(dot, jwt.rfind('.') - dot))));
}

struct Scene {
  explicit Scene(std::vector<std::string> claims = {})
      : world{[&](app::Settings& settings) {
          settings.token.audiences = {shop, "https://mail.example.com"};
          settings.token.claims = std::move(claims);
        }} {
    browser.sign_up("ann", {{"name", "Ann Lee"}});
  }
  std::string token(wire::Object body) {
    return browser.post("/v1/session/token", std::move(body)).text("access_token");
  }

  World world;
  Client browser = world.client();
};

TEST(TokenForServices, one_for_a_named_service_says_so_and_is_refused_here) {
  Scene scene;
  const auto jwt = scene.token({{"audience", shop}});
  EXPECT_EQ(*claims_of(jwt).find("aud"), shop);
  EXPECT_EQ(*claims_of(jwt).find("iss"), "https://auth.test");
  EXPECT_EQ(*claims_of(jwt).find("client_id"), "cardea");
  for (const auto* path : {"/v1/session", "/v1/me", "/v1/me/notes", "/v1/users", "/api/notes"}) {
    EXPECT_EQ(scene.world.curl().bearer(jwt).get(path).status, 401) << path;
  }
  EXPECT_EQ(scene.world.curl().bearer(jwt).del("/v1/me").status, 401);
}

TEST(TokenForServices, without_a_service_the_token_is_for_this_server) {
  Scene scene;
  for (const auto& body : {"", "{}", R"({"audience":null})"}) {
    const auto answer = scene.browser.post_text("/v1/session/token", body);
    EXPECT_EQ(answer.status, 200) << body;
    EXPECT_EQ(*claims_of(answer.text("access_token")).find("aud"), "https://auth.test");
    EXPECT_EQ(answer.json("expires_in"), 900);
  }
}

TEST(TokenForServices, service_that_is_not_named_gets_none) {
  Scene scene;
  for (const auto* name : {"https://evil.example", "https://api.example.com/", "HTTPS://api.example.com", "",
                           "https://auth.test", "https://auth.test/api"}) {
    const auto answer = scene.browser.post("/v1/session/token", {{"audience", name}});
    EXPECT_EQ(answer.status, 422) << name;
    EXPECT_EQ(answer.problems(), Texts{"audience:unknown_audience"}) << name;
  }
  const auto list = scene.browser.post("/v1/session/token", {{"audience", wire::Array{shop}}});
  EXPECT_EQ(list.problems(), Texts{"audience:wrong_type"});
  EXPECT_EQ(scene.browser.post("/v1/session/token", {{"aud", shop}}).problems(), Texts{"aud:unknown_field"});
  EXPECT_EQ(scene.world.client().post("/v1/session/token", {{"audience", shop}}).status, 401);
}

TEST(TokenForServices, says_of_the_account_what_the_setting_names_and_opens_this_server_still) {
  Scene scene{{"uid", "name", "role", "tracking"}};
  const auto jwt = scene.token({});
  EXPECT_EQ(*claims_of(jwt).find("uid"), "ann");
  EXPECT_EQ(*claims_of(jwt).find("name"), "Ann Lee");
  EXPECT_EQ(*claims_of(jwt).find("role"), "user");
  EXPECT_EQ(claims_of(jwt).find("tracking"), nullptr) << "it has no value";
  EXPECT_EQ(claims_of(jwt).find("email"), nullptr) << "nobody named it";
  EXPECT_EQ(scene.world.curl().bearer(jwt).get("/v1/me").status, 200);
  scene.browser.patch("/v1/me", {{"tracking", "steps"}});
  EXPECT_EQ(*claims_of(scene.token({{"audience", shop}})).find("tracking"), "steps");
  EXPECT_EQ(*claims_of(scene.world.client().sign_in("ann").text("access_token")).find("uid"), "ann");
}

TEST(TokenForServices, address_is_told_as_one_that_nobody_has_checked) {
  Scene scene{{"email"}};
  EXPECT_EQ(claims_of(scene.token({})).find("email_verified"), nullptr);
  scene.browser.patch("/v1/me", {{"email", "ann@example.org"}});
  const auto jwt = scene.token({});
  EXPECT_EQ(*claims_of(jwt).find("email"), "ann@example.org");
  EXPECT_EQ(*claims_of(jwt).find("email_verified"), wire::Value{false});
  EXPECT_EQ(scene.world.curl().bearer(jwt).get("/v1/me").status, 200);
}

TEST(TokenForServices, token_outlives_a_change_of_what_tokens_say) {
  Scene scene{{"uid", "name"}};
  const auto jwt = scene.token({});
  scene.world.restart([](app::Settings& settings) { settings.token.claims = {}; });
  EXPECT_EQ(scene.world.curl().bearer(jwt).get("/v1/me").status, 200);
}

TEST(TokenForServices, metadata_leads_to_the_keys_and_to_nothing_that_is_not_there) {
  Scene scene;
  const auto answer = scene.world.curl().get("/.well-known/oauth-authorization-server");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.json("issuer"), *claims_of(scene.token({})).find("iss"));
  EXPECT_EQ(answer.json("scopes_supported"), wire::Array{"api"});
  EXPECT_EQ(answer.json("grant_types_supported"), wire::Array{});
  EXPECT_EQ(answer.json("response_types_supported"), wire::Array{});
  const auto document = answer.json();
  for (const auto& [name, value] : *document.get<wire::Object>()) {
    const auto* text = value.get<std::string>();
    if (text == nullptr || name == "issuer") continue;
    ASSERT_TRUE(text->starts_with("https://auth.test/")) << name;
    EXPECT_EQ(scene.world.curl().get(text->substr(std::string{"https://auth.test"}.size())).status, 200) << name;
  }
  EXPECT_EQ(scene.world.curl().get("/.well-known/openid-configuration").status, 404) << "it is no OpenID provider";
}

}  // namespace
}  // namespace cardea::api_tests
