// Codes by e-mail: as a second factor, and in place of the password.

#include <atomic>

#include "email_code/sending.hpp"
#include "tests/api/letters.hpp"
#include "tests/api/mfa_scene.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::with_mail;

constexpr const char* ann_mail = "ann@example.com";
constexpr const char* waiting_cookie = "__Host-cardea-email-code";

void with_codes(app::Settings& settings) {
  with_mail(settings);
  settings.signin.methods = {"password", "passkey", "email_code"};
}

std::string other_than(std::string_view code) {
  return code.front() == '1' ? "2" + std::string{code.substr(1)} : "1" + std::string{code.substr(1)};
}

/// A body without what is other for each request.
std::string without_id(std::string body) {
  constexpr std::string_view name = R"(,"request_id":")";
  const auto at = body.find(name);
  if (at != std::string::npos) body.erase(at, body.find('"', at + name.size()) + 1 - at);
  return body;
}

class EmailCode : public ::testing::TestWithParam<const char*> {
 protected:
  MfaScene scene{GetParam(), with_codes};
  World& world = scene.world;

  /// Signed up with an address that is confirmed.
  Client confirmed(std::string_view uid = "ann", std::string_view address = ann_mail) {
    auto client = world.client();
    EXPECT_EQ(client.sign_up(uid, {{"email", address}}).status, 201);
    EXPECT_EQ(client.post("/v1/verify", {{"code", world.letter_to(address).code}}).status, 200);
    return client;
  }
  void enrol(Client& client, std::string_view address = ann_mail) {
    EXPECT_EQ(client.post("/v1/me/email-code").status, 204);
    const auto in = client.post("/v1/me/email-code/confirm", {{"code", world.letter_to(address).code}});
    EXPECT_EQ(in.status, 200) << in.body;
  }
  Client enrolled() {
    auto client = confirmed();
    enrol(client);
    world.run_queue();  // the letter that says so, before those with codes
    return client;
  }
  /// A browser that asked for a code to sign in by.
  Client asking(std::string_view address = ann_mail) {
    auto browser = world.client();
    EXPECT_EQ(browser.post("/v1/email-code/signin", {{"email", address}}).status, 204);
    return browser;
  }
  static Answer complete(Client& browser, std::string_view code) {
    return browser.post("/v1/email-code/signin/complete", {{"code", std::string{code}}});
  }
};

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
    EXPECT_FALSE(authn::is_outranked(tx, deps, id, AuthMethod::email_code));
    tx.run("INSERT INTO totp (account_id, secret_sealed, last_step, enrolled_at) VALUES ($1, $2, 0, $3)", id,
           Bytes{1, 2, 3}, world.now());
    EXPECT_TRUE(authn::is_outranked(tx, deps, id, AuthMethod::email_code));
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

TEST_P(EmailCode, signs_in_in_place_of_the_password) {
  confirmed();
  auto browser = asking();
  const auto code = world.letter_to(ann_mail).code;
  ASSERT_EQ(code.size(), 8U);
  EXPECT_EQ(complete(browser, other_than(code)).code(), "invalid_code");
  const auto in = complete(browser, code);
  EXPECT_EQ(in.json("state"), "complete") << in.body;
  EXPECT_EQ(in.json("user/uid"), "ann");
  EXPECT_EQ(browser.cookie(waiting_cookie), "");
  auto later = asking();
  EXPECT_EQ(complete(later, code).code(), "invalid_code") << "it worked once, and there";
}

// ASVS 6.6.2
TEST_P(EmailCode, of_a_sign_in_is_worth_nothing_in_another_browser) {
  confirmed();
  auto browser = asking();
  const auto code = world.letter_to(ann_mail).code;
  auto without = world.client();
  EXPECT_EQ(complete(without, code).code(), "signin_expired");
  auto other = asking();
  EXPECT_EQ(complete(other, code).code(), "invalid_code");
  world.advance(10min);
  EXPECT_EQ(complete(browser, code).code(), "signin_expired");
}

