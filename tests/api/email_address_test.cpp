// An address counts once its owner has confirmed it, and who loses one can take it back.

#include <atomic>
#include <thread>

#include "challenge/challenge.hpp"
#include "email_address/email_address.hpp"
#include "http/problem.hpp"
#include "tests/api/letters.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::with_mail;

constexpr const char* ada_mail = "ada@example.com";
constexpr const char* new_mail = "countess@example.com";

class EmailAddress : public ::testing::TestWithParam<const char*> {
 protected:
  World world{with_mail, GetParam()};

  /// Signed up as `uid` with this address, not confirmed.
  Client signed_up(std::string_view uid, std::string_view address = ada_mail) {
    auto client = world.client();
    EXPECT_EQ(client.sign_up(uid, {{"email", address}}).status, 201);
    return client;
  }
  Client confirmed(std::string_view uid, std::string_view address = ada_mail) {
    auto client = signed_up(uid, address);
    EXPECT_EQ(client.post("/v1/verify", {{"code", world.letter_to(address).code}}).status, 200);
    return client;
  }
  /// A text; empty where there is none.
  static std::string at(const Answer& answer, std::string_view path) {
    if (!answer.has(path)) return {};
    const auto value = answer.json(path);
    const auto* text = value.get<std::string>();
    return text == nullptr ? std::string{} : *text;
  }
};

INSTANTIATE_TEST_SUITE_P(engines, EmailAddress, ::testing::Values("sqlite", "postgres"));

TEST_P(EmailAddress, does_nothing_before_it_is_confirmed) {
  auto ada = signed_up("ada");
  EXPECT_EQ(at(ada.get("/v1/me"), "email"), "");
  EXPECT_EQ(at(ada.get("/v1/me"), "pending_email"), ada_mail);
  EXPECT_EQ(world.client().sign_in(ada_mail).status, 401) << "it signs nobody in";
  EXPECT_EQ(world.client().post("/v1/recover", {{"uid", ada_mail}}).status, 204);
  EXPECT_EQ(world.letters_to(ada_mail), 1) << "and recovers nothing: the one letter is about the confirmation";
}

