// A browser that its owner trusts is not asked for the second factor again, for as long as the operator allows and
// until something happens that should end it.

#include "tests/api/mfa_scene.hpp"

namespace cardea::api_tests {
namespace {

void allow_thirty_days(app::Settings& settings) { settings.signin.trust_browser = 24h * 30; }

class TrustBrowser : public ::testing::TestWithParam<std::string> {
 protected:
  MfaScene scene{GetParam(), allow_thirty_days};
  World& world = scene.world;
  std::optional<App> app;
  Client owner = world.client();
  TrustBrowser() {
    owner.sign_up("ann");
    app = scene.enrol_app(owner);
    scene.next_step();
  }
  /// A browser that was asked to be trusted, without its session.
  Client trusted() {
    auto browser = scene.halfway("ann");
    EXPECT_EQ(browser.post("/v1/signin/totp", {{"code", app->code()}, {"trust_browser", true}}).status, 200);
    scene.next_step();
    browser.drop_cookie(session_cookie_name);
    return browser;
  }
  static std::string state_of(Client& browser, std::string_view password = good_password) {
    auto copy = browser;
    return copy.sign_in("ann", password).text("state");
  }
};
INSTANTIATE_TEST_SUITE_P(engines, TrustBrowser, testing_support::both_engines(), testing_support::engine_name);

TEST_P(TrustBrowser, is_not_asked_again_for_thirty_days) {
  auto browser = trusted();
  EXPECT_EQ(state_of(browser), "complete");
  EXPECT_EQ(world.client().sign_in("ann").json("state"), "mfa_required") << "another browser";
  world.advance(24h * 30 - 30s - 1us);
  EXPECT_EQ(state_of(browser), "complete");
  world.advance(1us);
  EXPECT_EQ(state_of(browser), "mfa_required");
}

TEST_P(TrustBrowser, is_not_what_a_known_browser_is) {
  auto browser = scene.signed_in("ann", *app);
  browser.drop_cookie(session_cookie_name);
  EXPECT_EQ(state_of(browser), "mfa_required") << "nobody asked for it";
}

TEST_P(TrustBrowser, session_that_it_opens_showed_the_password_alone) {
  auto browser = trusted();
  EXPECT_EQ(browser.sign_in("ann").json("state"), "complete");
  EXPECT_EQ(browser.del("/v1/me/totp").code(), "reauth_required");
}

TEST_P(TrustBrowser, is_of_one_account) {
  auto [bob, other] = scene.with_app("bob");
  auto browser = trusted();
  EXPECT_EQ(browser.sign_in("bob").json("state"), "mfa_required");
}

TEST_P(TrustBrowser, still_needs_the_right_password) {
  auto browser = trusted();
  auto copy = browser;
  EXPECT_EQ(copy.sign_in("ann", wrong_password).code(), "invalid_credentials");
}

TEST_P(TrustBrowser, ends_with_a_changed_password) {
  auto browser = trusted();
  const wire::Object change{{"current_password", good_password}, {"password", other_password}};
  EXPECT_EQ(owner.post("/v1/me/password", change).status, 200);
  EXPECT_EQ(state_of(browser, other_password), "mfa_required");
}

TEST_P(TrustBrowser, ends_with_an_enrolled_and_with_a_removed_factor) {
  auto browser = trusted();
  auto elsewhere = scene.signed_in("ann", *app);
  const App next{world, elsewhere.post("/v1/me/totp").text("secret")};
  EXPECT_EQ(elsewhere.post("/v1/me/totp/confirm", {{"code", next.code()}}).status, 200);
  EXPECT_EQ(state_of(browser), "mfa_required");
  app = next;
  scene.next_step();
  auto again = trusted();
  EXPECT_EQ(elsewhere.del("/v1/me/totp").status, 204);
  app = scene.enrol_app(elsewhere);
  EXPECT_EQ(state_of(again), "mfa_required");
}

TEST_P(TrustBrowser, ends_with_signing_out_everywhere) {
  auto browser = trusted();
  EXPECT_EQ(owner.post("/v1/me/sessions/revoke-others").status, 200);
  EXPECT_EQ(state_of(browser), "mfa_required");
  auto again = trusted();
  EXPECT_EQ(owner.del("/v1/me/sessions").status, 204);
  EXPECT_EQ(state_of(again), "mfa_required");
}

TEST_P(TrustBrowser, ends_with_a_block) {
  auto browser = trusted();
  const auto id = world.id_of("ann");
  const Context by_operator{.now = world.now(), .principal = Principal{.permissions = Permissions{Role::owner}}};
  EXPECT_TRUE(account::block(world.house().account(), by_operator, id).ok());
  EXPECT_TRUE(account::unblock(world.house().account(), by_operator, id).ok());
  EXPECT_EQ(state_of(browser), "mfa_required");
}

TEST_P(TrustBrowser, ends_when_the_operator_allows_less) {
  auto browser = trusted();
  world.restart([](app::Settings& settings) { settings.signin.trust_browser = 24h * 7; });
  EXPECT_EQ(state_of(browser), "mfa_required") << "30 days are further ahead than 7";
  world.restart([](app::Settings& settings) { settings.signin.trust_browser = 0s; });
  EXPECT_EQ(state_of(browser), "mfa_required");
}

TEST_P(TrustBrowser, is_not_to_be_had_where_it_is_not_allowed) {
  world.restart([](app::Settings& settings) { settings.signin.trust_browser = 0s; });
  auto browser = trusted();
  EXPECT_EQ(state_of(browser), "mfa_required");
  world.restart(allow_thirty_days);
  EXPECT_EQ(state_of(browser), "mfa_required");
  EXPECT_TRUE(scene.halfway("ann").get("/signin/verify").mentions("Don&#39;t ask again in this browser for 30 days") ||
              scene.halfway("ann").get("/signin/verify").mentions("Don't ask again in this browser for 30 days"));
  world.restart([](app::Settings& settings) { settings.signin.trust_browser = 0s; });
  EXPECT_FALSE(scene.halfway("ann").get("/signin/verify").mentions("name=\"trust\""));
}

TEST_P(TrustBrowser, is_asked_for_by_a_box_on_the_page) {
  auto browser = scene.halfway("ann");
  EXPECT_EQ(browser.submit("/signin/verify", {{"code", app->code()}, {"trust", "on"}}).status, 303);
  browser.drop_cookie(session_cookie_name);
  EXPECT_EQ(state_of(browser), "complete");
}

}  // namespace
}  // namespace cardea::api_tests