// ASVS 6.5.1
TEST_P(EmailCode, one_code_in_many_hands_opens_one_session) {
  confirmed();
  world.database().write([&](db::Tx& tx) { tx.run("DELETE FROM session"); });
  auto browser = asking();
  const auto code = world.letter_to(ann_mail).code;
  std::atomic<int> in = 0;
  testing_support::race(6, [&, browser](int) {
    auto mine = browser;
    for (int i = 0; i < 3; ++i) in += complete(mine, code).status == 200 ? 1 : 0;
  });
  EXPECT_EQ(in.load(), 1);
  EXPECT_EQ(scene.count("session"), 1);
}

// ASVS 6.6.3
TEST_P(EmailCode, guesses_at_an_address_are_counted_over_all_browsers) {
  confirmed();
  int judged = 0;
  for (int i = 0; i < 4; ++i) {
    auto browser = asking();
    for (int j = 0; j < 4; ++j) judged += complete(browser, "00000000").status == 401 ? 1 : 0;
  }
  EXPECT_EQ(judged, 6);
  EXPECT_EQ(world.client().sign_in("ann").status, 200) << "they shut nobody out of the password";
}

TEST_P(EmailCode, second_factor_follows_a_sign_in_by_mail) {
  auto ann = confirmed();
  const auto app = scene.enrol_app(ann);
  const auto codes = scene.make_codes(ann);
  scene.next_step();
  auto browser = asking();
  const auto answer = complete(browser, world.letter_to(ann_mail).code);
  EXPECT_EQ(answer.json("state"), "mfa_required") << answer.body;
  EXPECT_EQ(answer.text("methods/0"), "totp");
  const auto in = send(browser, app.code());
  EXPECT_EQ(in.json("state"), "complete") << "one factor of the account is enough: " << in.body;
}

TEST_P(EmailCode, is_one_factor_however_often_it_is_shown) {
  enrolled();
  (void)world.letter_to(ann_mail);
  auto browser = asking();
  const auto letter = world.letter_to(ann_mail);
  EXPECT_EQ(letter.code, "") << "whose second step is the mailbox begins with the password";
  EXPECT_EQ(letter.subject, "Sign in with your password first");
  EXPECT_EQ(complete(browser, "12345678").code(), "invalid_code");
}

TEST_P(EmailCode, policy_is_asked_after_a_sign_in_by_mail_too) {
  confirmed();
  world.restart([](app::Settings& settings) {
    with_codes(settings);
    settings.signin.mfa = authn::Mfa::required;
  });
  auto browser = asking();
  EXPECT_EQ(complete(browser, world.letter_to(ann_mail).code).json("state"), "enrol_required");
}

// ASVS 6.3.8
TEST_P(EmailCode, unknown_addresses_are_answered_and_worked_for_alike) {
  confirmed();
  const std::vector<std::string> addresses = {ann_mail, "eve@example.com"};
  std::vector<std::vector<std::string>> seen(2);
  std::vector<std::vector<std::string>> statements(2);
  for (std::size_t i = 0; i < 2; ++i) {
    auto browser = world.client();
    const auto hear = [&](const Answer& answer) {
      seen[i].push_back(std::to_string(answer.status) + " " + without_id(answer.body));
    };
    const auto run = [&](const std::function<void()>& work) {
      for (auto& each : world.statements(work)) statements[i].push_back(std::move(each));
    };
    run([&] { hear(browser.post("/v1/email-code/signin", {{"email", addresses[i]}})); });
    world.run_queue();
    for (int guess = 0; guess < 8; ++guess) run([&] { hear(complete(browser, "00000000")); });
    auto another = asking(addresses[i]);
    world.run_queue();
    run([&] { hear(complete(another, "00000000")); });
  }
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_EQ(statements[0], statements[1]);
  EXPECT_EQ(world.letters_to("eve@example.com"), 0);
}

