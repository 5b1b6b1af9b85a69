// Who must have a second factor enrols one before the session opens: whatever they restart, open twice or go back to.

#include <atomic>

#include "app/command_fixture.hpp"
#include "tests/api/mfa_scene.hpp"

namespace cardea::api_tests {
namespace {

class MfaRequired : public ::testing::TestWithParam<std::string> {
 protected:
  /// Signed up before it was required.
  MfaRequired() {
    world.client().sign_up("ann");
    world.database().write([](db::Tx& tx) { tx.run("DELETE FROM session"); });
    world.restart(with_mfa(authn::Mfa::required));
  }
  Client halfway() {
    auto browser = world.client();
    EXPECT_EQ(browser.sign_in("ann").json("state"), "enrol_required");
    return browser;
  }
  App set_up(Client& browser) { return App{world, browser.post("/v1/signin/enrol/totp").text("secret")}; }

  MfaScene scene{GetParam()};
  World& world = scene.world;
};
INSTANTIATE_TEST_SUITE_P(engines, MfaRequired, testing_support::both_engines(), testing_support::engine_name);

// ASVS 6.3.3
TEST_P(MfaRequired, password_leads_to_enrolment_and_that_to_a_session) {
  auto ann = world.client();
  const auto answer = ann.sign_in("ann");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.members(), (Texts{"expires_at", "methods", "state"}));
  EXPECT_EQ(answer.json("state"), "enrol_required");
  EXPECT_EQ(answer.json("methods"), wire::Value{wire::Array{"totp"}});
  EXPECT_EQ(scene.count("session"), 0);
  const auto app = set_up(ann);
  EXPECT_EQ(ann.post("/v1/signin/enrol/totp/confirm", {{"code", app.wrong_code()}}).code(), "invalid_code");
  const auto in = ann.post("/v1/signin/enrol/totp/confirm", {{"code", app.code()}});
  EXPECT_EQ(in.status, 200);
  EXPECT_EQ(in.json("state"), "complete");
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  EXPECT_EQ(ann.cookie(signin_cookie_name), "");
  EXPECT_EQ(scene.count("pending_signin"), 0);
  EXPECT_EQ(scene.audit("signin.succeeded").back(), "password+totp");
  EXPECT_EQ(scene.make_codes(ann).size(), 10U);
  EXPECT_EQ(world.client().sign_in("ann").json("state"), "mfa_required");
}

// ASVS 6.4.4, 6.5.6
TEST_P(MfaRequired, operator_takes_away_what_its_owner_has_lost) {
  auto ann = halfway();
  const auto lost = set_up(ann);
  EXPECT_EQ(ann.post("/v1/signin/enrol/totp/confirm", {{"code", lost.code()}}).json("state"), "complete");
  const auto codes = scene.make_codes(ann);
  scene.next_step();

  std::vector<std::string> words{"user", "remove-factors", "ann", "--database", world.database_url()};
  EXPECT_EQ(app::run_command(words).code, 2) << "nobody agreed";
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  words.emplace_back("--yes");
  const auto run = app::run_command(words);
  EXPECT_EQ(run.code, 0) << run.complained;
  EXPECT_NE(run.printed.find("ann has no second factor now"), std::string::npos) << run.printed;
  EXPECT_EQ(app::run_command(words).complained.find("There was none.") == std::string::npos, false);

  world.advance(std::chrono::minutes{2});
  EXPECT_EQ(ann.get("/v1/session").status, 401);
  EXPECT_EQ(scene.audit("mfa.removed"), (Texts{"command"}));
  auto again = halfway();
  EXPECT_EQ(send(again, lost.code()).status / 100, 4);
  EXPECT_EQ(send(again, codes[0], "recovery_code").status / 100, 4);
  EXPECT_EQ(again.get("/v1/session").status, 401);
}

TEST_P(MfaRequired, sign_up_leads_there_too) {
  auto bob = world.client();
  const auto made = bob.sign_up("bob");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.json("state"), "enrol_required");
  EXPECT_EQ(bob.cookie(session_cookie_name), "");
  EXPECT_EQ(scene.count("session"), 0);
  const auto app = set_up(bob);
  EXPECT_EQ(bob.post("/v1/signin/enrol/totp/confirm", {{"code", app.code()}}).json("state"), "complete");
  EXPECT_EQ(bob.get("/v1/session").json("user/uid"), "bob");
}

