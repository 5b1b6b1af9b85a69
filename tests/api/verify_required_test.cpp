// signup.verify = "required": nobody signs in to an account before the owner of its address has confirmed it.

#include <atomic>

#include "email_address/email_address.hpp"
#include "tests/api/alike.hpp"
#include "tests/api/letters.hpp"
#include "tests/api/mfa_scene.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::with_mail;

constexpr const char* ada_mail = "ada@example.com";
constexpr const char* new_mail = "countess@example.com";

void with_required(app::Settings& settings) {
  with_mail(settings);
  settings.identity.email = identity::Presence::required;
  settings.identity.verify = identity::Confirmation::required;
}

class VerifyRequired : public ::testing::TestWithParam<const char*> {
 protected:
  World world{with_required, GetParam()};

  Client waiting(std::string_view uid, std::string_view address = ada_mail) {
    auto client = world.client();
    const auto answer = client.sign_up(uid, {{"email", address}});
    EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.json("state"), "verify_required");
    return client;
  }
  Client confirmed(std::string_view uid, std::string_view address = ada_mail) {
    auto client = waiting(uid, address);
    EXPECT_EQ(client.post("/v1/verify/signin", {{"code", world.letter_to(address).code}}).status, 200);
    return client;
  }
  std::int64_t sessions() { return world.database().read_one("SELECT COUNT(*) FROM session")->integer(0); }
  static std::string other_than(std::string_view code) { return code == "111111" ? "222222" : "111111"; }
};

INSTANTIATE_TEST_SUITE_P(engines, VerifyRequired, ::testing::Values("sqlite", "postgres"));

TEST_P(VerifyRequired, sign_up_opens_no_session_before_the_code) {
  auto ada = waiting("ada");
  EXPECT_EQ(sessions(), 0);
  EXPECT_EQ(ada.get("/v1/session").status, 401);
  const auto code = world.letter_to(ada_mail).code;
  EXPECT_EQ(ada.post("/v1/verify/signin", {{"code", other_than(code)}}).code(), "challenge.wrong_code");
  EXPECT_EQ(sessions(), 0);
  const auto in = ada.post("/v1/verify/signin", {{"code", code}});
  EXPECT_EQ(in.status, 200) << in.body;
  EXPECT_EQ(in.json("state"), "complete");
  EXPECT_EQ(in.json("user/email"), ada_mail);
  EXPECT_EQ(ada.get("/v1/session").status, 200);
  EXPECT_EQ(ada.post("/v1/verify/signin", {{"code", code}}).code(), "signin_expired");
  EXPECT_EQ(world.client().sign_in("ada").json("state"), "complete") << "and from now on it is not asked for";
}

TEST_P(VerifyRequired, is_said_to_the_right_password_alone) {
  waiting("ada");
  EXPECT_EQ(world.letters_to(ada_mail), 1);
  auto stranger = world.client();
  const auto wrong = stranger.sign_in("ada", wrong_password);
  const auto unknown = world.client().sign_in("nobody", wrong_password);
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.code(), unknown.code());
  EXPECT_EQ(stranger.cookie(signin_cookie_name), "");
  auto owner = world.client();
  const auto right = owner.sign_in("ada");
  EXPECT_EQ(right.json("state"), "verify_required");
  EXPECT_EQ(right.json("email"), ada_mail);
  EXPECT_EQ(world.client().sign_in(ada_mail).status, 401) << "an address that waits is nobody's user name";
  EXPECT_EQ(world.letters_to(ada_mail), 1) << "its code still works, so signing in sends no other";
  EXPECT_EQ(owner.post("/v1/verify/signin", {{"code", world.letter_to(ada_mail).code}}).json("state"), "complete");
}

