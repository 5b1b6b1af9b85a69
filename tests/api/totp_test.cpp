// Authenticator apps over the API: how one is enrolled, what its codes are worth, how it is removed.

#include <algorithm>
#include <atomic>

#include "authn/factors.hpp"
#include "tests/api/erased.hpp"
#include "tests/api/mfa_scene.hpp"
#include "totp/one_time_password.hpp"

namespace cardea::api_tests {
namespace {

class Totp : public ::testing::TestWithParam<std::string> {
 protected:
  MfaScene scene{GetParam()};
  World& world = scene.world;
};
INSTANTIATE_TEST_SUITE_P(engines, Totp, testing_support::both_engines(), testing_support::engine_name);

TEST_P(Totp, is_enrolled_by_a_first_code_and_asked_for_from_then_on) {
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_EQ(ann.get("/v1/me/totp").json("enrolled"), false);
  const auto started = ann.post("/v1/me/totp");
  EXPECT_EQ(started.status, 201);
  EXPECT_EQ(started.text("secret").size(), 32U) << "160 bits";
  EXPECT_EQ(started.text("uri"), "otpauth://totp/Cardea:ann?secret=" + started.text("secret") +
                                     "&issuer=Cardea&algorithm=SHA1&digits=6&period=30");
  EXPECT_EQ(ann.get("/v1/me/totp").json("enrolled"), false) << "one that is not confirmed is none";
  EXPECT_EQ(world.client().sign_in("ann").json("state"), "complete");

  const App app{world, started.text("secret")};
  EXPECT_EQ(ann.post("/v1/me/totp/confirm", {{"code", app.wrong_code()}}).code(), "invalid_code");
  const auto before = ann.cookie(session_cookie_name);
  const auto confirmed = ann.post("/v1/me/totp/confirm", {{"code", app.code()}});
  EXPECT_EQ(confirmed.status, 200);
  EXPECT_EQ(confirmed.json("state"), "complete");
  EXPECT_NE(ann.cookie(session_cookie_name), before) << "its session is a new one";
  EXPECT_EQ(ann.get("/v1/me/totp").json("enrolled"), true);
  EXPECT_EQ(world.client().sign_in("ann").json("state"), "mfa_required");
  EXPECT_EQ(scene.count("totp_enrolment"), 0);
  EXPECT_EQ(scene.audit("mfa.enrolled"), Texts{"totp"});
}

TEST_P(Totp, code_of_the_enrolment_is_used_by_it) {
  auto ann = world.client();
  ann.sign_up("ann");
  const auto app = scene.enrol_app(ann);
  auto browser = scene.halfway("ann");
  EXPECT_EQ(send(browser, app.code()).code(), "late_code");
  scene.next_step();
  EXPECT_EQ(send(browser, app.code()).json("state"), "complete");
}

TEST_P(Totp, secret_lies_sealed_and_is_nowhere_said_again) {
  auto ann = world.client();
  ann.sign_up("ann");
  const auto started = ann.post("/v1/me/totp");
  const App app{world, started.text("secret")};
  const auto stored = [&](bool confirmed) {
    return world.database().read([&](db::Tx& tx) {
      const auto row =
          confirmed ? tx.one("SELECT secret_sealed FROM totp") : tx.one("SELECT secret_sealed FROM totp_enrolment");
      return std::string{as_text(row->bytes(0))};
    });
  };
  EXPECT_EQ(stored(false).find(app.secret()), std::string::npos);
  ann.post("/v1/me/totp/confirm", {{"code", app.code()}});
  EXPECT_EQ(stored(true).find(app.secret()), std::string::npos);
  for (const char* place : {"/v1/me/totp", "/v1/me/factors", "/account/security/totp", "/account/security"}) {
    EXPECT_FALSE(ann.get(place).mentions(started.text("secret"))) << place;
  }
  EXPECT_EQ(world.log().find(started.text("secret")), std::string::npos);
}

TEST_P(Totp, sealed_secret_of_another_account_opens_nothing) {
  auto [ann, app] = scene.with_app("ann");
  auto [bob, other] = scene.with_app("bob");
  world.database().write([&](db::Tx& tx) {
    tx.run(
        "UPDATE totp SET secret_sealed = (SELECT secret_sealed FROM totp WHERE account_id = $1) WHERE account_id = $2",
        world.id_of("ann"), world.id_of("bob"));
  });
  auto thief = scene.halfway("bob");
  EXPECT_EQ(send(thief, app.code()).code(), "invalid_code");
  EXPECT_EQ(send(thief, other.code()).code(), "invalid_code");
}

// B1: a code is good once, however it is spelled and wherever it is sent.
TEST_P(Totp, b1_code_that_was_used_is_used_in_every_spelling) {
  auto [ann, app] = scene.with_app("ann");
  const auto code = app.code();
  auto first = scene.halfway("ann");
  auto second = scene.halfway("ann");
  EXPECT_EQ(send(first, code.substr(0, 3) + " " + code.substr(3)).json("state"), "complete");
  std::string wide;
  for (const char digit : code) wide += "\xEF\xBC" + std::string(1, static_cast<char>('\x90' + (digit - '0')));
  for (const auto& spelling : {code, " " + code, code + " ", code.substr(0, 2) + "  " + code.substr(2)}) {
    EXPECT_EQ(send(second, spelling).code(), "late_code") << spelling;
  }
  for (const auto& spelling : {wide, "0" + code, code + "0", "+" + code}) {
    EXPECT_EQ(send(second, spelling).code(), "invalid_code") << spelling;
  }
  EXPECT_EQ(scene.count("pending_signin"), 1);
}

TEST_P(Totp, b1_older_code_is_refused_after_a_newer_one) {
  auto [ann, app] = scene.with_app("ann");
  scene.next_step();
  auto first = scene.halfway("ann");
  auto second = scene.halfway("ann");
  EXPECT_EQ(send(first, app.code()).json("state"), "complete");
  EXPECT_EQ(send(second, app.code(30s)).code(), "late_code");
  scene.next_step();
  scene.next_step();
  EXPECT_EQ(send(second, app.code(30s)).json("state"), "complete") << "one step back is fine";
}

// ASVS 6.5.1
TEST_P(Totp, b1_of_many_at_once_with_one_code_exactly_one_signs_in) {
  const auto is_roomy = [](app::Settings& settings) {
    settings.authn_budgets.codes.account.free = 1000;
    settings.authn_budgets.right.free = 1000;
  };
  world.restart(is_roomy);
  auto [ann, app] = scene.with_app("ann");
  const auto before = scene.count("session");
  std::vector<Client> browsers;
  for (int i = 0; i < 16; ++i) browsers.push_back(scene.halfway("ann"));
  std::atomic<int> opened = 0;
  std::atomic<int> refused = 0;
  const auto code = app.code();
  testing_support::race(16, [&](int i) {
    const auto answer = send(browsers[static_cast<std::size_t>(i)], code);
    if (answer.status == 200) ++opened;
    if (answer.status == 401) ++refused;
  });
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(refused, 15);
  EXPECT_EQ(scene.count("session"), before + 1);
}

// B2: exactly the documented steps, by the server's clock.
// ASVS 6.5.5
TEST_P(Totp, b2_code_is_good_for_its_step_and_the_next) {
  auto [ann, app] = scene.with_app("ann");
  world.advance(10min);
  const auto is_taken = [&](Duration ago) {
    auto browser = scene.halfway("ann");
    const auto answer = send(browser, app.code(ago));
    world.advance(5min);
    return answer.status == 200;
  };
  EXPECT_TRUE(is_taken(0s));
  EXPECT_TRUE(is_taken(30s));
  EXPECT_FALSE(is_taken(60s));
  EXPECT_FALSE(is_taken(-30s));
}

// ASVS 7.4.3
TEST_P(Totp, enrolment_ends_other_sessions_and_forgets_other_browsers) {
  auto ann = world.client();
  ann.sign_up("ann");
  auto other = world.client();
  other.sign_in("ann");
  scene.enrol_app(ann);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  EXPECT_EQ(other.get("/v1/session").status, 401) << "it was opened by the password alone";
  EXPECT_EQ(scene.count("known_browser"), 1) << "of this session";
  auto revoked = scene.audit("session.revoked");
  std::sort(revoked.begin(), revoked.end());
  ASSERT_EQ(revoked.size(), 2U);
  EXPECT_EQ(revoked.front(), ":others");
  EXPECT_EQ(revoked.back().substr(0, 13), "replaced:ses_");
}

TEST_P(Totp, app_on_another_phone_takes_the_place_of_the_first_when_it_is_confirmed) {
  auto [ann, old_app] = scene.with_app("ann");
  const auto started = ann.post("/v1/me/totp");
  ASSERT_EQ(started.status, 201) << started.body;
  auto browser = scene.halfway("ann");
  EXPECT_EQ(send(browser, old_app.code()).json("state"), "complete") << "until then the old one is good";
  scene.next_step();
  const App app{world, started.text("secret")};
  EXPECT_EQ(ann.post("/v1/me/totp/confirm", {{"code", app.code()}}).status, 200);
  scene.next_step();
  auto again = scene.halfway("ann");
  EXPECT_EQ(send(again, old_app.code()).code(), "invalid_code");
  EXPECT_EQ(send(again, app.code()).json("state"), "complete");
}

TEST_P(Totp, setup_belongs_to_the_session_that_began_it) {
  auto ann = world.client();
  ann.sign_up("ann");
  auto other = world.client();
  other.sign_in("ann");
  const App theirs{world, other.post("/v1/me/totp").text("secret")};
  EXPECT_EQ(ann.post("/v1/me/totp/confirm", {{"code", theirs.code()}}).code(), "totp.not_started");
  EXPECT_FALSE(ann.get("/account/security/totp").mentions("otpauth:"));
  const App app{world, ann.post("/v1/me/totp").text("secret")};
  EXPECT_EQ(ann.post("/v1/me/totp/confirm", {{"code", theirs.code()}}).code(), "invalid_code");
  EXPECT_EQ(ann.post("/v1/me/totp/confirm", {{"code", app.code()}}).status, 200);
}

TEST_P(Totp, setup_ends_after_half_an_hour_and_is_swept) {
  auto ann = world.client();
  ann.sign_up("ann");
  const App app{world, ann.post("/v1/me/totp").text("secret")};
  world.advance(30min);
  EXPECT_EQ(ann.post("/v1/me/totp/confirm", {{"code", app.code()}}).code(), "totp.not_started");
  world.run_jobs();
  EXPECT_EQ(scene.count("totp_enrolment"), 0);
}

TEST_P(Totp, setup_is_confirmed_once) {
  auto ann = world.client();
  ann.sign_up("ann");
  const App app{world, ann.post("/v1/me/totp").text("secret")};
  EXPECT_EQ(ann.post("/v1/me/totp/confirm", {{"code", app.code()}}).status, 200);
  scene.next_step();
  EXPECT_EQ(ann.post("/v1/me/totp/confirm", {{"code", app.code()}}).code(), "totp.not_started");
}

// ASVS 6.5.6
TEST_P(Totp, removal_needs_no_second_step_from_then_on_and_ends_other_sessions) {
  auto [ann, app] = scene.with_app("ann");
  auto other = scene.signed_in("ann", app);
  EXPECT_EQ(ann.del("/v1/me/totp").status, 204);
  EXPECT_EQ(other.get("/v1/session").status, 401);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  EXPECT_EQ(world.client().sign_in("ann").json("state"), "complete");
  EXPECT_EQ(ann.del("/v1/me/totp").status, 404);
  EXPECT_EQ(scene.audit("mfa.removed"), Texts{"totp"});
}

TEST_P(Totp, removed_between_the_steps_of_a_sign_in_is_gone) {
  auto [ann, app] = scene.with_app("ann");
  auto browser = scene.halfway("ann");
  EXPECT_EQ(ann.del("/v1/me/totp").status, 204);
  EXPECT_EQ(send(browser, app.code()).status, 404);
}

TEST_P(Totp, goes_with_its_account) {
  auto [ann, app] = scene.with_app("ann");
  ann.post("/v1/me/totp");
  EXPECT_EQ(ann.del("/v1/me").status, 204);
  erase_closed(scene.world);
  EXPECT_EQ(scene.count("totp") + scene.count("totp_enrolment"), 0);
}

TEST_P(Totp, step_written_by_a_clock_far_ahead_shuts_nobody_out) {
  auto [ann, app] = scene.with_app("ann");
  world.database().write([](db::Tx& tx) { tx.run("UPDATE totp SET last_step = last_step + 1000000"); });
  auto browser = scene.halfway("ann");
  EXPECT_EQ(send(browser, app.code()).json("state"), "complete");
  auto again = scene.halfway("ann");
  EXPECT_EQ(send(again, app.code()).code(), "late_code");
}

TEST_P(Totp, late_code_costs_its_owner_no_try) {
  auto [ann, app] = scene.with_app("ann");
  auto browser = scene.halfway("ann");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(send(browser, app.code(2min)).code(), "late_code");
  EXPECT_EQ(send(browser, app.code()).json("state"), "complete");
}

}  // namespace
}  // namespace cardea::api_tests
