// What changes how one gets into an account asks for all that the account has, not long ago (B9).

#include "tests/api/mfa_scene.hpp"

namespace cardea::api_tests {
namespace {

class StepUp : public ::testing::TestWithParam<std::string> {
 protected:
  MfaScene scene{GetParam()};
  World& world = scene.world;

  /// A session of ann, who has an app, that shows the password alone: such as one that a trusted browser opens.
  Client with_password_alone() {
    auto browser = scene.signed_in("ann", *app);
    const auto id = *SessionId::parse(browser.get("/v1/session").text("session/id"));
    world.database().write([&](db::Tx& tx) {
      tx.run("UPDATE session SET shown = $2 WHERE id = $1", id,
             to_text(Assurance{.shown = {{AuthMethod::password, world.now()}}}));
    });
    world.restart();
    return browser;
  }
  std::optional<App> app;
  StepUp() { app = scene.with_app("ann").second; }
};
INSTANTIATE_TEST_SUITE_P(engines, StepUp, testing_support::both_engines(), testing_support::engine_name);

// ASVS 7.5.1
TEST_P(StepUp, b9_session_that_showed_less_neither_lists_adds_nor_removes_factors) {
  auto weak = with_password_alone();
  EXPECT_EQ(weak.get("/v1/session").status, 200);
  EXPECT_EQ(weak.post("/v1/me/totp").code(), "reauth_required");
  EXPECT_EQ(weak.del("/v1/me/totp").code(), "reauth_required");
  EXPECT_EQ(weak.post("/v1/me/recovery-codes").code(), "reauth_required");
  EXPECT_EQ(weak.post("/v1/me/totp/confirm", {{"code", app->code()}}).code(), "totp.not_started");
  for (const char* action : {"/account/security/totp/start", "/account/security/totp/remove"}) {
    const auto answer = weak.submit("/account/security/totp", {}, action);
    EXPECT_EQ(answer.header("Location"), "/reauth?next=%2Faccount%2Fsecurity%2Ftotp") << action;
  }
  const auto codes = weak.submit("/account/security/recovery-codes", {}, "/account/security/recovery-codes/new");
  EXPECT_EQ(codes.header("Location"), "/reauth?next=%2Faccount%2Fsecurity%2Frecovery-codes");
  EXPECT_EQ(scene.count("totp"), 1);
  EXPECT_EQ(scene.count("totp_enrolment") + scene.count("recovery_code") + scene.count("recovery_draft"), 0);

  EXPECT_EQ(weak.reauthenticate().status, 200);
  EXPECT_EQ(weak.del("/v1/me/totp").code(), "reauth_required") << "the password again is still the password alone";
  const auto shown = weak.post("/v1/reauth", {{"method", "totp"}, {"code", app->code()}});
  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(weak.del("/v1/me/totp").status, 204);
}

TEST_P(StepUp, what_was_shown_grows_old) {
  auto ann = scene.signed_in("ann", *app);
  world.advance(10min);
  EXPECT_EQ(ann.post("/v1/me/totp").code(), "reauth_required");
  EXPECT_EQ(ann.post("/v1/reauth", {{"method", "totp"}, {"code", app->code()}}).status, 200);
  EXPECT_EQ(ann.post("/v1/me/totp").code(), "reauth_required") << "the password is old";
  scene.next_step();
  EXPECT_EQ(ann.reauthenticate().status, 200);
  EXPECT_EQ(ann.post("/v1/me/totp").status, 201);
}

TEST_P(StepUp, both_are_shown_at_once) {
  auto ann = scene.signed_in("ann", *app);
  world.advance(10min);
  const auto before = ann.cookie(session_cookie_name);
  const auto shown = ann.post("/v1/reauth", {{"password", good_password}, {"method", "totp"}, {"code", app->code()}});
  EXPECT_EQ(shown.status, 200);
  EXPECT_NE(ann.cookie(session_cookie_name), before);
  EXPECT_EQ(ann.post("/v1/me/totp").status, 201);
  EXPECT_EQ(scene.audit("signin.reauthenticated"), Texts{"password+totp"});
}

TEST_P(StepUp, tells_which_was_wrong_and_changes_nothing) {
  auto ann = scene.signed_in("ann", *app);
  world.advance(10min);
  const auto before = ann.cookie(session_cookie_name);
  const auto show = [&](std::string_view password, const std::string& code) {
    return ann.post("/v1/reauth", {{"password", password}, {"method", "totp"}, {"code", code}}).code();
  };
  EXPECT_EQ(show(wrong_password, app->code()), "invalid_credentials");
  EXPECT_EQ(show(good_password, app->wrong_code()), "invalid_code");
  EXPECT_EQ(ann.cookie(session_cookie_name), before);
  EXPECT_EQ(show(good_password, app->code()), "") << "the right code was not used up by the wrong password";
}

TEST_P(StepUp, asks_for_a_method_that_the_account_has_and_for_all_of_it) {
  auto ann = scene.signed_in("ann", *app);
  EXPECT_EQ(ann.post("/v1/reauth", {{"method", "recovery_code"}, {"code", "0000-0000-0000"}}).status, 404);
  EXPECT_EQ(ann.post("/v1/reauth", {{"method", "totp"}}).problems(), Texts{"code:required"});
  EXPECT_EQ(ann.post("/v1/reauth", {{"code", "123456"}}).problems(), Texts{"method:required"});
  EXPECT_EQ(ann.post("/v1/reauth").problems(), Texts{"password:required"});
}

TEST_P(StepUp, code_that_was_shown_here_signs_nobody_in) {
  auto ann = scene.signed_in("ann", *app);
  const auto code = app->code();
  EXPECT_EQ(ann.post("/v1/reauth", {{"method", "totp"}, {"code", code}}).status, 200);
  auto thief = scene.halfway("ann");
  EXPECT_EQ(send(thief, code).code(), "late_code");
}

TEST_P(StepUp, page_asks_for_what_lacks_and_leads_back) {
  auto ann = scene.signed_in("ann", *app);
  world.advance(10min);
  const auto stopped = ann.submit("/account/security/totp", {}, "/account/security/totp/start");
  const auto place = stopped.header("Location");
  const auto page = ann.get(place);
  EXPECT_TRUE(page.mentions(R"(name="password")"));
  EXPECT_TRUE(page.mentions(R"(name="code")"));
  const auto wrong = ann.submit(place, {{"password", good_password}, {"code", app->wrong_code()}}, "/reauth");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_TRUE(wrong.mentions("That code is not right"));
  const auto shown = ann.submit(place, {{"password", good_password}, {"code", app->code()}}, "/reauth");
  EXPECT_EQ(shown.status, 303) << shown.body;
  EXPECT_EQ(shown.header("Location"), "/account/security/totp");
  EXPECT_EQ(ann.submit("/account/security/totp", {}, "/account/security/totp/start").header("Location"),
            "/account/security/totp");
  const auto fresh = ann.get("/reauth");
  EXPECT_TRUE(fresh.mentions(R"(name="password")"));
  EXPECT_FALSE(fresh.mentions(R"(name="code")")) << "it was shown a moment ago";
}

TEST_P(StepUp, page_asks_for_the_code_alone_when_the_password_is_fresh) {
  auto weak = with_password_alone();
  const auto page = weak.get("/reauth");
  EXPECT_FALSE(page.mentions(R"(name="password")"));
  EXPECT_TRUE(page.mentions(R"(name="code")"));
  EXPECT_EQ(weak.submit("/reauth", {{"code", app->code()}}).status, 303);
  EXPECT_EQ(weak.post("/v1/me/totp").status, 201);
}

TEST_P(StepUp, setup_that_was_begun_in_time_may_be_finished_later) {
  auto ann = scene.signed_in("ann", *app);
  const App next{world, ann.post("/v1/me/totp").text("secret")};
  world.advance(15min);
  EXPECT_EQ(ann.post("/v1/me/totp/confirm", {{"code", next.code()}}).status, 200);
}

TEST_P(StepUp, access_token_manages_no_factor) {
  auto browser = scene.halfway("ann");
  const auto token = send(browser, app->code()).text("access_token");
  auto program = world.curl();
  program.bearer(token);
  EXPECT_EQ(program.post("/v1/me/totp").code(), "session_cookie_required");
  EXPECT_EQ(program.del("/v1/me/totp").code(), "session_cookie_required");
  EXPECT_EQ(program.post("/v1/me/recovery-codes").code(), "session_cookie_required");
}

}  // namespace
}  // namespace cardea::api_tests