// ASVS 6.3.8
TEST_P(VerifyRequired, taken_and_fresh_addresses_are_answered_alike) {
  confirmed("ada");
  (void)world.letter_to(ada_mail);
  auto stranger = world.client();
  auto fresh = world.client();
  const auto same = [](const Answer& a, const Answer& b, std::string_view what) {
    EXPECT_EQ(a.status, b.status) << what;
    EXPECT_EQ(a.header("Location"), b.header("Location")) << what;
    std::string first = without_id(a.body);
    for (auto at = first.find(ada_mail); at != std::string::npos; at = first.find(ada_mail)) {
      first.replace(at, std::string_view{ada_mail}.size(), "eve@example.com");
    }
    EXPECT_EQ(first, without_id(b.body)) << what;
  };
  same(stranger.sign_up("strange", {{"email", ada_mail}}), fresh.sign_up("fresher", {{"email", "eve@example.com"}}),
       "sign-up");
  EXPECT_EQ(world.letter_to(ada_mail).subject, "You already have an account");
  const auto code = world.letter_to("eve@example.com").code;
  for (int i = 0; i < 6; ++i) {
    const auto guess = stranger.post("/v1/verify/signin", {{"code", other_than(code)}});
    same(guess, fresh.post("/v1/verify/signin", {{"code", other_than(code)}}), "guess " + std::to_string(i));
    EXPECT_EQ(guess.code(), i < 5 ? "challenge.wrong_code" : "challenge.not_valid");
  }
  same(stranger.post("/v1/verify/signin/continue"), fresh.post("/v1/verify/signin/continue"), "continue");
  same(stranger.post("/v1/verify/signin/resend"), fresh.post("/v1/verify/signin/resend"), "resend");
  same(world.client().sign_in("strange"), world.client().sign_in("fresher"), "sign-in");
}

TEST_P(VerifyRequired, pages_of_taken_and_fresh_addresses_are_alike) {
  confirmed("ada");
  const auto sign_up = [&](Client& browser, std::string_view uid, std::string_view address) {
    return browser.submit("/signup", {{"name", "Ada"},
                                      {"uid", std::string{uid}},
                                      {"email", std::string{address}},
                                      {"password", good_password},
                                      {"password_confirm", good_password}});
  };
  auto stranger = world.client();
  auto fresh = world.client();
  const auto taken = sign_up(stranger, "strange", ada_mail);
  const auto open = sign_up(fresh, "fresher", "eve@example.com");
  EXPECT_EQ(taken.status, 303) << taken.body;
  EXPECT_EQ(taken.header("Location"), open.header("Location"));
  const auto led = stranger.follow(taken);
  EXPECT_EQ(led.header("Location"), fresh.follow(open).header("Location"));
  EXPECT_EQ(led.header("Location"), "/verify?next=");
  EXPECT_TRUE(stranger.get("/verify").mentions(ada_mail));
  EXPECT_TRUE(fresh.get("/verify").mentions("eve@example.com"));
  EXPECT_EQ(stranger.submit("/verify", {{"code", "000000"}}).status,
            fresh.submit("/verify", {{"code", "000000"}}).status);
}

TEST_P(VerifyRequired, older_contract_tells_neither) {
  confirmed("ada");
  const auto sign_up = [&](std::string_view uid, std::string_view address) {
    return world.client().post("/api/users",
                               {{"name", "Ada"}, {"uid", uid}, {"email", address}, {"password", good_password}});
  };
  const auto taken = sign_up("strange", ada_mail);
  const auto fresh = sign_up("fresher", "eve@example.com");
  EXPECT_EQ(taken.status, 200) << taken.body;
  EXPECT_EQ(taken.status, fresh.status);
  EXPECT_EQ(taken.json("email"), fresh.json("email"));
  EXPECT_EQ(taken.json("email_verified"), fresh.json("email_verified"));
  for (const char* uid : {"strange", "fresher"}) {
    const auto answer = world.client().post("/api/users/authenticate", {{"uid", uid}, {"password", good_password}});
    EXPECT_EQ(answer.status, 403) << answer.body;
    EXPECT_EQ(answer.code(), "verify_required");
    EXPECT_EQ(world.client().post("/api/users/authenticate", {{"uid", uid}, {"password", wrong_password}}).status, 400);
  }
}

