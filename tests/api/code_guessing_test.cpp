// Guesses at codes by somebody who knows the password: how many are judged, wherever they come from, and that the owner
// gets in all the same. What a year of them comes to is in src/authn/code_budget_test.cpp.

#include <atomic>

#include "tests/api/mfa_scene.hpp"
#include "tests/support/form_text.hpp"

namespace cardea::api_tests {
namespace {

void make_roomy(app::Settings& settings) {
  for (auto* budget : {&settings.authn_budgets.right, &settings.authn_budgets.right_address,
                       &settings.authn_budgets.address, &settings.authn_budgets.account_whole}) {
    budget->free = 1'000'000;
  }
}

class CodeGuessing : public ::testing::TestWithParam<std::string> {
 protected:
  MfaScene scene{GetParam(), make_roomy};
  World& world = scene.world;
  std::optional<App> app;
  Client owner = world.client();
  CodeGuessing() {
    owner.sign_up("ann");
    app = scene.enrol_app(owner);
    scene.next_step();
  }
};
INSTANTIATE_TEST_SUITE_P(engines, CodeGuessing, testing_support::both_engines(), testing_support::engine_name);

TEST_P(CodeGuessing, b3_of_a_thousand_over_many_sign_ins_addresses_and_restarts_six_are_judged) {
  int judged = 0;
  int refused = 0;
  for (int sign_in = 0; sign_in < 200; ++sign_in) {
    if (sign_in % 67 == 66) world.restart(make_roomy);
    auto thief = world.client();
    thief.from("198.51.100." + std::to_string(sign_in % 50));
    EXPECT_EQ(thief.sign_in("ann").json("state"), "mfa_required");
    for (int guess = 0; guess < 5; ++guess) {
      const auto answer = send(thief, app->wrong_code());
      judged += answer.code() == "invalid_code" ? 1 : 0;
      refused += answer.code() == "rate_limited" ? 1 : 0;
    }
  }
  EXPECT_EQ(judged, 6);
  EXPECT_EQ(refused, 994);
}

TEST_P(CodeGuessing, b4_of_five_hundred_at_once_in_two_processes_exactly_five_are_judged) {
  const auto five = [](app::Settings& settings) {
    make_roomy(settings);
    settings.authn_budgets.codes.account.free = 5;
  };
  world.restart(five);
  World there{World::Beside{world}, five};
  std::vector<Client> thieves;
  for (int i = 0; i < 20; ++i) {
    thieves.push_back(i % 2 == 0 ? world.client() : there.client());
    EXPECT_EQ(thieves.back().sign_in("ann").json("state"), "mfa_required");
  }
  std::atomic<int> judged = 0;
  std::atomic<int> refused = 0;
  const auto wrong = app->wrong_code();
  testing_support::race(20, [&](int i) {
    for (int guess = 0; guess < 25; ++guess) {
      const auto answer = send(thieves[static_cast<std::size_t>(i)], wrong);
      if (answer.code() == "invalid_code") ++judged;
      if (answer.code() == "rate_limited") ++refused;
    }
  });
  EXPECT_EQ(judged, 5);
  EXPECT_EQ(refused, 495);
}

// ASVS 6.3.4, 6.6.3
TEST_P(CodeGuessing, b5_every_place_that_takes_a_code_pays_from_the_budgets_of_the_account) {
  // A session and a browser that is known: twelve, wherever they are spent.
  const auto wrong = app->wrong_code();
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(owner.post("/v1/reauth", {{"method", "totp"}, {"code", wrong}}).code(), "invalid_code");
  }
  world.advance(11min);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(owner.submit("/reauth", {{"password", good_password}, {"code", wrong}}).status, 401);
  }
  auto known = world.client();
  known.set_cookie(known_cookie_name, owner.cookie(known_cookie_name));
  known.sign_in("ann");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(send(known, wrong).code(), "invalid_code");
  EXPECT_EQ(known.submit("/signin/verify", {{"code", wrong}}).status, 401);
  EXPECT_EQ(known.submit("/signin/verify", {{"code", wrong}}).status, 429);
  EXPECT_EQ(send(known, app->code()).status, 429);
  EXPECT_EQ(owner.post("/v1/reauth", {{"method", "totp"}, {"code", app->code()}}).status, 429);
  EXPECT_EQ(owner.submit("/reauth", {{"password", good_password}, {"code", app->code()}}).status, 429);
}

TEST_P(CodeGuessing, b6_owner_gets_in_while_strangers_have_spent_theirs) {
  const auto codes = scene.make_codes(owner);
  auto thief = scene.halfway("ann");
  for (int i = 0; i < 6; ++i) EXPECT_EQ(send(thief, app->wrong_code()).code(), "invalid_code");
  EXPECT_EQ(send(thief, app->code()).status, 429) << "not even the right one is judged";

  auto known = world.client();
  known.set_cookie(known_cookie_name, owner.cookie(known_cookie_name));
  known.sign_in("ann");
  EXPECT_EQ(send(known, app->code()).json("state"), "complete") << "by a browser that is known";
  auto unknown = scene.halfway("ann");
  EXPECT_EQ(send(unknown, codes[0], "recovery_code").json("state"), "complete") << "or by what nobody guesses";
}

