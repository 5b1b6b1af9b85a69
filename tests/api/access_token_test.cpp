// Access tokens: what they open, what they do not, and that they die with their session.

#include "encoding/base64.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

struct Scene {
  World world;
  Client browser = world.client();
  std::string token;
  Scene() {
    browser.sign_up("ann");
    token = browser.post("/v1/session/token").text("access_token");
  }
  Client holder(std::string_view jwt) { return world.curl().bearer(jwt); }
};

std::string legacy_token(World& world, std::string_view uid) {
  return world.curl().post("/api/users/authenticate", {{"uid", uid}, {"password", good_password}}).text("data/jwt");
}

wire::Value part(const std::string& jwt, std::size_t index) {
  Texts parts{""};
  for (const char c : jwt) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return *wire::parse(as_text(*encoding::parse_base64url(parts.at(index))));
}

TEST(AccessToken, opens_the_api_without_a_cookie_or_an_origin) {
  Scene scene;
  auto holder = scene.holder(scene.token);
  EXPECT_EQ(holder.get("/v1/session").json("user/uid"), "ann");
  EXPECT_EQ(holder.get("/v1/me").status, 200);
  EXPECT_EQ(holder.patch("/v1/me", {{"tracking", "steps"}}).status, 200);
  EXPECT_EQ(scene.world.curl().header("Authorization", "bearer " + scene.token).get("/v1/me").status, 200);
}

TEST(AccessToken, claims_are_the_standard_ones) {
  Scene scene;
  const auto header = part(scene.token, 0);
  EXPECT_EQ(*header.find("alg"), "ES256");
  EXPECT_EQ(*header.find("typ"), "at+jwt");
  EXPECT_TRUE(scene.world.client().get("/.well-known/jwks.json").mentions(*header.find("kid")->get<std::string>()));
  const auto claims = part(scene.token, 1);
  const auto now = to_seconds(scene.world.now());
  EXPECT_EQ(*claims.find("iss"), "https://auth.test");
  EXPECT_EQ(*claims.find("aud"), "https://auth.test");
  EXPECT_EQ(*claims.find("sub"), scene.browser.get("/v1/me").json("id"));
  EXPECT_EQ(*claims.find("client_id"), "cardea");
  EXPECT_EQ(*claims.find("scope"), "api");
  EXPECT_EQ(*claims.find("amr"), wire::Array{"pwd"});
  EXPECT_EQ(*claims.find("auth_time"), now);
  EXPECT_EQ(claims.get<wire::Object>()->size(), 12U) << "nothing of the account unless a setting says so";
  EXPECT_EQ(*claims.find("iat"), now);
  EXPECT_EQ(*claims.find("exp"), now + 900);
}

TEST(AccessToken, ends_after_fifteen_minutes_and_a_session_mints_another) {
  Scene scene;
  auto holder = scene.holder(scene.token);
  scene.world.advance(15min - 1s);
  EXPECT_EQ(holder.get("/v1/me").status, 200);
  scene.world.advance(1s);
  const auto late = holder.get("/v1/me");
  EXPECT_EQ(late.status, 401);
  EXPECT_EQ(late.header("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(scene.holder(scene.browser.post("/v1/session/token").text("access_token")).get("/v1/me").status, 200);
}

TEST(AccessToken, never_outlives_its_session) {
  World world{[](app::Settings& settings) { settings.session.absolute = 5min; }};
  const auto answer = world.client().sign_up("ann");
  EXPECT_EQ(answer.json("expires_in"), 300);
}

TEST(AccessToken, dies_with_its_session) {
  Scene scene;
  auto holder = scene.holder(scene.token);
  EXPECT_EQ(holder.get("/v1/session").status, 200);
  scene.browser.post("/v1/signout");
  EXPECT_EQ(holder.get("/v1/session").status, 401);
  EXPECT_EQ(holder.get("/v1/me").status, 401);
}

TEST(AccessToken, cannot_change_how_one_gets_in_nor_end_the_account_or_its_sessions) {
  Scene scene;
  auto holder = scene.holder(scene.token);
  const auto session = "/v1/me/sessions/" + scene.browser.get("/v1/session").text("session/id");
  const wire::Object password{{"current_password", good_password}, {"password", other_password}};
  const std::vector<Answer> answers{holder.post("/v1/me/password", password),
                                    holder.reauthenticate(),
                                    holder.patch("/v1/me", {{"email", "a@b.example"}}),
                                    holder.patch("/v1/me", {{"name", "Annie"}, {"email", "a@b.example"}}),
                                    holder.del("/v1/me"),
                                    holder.get("/v1/me/sessions"),
                                    holder.del("/v1/me/sessions"),
                                    holder.post("/v1/me/sessions/revoke-others"),
                                    holder.get(session),
                                    holder.del(session),
                                    holder.post("/v1/session/token")};
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.code(), "session_cookie_required");
  }
  EXPECT_EQ(holder.get("/v1/me").json("email"), nullptr);
  EXPECT_EQ(scene.browser.get("/v1/session").status, 200);
  EXPECT_EQ(scene.world.client().sign_in("ann").status, 200) << "the password is the old one";
}

TEST(AccessToken, beside_a_cookie_is_what_counts_and_is_refused_as_well) {
  Scene scene;
  auto both = scene.browser;
  both.bearer(scene.token);
  EXPECT_EQ(both.del("/v1/me").code(), "session_cookie_required");
  EXPECT_EQ(both.bearer("").del("/v1/me").status, 204);
}