TEST_P(VerifyRequired, waiting_page_goes_on_after_the_link_was_opened_elsewhere) {
  auto ada = waiting("ada");
  EXPECT_EQ(ada.get("/verify/state").body, "0");
  const auto link = link_in(world.letter_to(ada_mail), "/verify/link");
  auto phone = world.client();
  EXPECT_EQ(phone.submit(link, {{"password", ""}}, "/verify/link").status, 422) << "the letter alone is not enough";
  EXPECT_EQ(ada.submit("/verify", {}, "/verify/continue").header("Location"), "/verify") << "nor is it to say so";
  EXPECT_EQ(phone.submit(link, {{"password", good_password}}, "/verify/link").status, 200);
  EXPECT_EQ(phone.get("/v1/session").status, 401) << "it goes on where it waits";
  EXPECT_EQ(ada.get("/verify/state").body, "1");
  EXPECT_EQ(sessions(), 0) << "to look opens nothing";
  EXPECT_EQ(ada.get("/verify").status, 200);
  EXPECT_EQ(sessions(), 0);
  EXPECT_EQ(ada.submit("/verify", {}, "/verify/continue").header("Location"), "/account");
  EXPECT_EQ(ada.get("/v1/session").status, 200);
}

TEST_P(VerifyRequired, link_in_the_browser_that_waits_needs_a_button_alone) {
  auto ada = waiting("ada");
  const auto link = link_in(world.letter_to(ada_mail), "/verify/link");
  EXPECT_EQ(ada.get(link).status, 200);
  EXPECT_EQ(sessions(), 0) << "fetching it does nothing";
  EXPECT_EQ(ada.submit(link, {}, "/verify/link").header("Location"), "/account");
  EXPECT_EQ(ada.get("/v1/session").status, 200);
}

TEST_P(VerifyRequired, first_to_confirm_has_the_address_and_an_earlier_sign_up_gains_nothing) {
  auto mallory = waiting("mallory");
  (void)world.letter_to(ada_mail);
  auto ada = confirmed("ada");
  EXPECT_EQ(ada.get("/v1/session").status, 200);
  EXPECT_EQ(mallory.post("/v1/verify/signin/continue").json("state"), "verify_required");
  EXPECT_EQ(world.client().sign_in("mallory").json("state"), "verify_required");
  EXPECT_EQ(world.client().sign_in(ada_mail).json("user/uid"), "ada");
}

TEST_P(VerifyRequired, another_address_can_be_given_while_it_waits) {
  auto ada = waiting("ada", "mistyped@example.com");
  EXPECT_EQ(ada.post("/v1/verify/signin/address", {{"email", "no address"}}).code(), "validation_failed");
  EXPECT_EQ(ada.post("/v1/verify/signin/address", {{"email", ada_mail}}).status, 204);
  const auto old_code = world.letter_to("mistyped@example.com").code;
  const auto code = world.letter_to(ada_mail).code;
  if (old_code != code) EXPECT_EQ(ada.post("/v1/verify/signin", {{"code", old_code}}).code(), "challenge.wrong_code");
  EXPECT_EQ(ada.post("/v1/verify/signin", {{"code", code}}).json("user/email"), ada_mail);
}

TEST_P(VerifyRequired, account_that_lost_its_address_must_give_another) {
  waiting("mallory");
  const auto link = link_in(world.letter_to(ada_mail), "/verify/link");
  EXPECT_EQ(world.client().submit(link, {}, "/verify/refuse").status, 200);
  auto mallory = world.client();
  const auto answer = mallory.sign_in("mallory");
  EXPECT_EQ(answer.json("state"), "verify_required") << "an account without any address is no way around it";
  EXPECT_EQ(answer.json("email"), nullptr);
  EXPECT_EQ(mallory.post("/v1/verify/signin/continue").json("state"), "verify_required");
  EXPECT_EQ(mallory.post("/v1/verify/signin", {{"code", "123456"}}).code(), "email.nothing_to_confirm");
  EXPECT_TRUE(mallory.get("/verify").mentions("Which address is yours?"));
  EXPECT_EQ(mallory.submit("/verify", {{"email", new_mail}}, "/verify/address").header("Location"), "/verify");
  EXPECT_EQ(mallory.post("/v1/verify/signin", {{"code", world.letter_to(new_mail).code}}).json("state"), "complete");
}

