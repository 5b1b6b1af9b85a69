// Codes by e-mail in place of the password.

#include <atomic>

#include "email_code/sending.hpp"
#include "tests/api/alike.hpp"
#include "tests/api/email_code_scene.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::with_mail;

constexpr const char* waiting_cookie = "__Host-cardea-email-code";

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