// B8: the requirement is decided anew each time, from what is stored.
TEST_P(MfaRequired, b8_is_not_lost_by_a_restart_a_second_tab_or_another_client) {
  auto ann = halfway();
  world.restart(with_mfa(authn::Mfa::required));
  EXPECT_EQ(ann.get("/v1/session").status, 401);
  auto second_tab = ann;
  EXPECT_EQ(second_tab.sign_in("ann").json("state"), "enrol_required");
  EXPECT_EQ(halfway().get("/v1/session").status, 401);
  EXPECT_EQ(world.curl().post("/v1/signin", {{"uid", "ann"}, {"password", good_password}}).json("state"),
            "enrol_required");
  EXPECT_EQ(world.curl().post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}}).status, 403);
  for (const char* code : {"", "123456"}) EXPECT_EQ(send(ann, code).status, 404) << "there is no factor to skip by";
  EXPECT_EQ(ann.post("/v1/signin/recovery_code", {{"code", "0000-0000-0000"}}).status, 404);
  EXPECT_EQ(scene.count("session"), 0);
  const auto app = set_up(ann);
  EXPECT_EQ(ann.post("/v1/signin/enrol/totp/confirm", {{"code", app.code()}}).json("state"), "complete");
}

TEST_P(MfaRequired, b8_enrolment_that_is_not_finished_is_nothing) {
  auto ann = halfway();
  const auto app = set_up(ann);
  EXPECT_EQ(world.client().sign_in("ann").json("state"), "enrol_required");
  world.advance(10min);
  EXPECT_EQ(ann.post("/v1/signin/enrol/totp/confirm", {{"code", app.code()}}).code(), "signin_expired");
  EXPECT_EQ(scene.count("totp"), 0);
  EXPECT_EQ(scene.count("session"), 0);
}

TEST_P(MfaRequired, who_enrolled_elsewhere_meanwhile_is_asked_for_that_one) {
  auto ann = halfway();
  auto thief = halfway();
  const auto planted = set_up(thief);
  const auto app = set_up(ann);
  EXPECT_EQ(ann.post("/v1/signin/enrol/totp/confirm", {{"code", app.code()}}).json("state"), "complete");
  scene.next_step();
  EXPECT_EQ(thief.post("/v1/signin/enrol/totp/confirm", {{"code", planted.code()}}).code(), "signin_expired");
  EXPECT_EQ(thief.post("/v1/signin/enrol/totp").code(), "signin_expired");
  EXPECT_EQ(send(thief, planted.code()).code(), "invalid_code");
}

TEST_P(MfaRequired, of_two_who_enrol_at_once_one_gets_in) {
  for (int round = 0; round < 3; ++round) {
    world.database().write([](db::Tx& tx) {
      tx.run("DELETE FROM totp");
      tx.run("DELETE FROM session");
    });
    std::vector<Client> browsers{halfway(), halfway(), halfway(), halfway()};
    std::vector<App> apps;
    for (auto& browser : browsers) apps.push_back(set_up(browser));
    std::atomic<int> opened = 0;
    testing_support::race(4, [&](int i) {
      const auto at = static_cast<std::size_t>(i);
      const auto answer = browsers[at].post("/v1/signin/enrol/totp/confirm", {{"code", apps[at].code()}});
      if (answer.status == 200) ++opened;
    });
    EXPECT_EQ(opened, 1);
    EXPECT_EQ(scene.count("session"), 1);
    scene.next_step();
  }
}

TEST_P(MfaRequired, setup_of_another_browser_is_not_shown_nor_confirmed) {
  auto thief = halfway();
  const auto planted = set_up(thief);
  auto ann = halfway();
  EXPECT_FALSE(ann.get("/signin/enrol/totp").mentions("otpauth:"));
  EXPECT_EQ(ann.post("/v1/signin/enrol/totp/confirm", {{"code", planted.code()}}).code(), "totp.not_started");
}