TEST(AccessToken, of_an_administrator_changes_profiles_and_no_address) {
  Scene scene;
  scene.world.make_admin("ann");
  auto bob = scene.world.client();
  const auto id = bob.sign_up("bob").text("user/id");
  EXPECT_EQ(scene.holder(scene.token).patch("/v1/users/" + id, {{"coins", 3}}).status, 200);
  const Context by_token{
      .now = scene.world.now(),
      .origin = {.request = RequestId{}},
      .principal = Principal{
          .account = scene.world.id_of("ann"), .permissions = Permissions{Role::owner}, .by_access_token = true}};
  const auto changed = account::change_profile(scene.world.house().account(), by_token, *AccountId::parse(id),
                                               {.email = "mine@evil.example"});
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.error().kind->code, "session_cookie_required");
}

TEST(AccessToken, of_the_classic_contract_deletes_its_user_within_ten_minutes_as_that_says) {
  Scene scene;
  const auto path = "/api/users/" + scene.world.id_of("ann").text();
  const auto old = legacy_token(scene.world, "ann");
  scene.world.advance(10min);
  EXPECT_EQ(scene.holder(old).del(path).code(), "reauth_required");
  const auto fresh = legacy_token(scene.world, "ann");
  EXPECT_EQ(scene.holder(scene.token).del(path).status, 401) << "an access token is none of its tokens";
  EXPECT_EQ(scene.holder(fresh).del(path).status, 200);
}

TEST(AccessToken, tokens_of_one_kind_are_refused_where_the_other_is_expected) {
  Scene scene;
  const auto legacy = legacy_token(scene.world, "ann");
  EXPECT_EQ(scene.holder(legacy).get("/api/notes").status, 200);
  EXPECT_EQ(scene.holder(legacy).get("/v1/me").status, 401);
  EXPECT_EQ(scene.holder(legacy).get("/v1/session").status, 401);
  EXPECT_EQ(scene.holder(scene.token).get("/api/notes").status, 401);
  auto planted = scene.world.curl();
  planted.set_cookie("jwt", scene.token);
  EXPECT_EQ(planted.get("/api/notes").status, 401);
  planted.set_cookie("__Host-cardea", scene.token);
  EXPECT_EQ(planted.get("/v1/me").status, 401);
}

TEST(AccessToken, session_cookie_is_no_credential_for_the_classic_contract) {
  Scene scene;
  EXPECT_EQ(scene.browser.get("/api/notes").status, 401);
}

TEST(AccessToken, bearer_counts_before_the_cookie) {
  Scene scene;
  auto bob = scene.world.client();
  bob.sign_up("bob");
  EXPECT_EQ(bob.bearer(scene.token).get("/v1/me").json("uid"), "ann");
  EXPECT_EQ(bob.bearer("nonsense").get("/v1/me").status, 401);  // a bad token does not fall back to the cookie
  EXPECT_EQ(bob.bearer("").header("Authorization", "Bearer").get("/v1/me").status, 401);
  EXPECT_EQ(bob.header("Authorization", "Basic YW5uOng=").get("/v1/me").json("uid"), "bob");
  EXPECT_EQ(bob.bearer("").get("/v1/me").json("uid"), "bob");
}

TEST(AccessToken, pages_take_no_bearer) {
  Scene scene;
  const auto answer = scene.holder(scene.token).get("/account");
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.header("Location"), "/signin?next=%2Faccount");
}

TEST(AccessToken, altered_tokens_are_refused) {
  Scene scene;
  const auto dot = scene.token.find('.');
  const auto last = scene.token.rfind('.');
  const auto encode = [](std::string_view text) { return encoding::base64url(as_bytes(text)); };
  const std::string claims = scene.token.substr(dot, last - dot);
  const Texts forged{
      encode(R"({"alg":"none","typ":"at+jwt"})") + claims + ".",
      encode(R"({"alg":"none"})") + claims + scene.token.substr(last),
      scene.token.substr(0, last + 1),
      scene.token + "A",
      scene.token.substr(0, last) + ".AAAA",
      scene.token + ".x",
      "",
      ".",
      "..",
      std::string(20'000, 'A'),
  };
  for (const auto& jwt : forged) {
    auto holder = scene.world.curl().header("Authorization", "Bearer " + jwt);
    EXPECT_EQ(holder.get("/v1/me").status, 401) << jwt.substr(0, 80);
    EXPECT_EQ(holder.get("/v1/session").status, 401) << jwt.substr(0, 80);
  }
}

TEST(AccessToken, tokens_of_another_server_are_refused) {
  Scene scene;
  Scene other;  // the same address and the same random numbers, but never the same database
  other.world.restart([](app::Settings& settings) { settings.url = "https://other.test"; });
  EXPECT_EQ(other.holder(other.token).get("/v1/me").status, 401);  // the issuer is another one now
}

TEST(AccessToken, every_algorithm_of_the_setting_signs) {
  for (const auto& [algorithm, name] : enum_texts(crypto::Algorithm{})) {
    World world{[&](app::Settings& settings) { settings.keyring.algorithm = algorithm; }};
    const auto token = world.client().sign_up("ann").text("access_token");
    EXPECT_EQ(*part(token, 0).find("alg"), name);
    EXPECT_EQ(world.curl().bearer(token).get("/v1/me").status, 200) << name;
  }
}

}  // namespace
}  // namespace cardea::api_tests