TEST_P(VerifyRequired, sign_in_waits_for_an_hour_and_no_longer) {
  auto ada = waiting("ada");
  world.advance(59min);
  EXPECT_EQ(ada.post("/v1/verify/signin/continue").json("state"), "verify_required");
  world.advance(2min);
  EXPECT_EQ(ada.post("/v1/verify/signin/continue").code(), "signin_expired");
  EXPECT_EQ(ada.get("/verify").header("Location"), "/signin");
  EXPECT_EQ(ada.get("/verify/state").body, "1");
}

TEST_P(VerifyRequired, one_code_in_many_hands_opens_one_session) {
  auto ada = waiting("ada");
  const auto code = world.letter_to(ada_mail).code;
  std::atomic<int> complete = 0;
  testing_support::race(6, [&, browser = ada](int) {
    auto mine = browser;
    for (int i = 0; i < 4; ++i) {
      if (mine.post("/v1/verify/signin", {{"code", code}}).status == 200) ++complete;
    }
  });
  EXPECT_EQ(complete.load(), 1);
  EXPECT_EQ(sessions(), 1);
}

TEST_P(VerifyRequired, second_factor_is_asked_for_afterwards_and_guards_the_address) {
  MfaScene scene{GetParam(), [](app::Settings& settings) {
                   with_mail(settings);
                   settings.identity.email = identity::Presence::required;
                 }};
  auto first = scene.world.client();
  first.sign_up("ann", {{"email", "ann@example.com"}});
  const auto app = scene.enrol_app(first);
  scene.next_step();
  (void)scene.world.letter_to("ann@example.com");
  scene.world.restart(with_required);
  auto ann = scene.world.client();
  EXPECT_EQ(ann.sign_in("ann").json("state"), "verify_required");
  EXPECT_EQ(ann.post("/v1/signin/totp", {{"code", app.code()}}).status, 404) << "the address comes first";
  EXPECT_EQ(ann.post("/v1/verify/signin/address", {{"email", new_mail}}).code(), "reauth_required")
      << "the password alone does not choose where mail goes";
  const auto code = scene.world.letter_to("ann@example.com").code;
  const auto next = ann.post("/v1/verify/signin", {{"code", code}});
  EXPECT_EQ(next.json("state"), "mfa_required") << next.body;
  EXPECT_EQ(scene.count("session"), 1) << "of before";
  scene.next_step();
  EXPECT_EQ(ann.post("/v1/signin/totp", {{"code", app.code()}}).json("state"), "complete");
}

TEST_P(VerifyRequired, address_that_counts_without_being_confirmed_is_confirmed_at_the_next_sign_in) {
  World before{[](app::Settings& settings) { settings.identity.verify = identity::Confirmation::off; }, GetParam()};
  before.client().sign_up("ada", {{"email", ada_mail}});
  before.restart(with_required);
  auto ada = before.client();
  EXPECT_EQ(ada.sign_in(ada_mail).json("email"), ada_mail);
  EXPECT_EQ(ada.post("/v1/verify/signin", {{"code", before.letter_to(ada_mail).code}}).json("state"), "complete");
}

TEST_P(VerifyRequired, pages_do_it_without_scripts) {
  auto browser = world.client();
  const auto in = browser.submit("/signup?next=%2Faccount%2Fsessions", {{"name", "Ada"},
                                                                        {"uid", "ada"},
                                                                        {"email", ada_mail},
                                                                        {"password", good_password},
                                                                        {"password_confirm", good_password}});
  EXPECT_EQ(browser.follow(in).header("Location"), "/verify?next=%2Faccount%2Fsessions");
  const std::string page = "/verify?next=%2Faccount%2Fsessions";
  const auto first = world.letter_to(ada_mail).code;
  EXPECT_EQ(browser.submit(page, {{"code", other_than(first)}}).status, 422);
  EXPECT_EQ(browser.submit(page, {}, "/verify/resend").header("Location"), page);
  const auto right = browser.submit(page, {{"code", world.letter_to(ada_mail).code}});
  EXPECT_EQ(right.header("Location"), "/account/sessions");
  EXPECT_EQ(browser.follow(right).status, 200);
}

}  // namespace
}  // namespace cardea::api_tests