TEST_P(CodeGuessing, right_code_gives_back_its_own_try_and_no_other) {
  for (int i = 0; i < 5; ++i) {
    auto thief = scene.halfway("ann");
    EXPECT_EQ(send(thief, app->wrong_code()).code(), "invalid_code");
  }
  for (int i = 0; i < 3; ++i) {
    auto owner_elsewhere = scene.halfway("ann");
    EXPECT_EQ(send(owner_elsewhere, app->code()).json("state"), "complete");
    scene.next_step();
  }
  auto thief = scene.halfway("ann");
  EXPECT_EQ(send(thief, app->wrong_code()).code(), "invalid_code") << "the sixth";
  EXPECT_EQ(send(thief, app->wrong_code()).status, 429);
}

TEST_P(CodeGuessing, stranger_who_was_in_before_the_enrolment_is_no_known_browser) {
  auto thief = world.client();
  world.restart(make_roomy);
  auto bob = world.client();
  bob.sign_up("bob");
  thief.sign_in("bob");
  EXPECT_NE(thief.cookie(known_cookie_name), "");
  const auto theirs = scene.enrol_app(bob);
  scene.next_step();
  thief.drop_cookie(session_cookie_name);
  EXPECT_EQ(thief.sign_in("bob").json("state"), "mfa_required");
  for (int i = 0; i < 6; ++i) EXPECT_EQ(send(thief, theirs.wrong_code()).code(), "invalid_code");
  EXPECT_EQ(send(thief, theirs.wrong_code()).status, 429);
}

// B7: half a sign-in is a key to its own next step alone.
TEST_P(CodeGuessing, b7_half_a_sign_in_reads_and_changes_nothing) {
  auto half = scene.halfway("ann");
  for (const char* place : {"/v1/session", "/v1/me", "/v1/me/totp", "/v1/me/factors", "/v1/me/sessions", "/v1/users"}) {
    EXPECT_EQ(half.get(place).status, 401) << place;
  }
  for (const char* place : {"/v1/me/totp", "/v1/me/recovery-codes", "/v1/reauth", "/v1/session/token"}) {
    EXPECT_EQ(half.post(place).status, 401) << place;
  }
  EXPECT_EQ(half.del("/v1/me/totp").status, 401);
  EXPECT_EQ(half.post("/v1/signin/enrol/totp").code(), "signin_expired") << "it has a factor, and is to show that";
  EXPECT_EQ(half.post("/v1/signin/enrol/totp/confirm", {{"code", app->code()}}).code(), "signin_expired");
  for (const char* place : {"/account", "/account/security/totp", "/account/security/recovery-codes", "/reauth"}) {
    EXPECT_EQ(half.get(place).header("Location").substr(0, 8), "/signin?") << place;
  }
  EXPECT_EQ(scene.count("totp"), 1);
}

// B10: a code is never said, but to whom it is shown once.
TEST_P(CodeGuessing, b10_no_answer_and_no_line_of_the_log_has_a_code) {
  const auto codes = scene.make_codes(owner);
  Texts secrets = codes;
  std::string said;
  const auto hear = [&](const Answer& answer) {
    said += answer.body;
    for (const auto& field : answer.headers.fields()) said.append(field.name).append(field.value).append("\n");
  };
  auto browser = scene.halfway("ann");
  for (const auto& code : {app->wrong_code(), app->code()}) {
    secrets.push_back(code);
    hear(browser.submit("/signin/verify", {{"code", code}}));
  }
  scene.next_step();
  auto second = scene.halfway("ann");
  hear(send(second, codes[0], "recovery_code"));
  for (const auto& code : {app->wrong_code(), app->code()}) {
    secrets.push_back(code);
    hear(second.post("/v1/reauth", {{"method", "totp"}, {"code", code}}));
  }
  for (const char* place : {"/account/security", "/account/security/totp", "/account/security/recovery-codes",
                            "/v1/me/factors", "/v1/me/totp"}) {
    hear(second.get(place));
  }
  said += world.log();
  for (const auto& secret : secrets) EXPECT_EQ(said.find(secret), std::string::npos) << secret;
}

TEST_P(CodeGuessing, page_asks_about_the_clock_after_three_wrong_codes) {
  auto browser = scene.halfway("ann");
  constexpr std::string_view hint = "Is the clock of your phone right?";
  Answer page = browser.get("/signin/verify");
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(page.mentions(hint)) << i;
    testing_support::FormFields fields{{"method", "totp"}, {"code", app->wrong_code()}};
    fields.emplace_back("tries", std::to_string(i));
    for (const auto& field : testing_support::hidden_fields(page.body, "/signin/verify")) {
      if (field.first == "csrf") fields.push_back(field);
    }
    page = browser.post_form("/signin/verify", fields);
    EXPECT_EQ(page.status, 401);
  }
  EXPECT_TRUE(page.mentions(hint));
}

}  // namespace
}  // namespace cardea::api_tests