TEST_P(EmailAddress, is_confirmed_by_the_code_once) {
  auto ada = signed_up("ada");
  const auto code = world.letter_to(ada_mail).code;
  ASSERT_EQ(code.size(), 6U);
  EXPECT_EQ(ada.post("/v1/verify", {{"code", code == "111111" ? "222222" : "111111"}}).code(), "challenge.wrong_code");
  const auto spaced = code.substr(0, 3) + " " + code.substr(3);
  const auto answer = ada.post("/v1/verify", {{"code", spaced}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(at(answer, "email"), ada_mail);
  EXPECT_EQ(ada.post("/v1/verify", {{"code", code}}).code(), "email.nothing_to_confirm");
  EXPECT_EQ(world.client().sign_in(ada_mail).status, 200);
}

TEST_P(EmailAddress, code_is_void_after_five_guesses_or_an_hour_or_with_the_next_one) {
  auto ada = signed_up("ada");
  const auto first = world.letter_to(ada_mail).code;
  const auto wrong = first == "111111" ? "222222" : "111111";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ada.post("/v1/verify", {{"code", wrong}}).status, 422) << i;
  EXPECT_EQ(ada.post("/v1/verify", {{"code", first}}).code(), "challenge.not_valid");
  EXPECT_EQ(ada.post("/v1/verify/resend").status, 204);
  const auto second = world.letter_to(ada_mail).code;
  EXPECT_EQ(ada.post("/v1/verify/resend").status, 204);
  const auto third = world.letter_to(ada_mail).code;
  if (second != third) EXPECT_EQ(ada.post("/v1/verify", {{"code", second}}).status, 422);
  world.advance(61min);
  EXPECT_EQ(ada.post("/v1/verify", {{"code", third}}).code(), "challenge.not_valid");
}

// ASVS 6.6.3
TEST_P(EmailAddress, guesses_are_counted_over_all_codes) {
  auto ada = signed_up("ada");
  int judged = 0;
  for (int letter = 0; letter < 6; ++letter) {
    const auto code = world.letter_to(ada_mail).code;
    const auto wrong = code == "111111" ? "222222" : "111111";
    for (int i = 0; i < 5; ++i) judged += ada.post("/v1/verify", {{"code", wrong}}).status == 422 ? 1 : 0;
    world.advance(31s);
    ada.post("/v1/verify/resend");
  }
  EXPECT_LE(judged, 20) << "of thirty";
}

TEST_P(EmailAddress, is_not_confirmed_by_fetching_the_link) {
  auto ada = signed_up("ada");
  const auto link = link_in(world.letter_to(ada_mail), "/verify/link");
  auto scanner = world.curl();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(scanner.get(link).status, 200);
  EXPECT_EQ(at(ada.get("/v1/me"), "email"), "");
  EXPECT_EQ(ada.submit(link, {}, "/verify/link").status, 303) << "a button of the browser that signed up";
  EXPECT_EQ(at(ada.get("/v1/me"), "email"), ada_mail);
  EXPECT_EQ(ada.get(link).status, 410);
}

TEST_P(EmailAddress, link_elsewhere_asks_for_the_password_and_the_waiting_page_goes_on) {
  auto ada = signed_up("ada");
  EXPECT_EQ(ada.get("/verify/state").body, "0");
  const auto link = link_in(world.letter_to(ada_mail), "/verify/link");
  auto phone = world.client();
  EXPECT_EQ(phone.submit(link, {{"password", ""}}, "/verify/link").status, 422);
  EXPECT_EQ(phone.submit(link, {{"password", wrong_password}}, "/verify/link").status, 401);
  EXPECT_EQ(at(ada.get("/v1/me"), "email"), "");
  EXPECT_EQ(phone.submit(link, {{"password", good_password}}, "/verify/link").status, 200);
  EXPECT_EQ(ada.get("/verify/state").body, "1");
  EXPECT_EQ(at(ada.get("/v1/me"), "email"), ada_mail);
}

TEST_P(EmailAddress, who_gets_a_letter_about_a_stranger_says_so) {
  auto mallory = signed_up("mallory");
  const auto link = link_in(world.letter_to(ada_mail), "/verify/link");
  EXPECT_EQ(world.client().submit(link, {}, "/verify/refuse").status, 200);
  EXPECT_EQ(at(mallory.get("/v1/me"), "pending_email"), "");
  EXPECT_EQ(world.client().get(link).status, 410);
}

TEST_P(EmailAddress, signing_up_first_with_the_address_of_somebody_gains_nothing) {
  auto mallory = signed_up("mallory");
  (void)world.letter_to(ada_mail);
  auto ada = confirmed("ada");
  EXPECT_EQ(mallory.get("/v1/session").status, 401) << "what was opened with her address ends";
  EXPECT_EQ(at(world.client().sign_in(ada_mail), "user/uid"), "ada");
  auto again = world.client();
  again.sign_in("mallory");
  EXPECT_EQ(again.post("/v1/verify/resend").status, 204);
  EXPECT_EQ(world.letter_to(ada_mail).code, "") << "she is told that she has an account; there is nothing to confirm";
}

// ASVS 6.3.8
TEST_P(EmailAddress, sign_up_with_a_taken_address_looks_like_any_other) {
  confirmed("ada");
  auto stranger = world.client();
  auto fresh = world.client();
  const auto taken = stranger.sign_up("stranger", {{"email", "ADA@example.com"}});
  const auto open = fresh.sign_up("fresh", {{"email", "fresh@example.com"}});
  EXPECT_EQ(taken.status, open.status);
  EXPECT_EQ(at(taken, "user/pending_email"), "ADA@example.com");
  EXPECT_EQ(at(open, "user/pending_email"), "fresh@example.com");
  const auto letter = world.letter_to(ada_mail);
  EXPECT_EQ(letter.subject, "You already have an account");
  EXPECT_EQ(letter.code, "");
  EXPECT_EQ(stranger.post("/v1/verify", {{"code", "123456"}}).code(), "challenge.wrong_code") << "as for a free one";
}

// ASVS 6.3.7
TEST_P(EmailAddress, change_takes_effect_when_the_new_address_is_confirmed_and_can_be_taken_back) {
  auto ada = confirmed("ada");
  auto thief = ada;
  EXPECT_EQ(thief.patch("/v1/me", {{"email", new_mail}}).status, 200);
  EXPECT_EQ(at(ada.get("/v1/me"), "email"), ada_mail) << "not yet";
  EXPECT_EQ(thief.post("/v1/verify", {{"code", world.letter_to(new_mail).code}}).status, 200);
  EXPECT_EQ(at(ada.get("/v1/me"), "email"), new_mail);
  const auto notice = world.letter_to(ada_mail);
  const auto link = link_in(notice, "/verify/undo");
  ASSERT_NE(link, "") << notice.text;
  auto owner = world.client();
  EXPECT_EQ(owner.get(link).status, 200);
  EXPECT_EQ(thief.get("/v1/session").status, 200) << "to look does nothing";
  EXPECT_EQ(owner.submit(link, {}, "/verify/undo").status, 303);
  EXPECT_EQ(thief.get("/v1/session").status, 401);
  EXPECT_EQ(world.client().sign_in(new_mail).status, 401);
  EXPECT_EQ(world.client().sign_in(ada_mail).status, 200);
  EXPECT_EQ(owner.get(link).status, 410) << "once";
}

TEST_P(EmailAddress, second_change_does_not_take_the_way_back_from_the_first_owner) {
  auto thief = confirmed("ada");
  for (const char* address : {new_mail, "third@example.com"}) {
    EXPECT_EQ(thief.patch("/v1/me", {{"email", address}}).status, 200);
    EXPECT_EQ(thief.post("/v1/verify", {{"code", world.letter_to(address).code}}).status, 200);
  }
  const auto of_owner = link_in(world.letter_to(ada_mail), "/verify/undo");
  const auto of_thief = link_in(world.letter_to(new_mail), "/verify/undo");
  EXPECT_EQ(world.client().submit(of_thief, {}, "/verify/undo").status, 303);
  EXPECT_EQ(world.client().submit(of_owner, {}, "/verify/undo").status, 303) << "the older one works on";
  EXPECT_EQ(world.client().get(of_thief).status, 410);
  EXPECT_EQ(world.client().sign_in(ada_mail).status, 200);
}

TEST_P(EmailAddress, undo_link_works_for_a_week) {
  auto ada = confirmed("ada");
  ada.patch("/v1/me", {{"email", new_mail}});
  ada.post("/v1/verify", {{"code", world.letter_to(new_mail).code}});
  const auto link = link_in(world.letter_to(ada_mail), "/verify/undo");
  world.advance(24h * 7 - 1s);
  EXPECT_EQ(world.client().get(link).status, 200);
  world.advance(1s);
  EXPECT_EQ(world.client().get(link).status, 410);
}

TEST_P(EmailAddress, thousand_redemptions_of_one_link_are_one) {
  auto ada = signed_up("ada");
  const auto token = secret_in(link_in(world.letter_to(ada_mail), "/verify/link"));
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, browser = ada]() mutable {
        for (int j = 0; j < 25; ++j) {
          if (browser.post("/v1/verify/link", {{"link", token}}).status == 204) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right.load(), 1);
}

TEST_P(EmailAddress, links_begin_with_the_public_url_whatever_a_request_says) {
  auto client = world.client();
  client.header("X-Forwarded-Host", "evil.example").header("Forwarded", "host=evil.example");
  EXPECT_EQ(client.sign_up("ada", {{"email", ada_mail}}).status, 201);
  const auto letter = world.letter_to(ada_mail);
  EXPECT_EQ(letter.text.find("evil"), std::string::npos);
  EXPECT_EQ(letter.html.find("evil"), std::string::npos);
  EXPECT_NE(link_in(letter, "/verify/link"), "");
}

TEST_P(EmailAddress, letters_are_in_the_language_of_the_pages) {
  auto client = world.client();
  client.header("Accept-Language", "de");
  EXPECT_EQ(client.sign_up("ada", {{"email", ada_mail}}).status, 201);
  EXPECT_NE(world.letter_to(ada_mail).subject.find("ist Ihr Code"), std::string::npos);
}

TEST_P(EmailAddress, pages_do_it_without_scripts) {
  auto browser = world.client();
  const auto in = browser.submit("/signup", {{"name", "Ada"},
                                             {"uid", "ada"},
                                             {"email", ada_mail},
                                             {"password", good_password},
                                             {"password_confirm", good_password}});
  EXPECT_EQ(in.header("Location"), "/verify");
  EXPECT_NE(browser.follow(in).body.find(ada_mail), std::string::npos);
  EXPECT_NE(world.letter_to(ada_mail).code, "");
  EXPECT_EQ(browser.submit("/verify", {{"code", "000000"}}).status, 422);
  EXPECT_EQ(browser.submit("/verify", {}, "/verify/resend").header("Location"), "/verify");
  const auto right = browser.submit("/verify", {{"code", world.letter_to(ada_mail).code}});
  EXPECT_EQ(right.header("Location"), "/account");
  EXPECT_NE(browser.follow(right).body.find("is confirmed"), std::string::npos);
  EXPECT_EQ(browser.get("/verify").header("Location"), "/account");
}

TEST_P(EmailAddress, saving_the_profile_leaves_an_address_that_waits_alone) {
  auto ada = signed_up("ada");
  EXPECT_EQ(ada.submit("/account", {{"name", "Ada L"}, {"email", ada_mail}}).status, 303);
  EXPECT_EQ(at(ada.get("/v1/me"), "pending_email"), ada_mail);
  EXPECT_EQ(world.letters_to(ada_mail), 1) << "and sends nothing again";
}

TEST_P(EmailAddress, operators_word_is_enough) {
  signed_up("ada");
  const Context by_operator{.now = world.now(),
                            .origin = {.surface = "cli"},
                            .principal = Principal{.permissions = Permissions{Role::owner}}};
  EXPECT_TRUE(account::change_profile(world.house().account(), by_operator, world.id_of("ada"),
                                      {.email = std::string{new_mail}})
                  .ok());
  EXPECT_EQ(world.client().sign_in(new_mail).status, 200);
}

TEST_P(EmailAddress, each_step_is_in_the_trail) {
  auto ada = confirmed("ada");
  ada.patch("/v1/me", {{"email", new_mail}});
  ada.post("/v1/verify", {{"code", world.letter_to(new_mail).code}});
  world.client().submit(link_in(world.letter_to(ada_mail), "/verify/undo"), {}, "/verify/undo");
  signed_up("bob", "bob@example.com");
  const auto link = link_in(world.letter_to("bob@example.com"), "/verify/link");
  world.client().submit(link, {}, "/verify/refuse");
  const auto kinds = world.audit_kinds();
  for (const char* kind : {"user.email.requested", "user.email.verified", "user.email.changed", "user.email.undone",
                           "user.email.refused"}) {
    EXPECT_NE(kinds.find(kind), std::string::npos) << kind;
  }
}

}  // namespace
}  // namespace cardea::api_tests