TEST_P(EmailCode, blocked_and_unconfirmed_accounts_get_no_code) {
  confirmed();
  world.disable("ann");
  auto browser = asking();
  EXPECT_EQ(world.letter_to(ann_mail).subject.find("sign"), std::string::npos);
  EXPECT_EQ(world.letters_to(ann_mail), 1) << "the one that confirmed the address";
  auto eve = world.client();
  eve.sign_up("eve", {{"email", "eve@example.com"}});
  (void)world.letter_to("eve@example.com");
  const auto before = world.letters_to("eve@example.com");
  asking("eve@example.com");
  (void)world.letter_to("eve@example.com");
  EXPECT_EQ(world.letters_to("eve@example.com"), before);
}

TEST_P(EmailCode, another_address_voids_what_was_sent_to_the_old_one) {
  auto ann = confirmed();
  auto browser = asking();
  const auto code = world.letter_to(ann_mail).code;
  EXPECT_EQ(ann.patch("/v1/me", {{"email", "new@example.com"}}).status, 200);
  EXPECT_EQ(ann.post("/v1/verify", {{"code", world.letter_to("new@example.com").code}}).status, 200);
  EXPECT_EQ(complete(browser, code).code(), "invalid_code");
}

TEST_P(EmailCode, pages_sign_in_by_it) {
  confirmed();
  auto browser = world.client();
  EXPECT_TRUE(browser.get("/signin").mentions("/signin/email"));
  EXPECT_EQ(browser.submit("/signin/email", {{"email", "no address"}}).status, 422);
  const auto asked = browser.submit("/signin/email?next=%2Faccount%2Fsessions", {{"email", ann_mail}}, "/signin/email");
  EXPECT_EQ(asked.header("Location"), "/signin/email/code?next=%2Faccount%2Fsessions");
  const auto code = world.letter_to(ann_mail).code;
  const std::string page = asked.header("Location");
  EXPECT_EQ(browser.submit(page, {{"code", other_than(code)}}, "/signin/email/code").status, 401);
  EXPECT_EQ(browser.submit(page, {{"code", code}}, "/signin/email/code").header("Location"), "/account/sessions");
  EXPECT_EQ(browser.get("/account/sessions").status, 200);
}

// A way that the settings leave out is closed on every road, and offered on none.
// ASVS 6.3.4, 6.3.6
TEST(SigninMethods, what_is_not_listed_is_refused_everywhere) {
  World world{with_mail};
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_FALSE(world.client().get("/signin").mentions("/signin/email"));
  EXPECT_EQ(world.client().post("/v1/email-code/signin", {{"email", ann_mail}}).code(), "signin_method_off");
  EXPECT_EQ(world.client().post("/v1/email-code/signin/complete", {{"code", "12345678"}}).code(), "signin_method_off");
  EXPECT_EQ(world.client().get("/signin/email").status, 403);
  EXPECT_EQ(world.client().get("/signin/email/code").status, 403);
  world.restart([](app::Settings& settings) {
    with_mail(settings);
    settings.signin.methods = {"email_code"};
  });
  const auto page = world.client().get("/signin");
  EXPECT_FALSE(page.mentions("name=\"password\""));
  EXPECT_FALSE(page.mentions("data-passkey-signin"));
  EXPECT_FALSE(page.mentions("/recover"));
  EXPECT_TRUE(page.mentions("/signin/email"));
  EXPECT_EQ(world.client().sign_in("ann").code(), "signin_method_off");
  EXPECT_EQ(world.client().sign_in("ann", wrong_password).code(), "signin_method_off") << "right or wrong";
  EXPECT_EQ(world.client().post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}}).code(),
            "signin_method_off");
  EXPECT_EQ(
      world.client().submit("/signin/email", {{"uid", "ann"}, {"password", good_password}}, "/signin/email").status,
      422);
  EXPECT_EQ(world.client().post("/v1/passkeys/authenticate/options").code(), "signin_method_off");
}

}  // namespace
}  // namespace cardea::api_tests
