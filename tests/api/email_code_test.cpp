// Codes by e-mail as a second factor.

#include "email_code/sending.hpp"
#include "tests/api/email_code_scene.hpp"

namespace cardea::api_tests {
namespace {

INSTANTIATE_TEST_SUITE_P(engines, EmailCode, ::testing::Values("sqlite", "postgres"));

TEST_P(EmailCode, is_asked_for_after_the_password_and_sent_by_itself) {
  enrolled();
  auto browser = world.client();
  const auto answer = browser.sign_in("ann");
  EXPECT_EQ(answer.json("state"), "mfa_required");
  EXPECT_EQ(answer.text("methods/0"), "email_code");
  const auto code = world.letter_to(ann_mail).code;
  ASSERT_EQ(code.size(), 6U);
  EXPECT_EQ(send(browser, other_than(code), "email_code").code(), "invalid_code");
  const auto in = send(browser, code, "email_code");
  EXPECT_EQ(in.json("state"), "complete") << in.body;
  EXPECT_EQ(send(browser, code, "email_code").code(), "signin_expired");
}

// ASVS 6.6.2
TEST_P(EmailCode, is_good_in_the_sign_in_that_asked_for_it_alone) {
  enrolled();
  auto first = scene.halfway("ann");
  const auto code = world.letter_to(ann_mail).code;
  auto second = scene.halfway("ann");
  EXPECT_EQ(send(second, code, "email_code").code(), "invalid_code");
  EXPECT_EQ(send(first, code, "email_code").status, 200);
}

// ASVS 6.5.5
TEST_P(EmailCode, is_good_for_ten_minutes_and_what_it_was_sent_for) {
  auto ann = enrolled();
  EXPECT_EQ(ann.post("/v1/email-code/second-factor").status, 204);
  const auto again = world.letter_to(ann_mail).code;
  EXPECT_EQ(ann.post("/v1/me/email-code/confirm", {{"code", again}}).code(), "invalid_code") << "not to set it up";
  EXPECT_EQ(ann.post("/v1/reauth", {{"method", "email_code"}, {"code", again}}).status, 200);
  EXPECT_EQ(ann.post("/v1/reauth", {{"method", "email_code"}, {"code", again}}).code(), "invalid_code") << "once";
  auto browser = scene.halfway("ann");
  const auto code = world.letter_to(ann_mail).code;
  world.advance(9min + 59s);
  EXPECT_EQ(browser.post("/v1/email-code/second-factor").status, 204) << "the sign-in still waits";
  world.advance(1s);
  EXPECT_NE(send(browser, code, "email_code").status, 200);
}

TEST_P(EmailCode, needs_a_confirmed_address_and_a_recent_proof) {
  auto ann = world.client();
  ann.sign_up("ann", {{"email", ann_mail}});
  EXPECT_EQ(ann.post("/v1/me/email-code").code(), "email_code.no_address");
  EXPECT_EQ(ann.post("/v1/verify", {{"code", world.letter_to(ann_mail).code}}).status, 200);
  world.advance(11min);
  EXPECT_EQ(ann.post("/v1/me/email-code").code(), "reauth_required");
  EXPECT_EQ(ann.reauthenticate().status, 200);
  EXPECT_EQ(ann.post("/v1/me/email-code").status, 204);
  EXPECT_EQ(ann.post("/v1/me/email-code/confirm", {{"code", "000000"}}).code(), "invalid_code");
  EXPECT_EQ(ann.get("/v1/me/email-code").json("enrolled"), false);
}

// ASVS 6.3.6
TEST_P(EmailCode, counts_for_nothing_beside_a_stronger_factor) {
  auto ann = enrolled();
  auto waiting = scene.halfway("ann");
  const auto sent_before = world.letter_to(ann_mail).code;
  const auto app = scene.enrol_app(ann);
  EXPECT_EQ(send(waiting, sent_before, "email_code").status, 404) << "asked for before, and no more";
  scene.next_step();
  auto browser = world.client();
  const auto answer = browser.sign_in("ann");
  EXPECT_EQ(answer.count("methods"), 1U);
  EXPECT_EQ(answer.text("methods/0"), "totp");
  EXPECT_EQ(browser.post("/v1/email-code/second-factor").status, 404);
  EXPECT_EQ(send(browser, "123456", "email_code").status, 404);
  EXPECT_EQ(ann.post("/v1/reauth", {{"method", "email_code"}, {"code", "123456"}}).status, 404);
  EXPECT_EQ(ann.post("/v1/email-code/second-factor").status, 404);
  EXPECT_EQ(ann.post("/v1/me/email-code").code(), "email_code.outranked");
  EXPECT_EQ(send(browser, app.code()).status, 200);
}

TEST_P(EmailCode, judged_before_a_stronger_factor_was_enrolled_opens_nothing_after) {
  enrolled();
  const auto& deps = world.house().authn();
  auto browser = scene.halfway("ann");
  const auto id = world.id_of("ann");
  world.database().write([&](db::Tx& tx) {
    EXPECT_FALSE(authn::find_enrolled(tx, deps, id).outranks(AuthMethod::email_code));
    tx.run("INSERT INTO totp (account_id, secret_sealed, last_step, enrolled_at) VALUES ($1, $2, 0, $3)", id,
           Bytes{1, 2, 3}, world.now());
    EXPECT_TRUE(authn::find_enrolled(tx, deps, id).outranks(AuthMethod::email_code));
  });
  // As a step that was taken before: the row says that the code was shown.
  world.database().write([&](db::Tx& tx) {
    tx.run("UPDATE pending_signin SET evidence = evidence || $1",
           ";email_code " + std::to_string(to_micros(world.now())) + " " + email_code::tag_of(ann_mail));
  });
  EXPECT_NE(browser.post("/v1/verify/signin/continue").status, 200);
  EXPECT_EQ(browser.get("/v1/session").status, 401);
}

TEST_P(EmailCode, recovery_codes_stand_in_for_it_and_removing_it_takes_them_along) {
  auto ann = enrolled();
  const auto codes = scene.make_codes(ann);
  auto browser = scene.halfway("ann");
  EXPECT_EQ(send(browser, codes[0], "recovery_code").status, 200);
  EXPECT_EQ(ann.del("/v1/me/email-code").status, 204);
  EXPECT_EQ(scene.count("recovery_code"), 0);
  EXPECT_EQ(world.client().sign_in("ann").json("state"), "complete");
}

TEST_P(EmailCode, guesses_share_the_budget_of_other_second_factors) {
  enrolled();
  int judged = 0;
  for (int i = 0; i < 4; ++i) {
    auto browser = scene.halfway("ann");
    const auto code = world.letter_to(ann_mail).code;
    for (int j = 0; j < 4; ++j) {
      judged += send(browser, other_than(code), "email_code").status == 401 ? 1 : 0;
    }
  }
  EXPECT_EQ(judged, 6) << "over all sign-ins";
}

TEST_P(EmailCode, sending_has_a_budget) {
  auto ann = enrolled();
  int sent = 0;
  for (int i = 0; i < 20; ++i) sent += ann.post("/v1/email-code/second-factor").status == 204 ? 1 : 0;
  EXPECT_LE(sent, 5);
  EXPECT_GE(sent, 2);
}

TEST_P(EmailCode, pages_set_it_up_and_ask_for_it) {
  auto ann = confirmed();
  const std::string page = "/account/security/email-codes";
  EXPECT_TRUE(ann.get(page).mentions("Weaker than an authenticator app"));
  const auto started = ann.submit(page, {}, page + "/start");
  EXPECT_EQ(started.header("Location"), page);
  EXPECT_TRUE(ann.follow(started).mentions("id=\"code\"")) << "whatever the queue is doing";
  const auto code = world.letter_to(ann_mail).code;
  EXPECT_EQ(ann.submit(page, {{"code", other_than(code)}}).status, 401);
  EXPECT_EQ(ann.submit(page, {{"code", code}}).status, 303);
  EXPECT_TRUE(ann.get("/account/security").mentions("Code by e-mail"));
  world.run_queue();  // the letter that says so, before the next code
  auto browser = world.client();
  const auto halfway = browser.submit("/signin", {{"uid", "ann"}, {"password", good_password}});
  EXPECT_TRUE(browser.follow(halfway).mentions("Enter the code from the letter"));
  world.run_queue();  // one letter after another
  EXPECT_EQ(browser.submit("/signin/verify", {}, "/second-factor/email").header("Location"),
            "/signin/verify/email_code?next=");
  EXPECT_EQ(browser.submit("/signin/verify", {{"code", world.letter_to(ann_mail).code}}).header("Location"),
            "/account");
  world.advance(11min);
  world.run_queue();
  EXPECT_TRUE(browser.get("/reauth").mentions("Code by e-mail"));
  EXPECT_EQ(browser.submit("/reauth", {}, "/second-factor/email").header("Location"), "/reauth/email_code?next=");
  EXPECT_EQ(browser.submit("/reauth", {{"password", good_password}, {"code", world.letter_to(ann_mail).code}}).status,
            303);
  EXPECT_EQ(browser.submit(page, {}, page + "/remove").status, 303);
}

}  // namespace
}  // namespace cardea::api_tests