TEST_P(MfaRequired, last_factor_stays) {
  auto ann = halfway();
  const auto app = set_up(ann);
  ann.post("/v1/signin/enrol/totp/confirm", {{"code", app.code()}});
  const auto refused = ann.del("/v1/me/totp");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "last_factor");
  EXPECT_EQ(scene.count("totp"), 1);
}

TEST_P(MfaRequired, pages_lead_through_it_without_a_script) {
  auto ann = world.client();
  const auto to_verify =
      ann.submit("/signin?next=/account/sessions", {{"uid", "ann"}, {"password", good_password}}, "/signin");
  EXPECT_EQ(to_verify.header("Location"), "/signin/verify?next=%2Faccount%2Fsessions");
  const auto to_enrol = ann.follow(to_verify);
  EXPECT_EQ(to_enrol.header("Location"), "/signin/enrol?next=%2Faccount%2Fsessions");
  const auto choice = ann.follow(to_enrol);
  EXPECT_TRUE(choice.mentions("Set up a second factor"));
  const auto started = ann.submit(to_enrol.header("Location"), {}, "/signin/enrol/totp/start");
  EXPECT_EQ(started.header("Location"), "/signin/enrol/totp?next=%2Faccount%2Fsessions");
  const auto page = ann.follow(started);
  ASSERT_TRUE(page.mentions("otpauth://totp/"));
  EXPECT_EQ(ann.get("/signin/enrol/totp").status, 200) << "it may be looked at again";
  const auto at = page.body.find("secret=") + 7;
  const App app{world, page.body.substr(at, 32)};
  const auto wrong = ann.submit(started.header("Location"), {{"code", app.wrong_code()}}, "/signin/enrol/totp");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_TRUE(wrong.mentions(page.body.substr(at, 32))) << "the same secret still";
  EXPECT_EQ(ann.get("/account").header("Location").substr(0, 8), "/signin?") << "nothing is open before";
  const auto in = ann.submit(started.header("Location"), {{"code", app.code()}}, "/signin/enrol/totp");
  EXPECT_EQ(in.header("Location"), "/account/security/recovery-codes?next=%2Faccount%2Fsessions");
  EXPECT_EQ(ann.follow(in).status, 200);
  EXPECT_EQ(ann.get("/signin/enrol").header("Location"), "/account") << "the back button leads on";
}

TEST(MfaPolicy, of_administrators_asks_those_alone) {
  MfaScene scene{"sqlite", with_mfa(authn::Mfa::admins)};
  for (const char* uid : {"olga", "adam", "susan", "paul"}) scene.world.client().sign_up(uid);
  scene.world.give_role("olga", Role::owner);
  scene.world.give_role("adam", Role::admin);
  scene.world.give_role("susan", Role::support);
  const auto state = [&](const char* uid) { return scene.world.client().sign_in(uid).text("state"); };
  EXPECT_EQ(state("olga"), "enrol_required");
  EXPECT_EQ(state("adam"), "enrol_required");
  EXPECT_EQ(state("susan"), "complete");
  EXPECT_EQ(state("paul"), "complete");
}

TEST(MfaPolicy, that_is_off_enrols_nobody_and_asks_who_has_one) {
  MfaScene scene;
  auto [ann, app] = scene.with_app("ann");
  scene.world.restart(with_mfa(authn::Mfa::off));
  auto bob = scene.world.client();
  bob.sign_up("bob");
  EXPECT_EQ(bob.post("/v1/me/totp").code(), "mfa_off");
  EXPECT_EQ(ann.post("/v1/me/recovery-codes").code(), "mfa_off");
  EXPECT_FALSE(bob.get("/account/security").mentions("/account/security/totp"));
  EXPECT_TRUE(ann.get("/account/security").mentions("/account/security/totp"));
  auto browser = scene.halfway("ann");
  EXPECT_EQ(send(browser, app.code()).json("state"), "complete");
  EXPECT_EQ(ann.del("/v1/me/totp").status, 204) << "it may be removed";
}

}  // namespace
}  // namespace cardea::api_tests
