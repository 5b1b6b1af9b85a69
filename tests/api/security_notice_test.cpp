// What the owner of an account is written when something happens to how one gets into it.

#include "security_notice/security_notice.hpp"
#include "tests/api/letters.hpp"
#include "tests/api/mfa_scene.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::with_mail;

constexpr const char* ada_mail = "ada@example.com";

class SecurityNotice : public ::testing::TestWithParam<std::string> {
 protected:
  MfaScene scene{GetParam(), [](app::Settings& settings) {
                   with_mail(settings);
                   settings.mail.address.free = 100;
                   settings.authn_budgets.codes.unguessable.free = 100;
                 }};
  World& world = scene.world;

  Client ada() {
    auto client = world.client();
    client.sign_up("ada", {{"email", ada_mail}});
    EXPECT_EQ(client.post("/v1/verify", {{"code", world.letter_to(ada_mail).code}}).status, 200);
    return client;
  }
  /// The subjects of letters to this address after the first so many.
  std::int64_t letters(std::string_view to = ada_mail) {
    world.run_queue();
    return world.letters_to(to);
  }
};
INSTANTIATE_TEST_SUITE_P(engines, SecurityNotice, testing_support::both_engines(), testing_support::engine_name);

TEST_P(SecurityNotice, sign_up_writes_nothing_but_the_confirmation) {
  auto client = ada();
  EXPECT_EQ(letters(), 1);
}

// ASVS 6.3.5
TEST_P(SecurityNotice, new_browser_is_told_once_with_time_browser_and_network) {
  auto first = ada();
  auto other = world.client();
  const auto before = letters();
  EXPECT_EQ(other.sign_in("ada").status, 200);
  EXPECT_EQ(letters(), before + 1);
  const auto letter = world.letter_to(ada_mail);
  EXPECT_EQ(letter.subject, "New sign-in to your account");
  EXPECT_NE(letter.text.find("23 November 2026, 12:00 UTC"), std::string::npos) << letter.text;
  EXPECT_NE(letter.text.find("Browser: "), std::string::npos);
  EXPECT_EQ(link_in(letter, "/activity"), "/activity");
  other.post("/v1/signout", {});
  EXPECT_EQ(other.sign_in("ada").status, 200);
  EXPECT_EQ(letters(), before + 1) << "it is known now";
}

TEST_P(SecurityNotice, program_without_cookies_leaves_room_for_other_letters) {
  auto session = ada();
  const auto before = letters();
  for (int i = 0; i < 8; ++i) EXPECT_EQ(world.client().sign_in("ada").status, 200);
  EXPECT_EQ(letters(), before + 3) << "notice.browsers";
  const auto changed =
      session.post("/v1/me/password", {{"current_password", good_password}, {"password", "seven quiet harbour lamps"}});
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(world.letter_to(ada_mail).subject, "Your password was changed");
}

TEST_P(SecurityNotice, nothing_is_written_to_an_address_that_nobody_confirmed) {
  auto client = world.client();
  client.sign_up("ada", {{"email", ada_mail}});
  EXPECT_EQ(letters(), 1) << "the letter that asks to confirm it";
  EXPECT_EQ(world.client().sign_in("ada").status, 200);
  EXPECT_EQ(letters(), 1);
}

// ASVS 6.3.7
TEST_P(SecurityNotice, change_of_credentials_is_told) {
  auto session = ada();
  EXPECT_EQ(letters(), 1);
  world.advance(1s);
  auto app = scene.enrol_app(session);
  EXPECT_EQ(world.letter_to(ada_mail).subject, "A second factor was set up");
  world.advance(1s);
  const auto codes = scene.make_codes(session);
  EXPECT_EQ(world.letter_to(ada_mail).subject, "New recovery codes were made");
  auto other = scene.halfway("ada");
  EXPECT_EQ(send(other, codes[0], "recovery_code").json("state"), "complete");
  world.run_queue();
  EXPECT_EQ(letters(), 5) << "the code, and the browser";
  EXPECT_EQ(world.log().find(codes[0]), std::string::npos);
}

TEST_P(SecurityNotice, used_recovery_code_says_how_many_are_left) {
  auto session = ada();
  auto app = scene.enrol_app(session);
  const auto codes = scene.make_codes(session);
  // In a browser that the account knows: this letter alone.
  world.run_queue();
  world.advance(1s);
  session.post("/v1/signout", {});
  EXPECT_EQ(session.sign_in("ada").json("state"), "mfa_required");
  EXPECT_EQ(send(session, codes[0], "recovery_code").json("state"), "complete");
  const auto letter = world.letter_to(ada_mail);
  EXPECT_EQ(letter.subject, "A recovery code was used");
  EXPECT_NE(letter.text.find("9 codes are left."), std::string::npos) << letter.text;
}

// ASVS 6.3.7
TEST_P(SecurityNotice, address_that_is_taken_away_is_told) {
  auto session = ada();
  const auto before = letters();
  EXPECT_EQ(session.patch("/v1/me", {{"email", nullptr}}).status, 200);
  EXPECT_EQ(letters(), before + 1);
  EXPECT_EQ(world.letter_to(ada_mail).subject, "Your e-mail address was changed");
}

TEST_P(SecurityNotice, administrator_is_not_shown_to_the_owner) {
  auto session = ada();
  auto root = world.client();
  root.sign_up("boss");
  world.make_admin("boss");
  world.advance(1s);
  const auto before = letters();
  const Context by_boss{.now = world.now(),
                        .origin = {.address = "203.0.113.77", .user_agent = "curl/7.88.1"},
                        .principal = Principal{.account = world.id_of("boss"),
                                               .session = SessionId::parse(root.get("/v1/session").text("session/id")),
                                               .permissions = Permissions{Role::owner}}};
  EXPECT_TRUE(
      account::change_profile(world.house().account(), by_boss, world.id_of("ada"), {.email = "ada@else.example"})
          .ok());
  EXPECT_EQ(letters(), before + 1);
  const auto letter = world.letter_to(ada_mail);
  EXPECT_NE(letter.text.find("by an administrator"), std::string::npos) << letter.text;
  EXPECT_EQ(letter.text.find("Browser"), std::string::npos);
  EXPECT_EQ(letter.text.find("Network"), std::string::npos);
  EXPECT_EQ(letters("ada@else.example"), 0) << "nobody confirmed it";
}

TEST_P(SecurityNotice, is_written_in_the_language_of_the_account) {
  auto session = ada();
  auto german = world.client();
  german.header("Accept-Language", "de");
  EXPECT_EQ(german.sign_in("ada").status, 200);
  EXPECT_EQ(world.letter_to(ada_mail).subject, "Neue Anmeldung bei Ihrem Konto");
}

TEST_P(SecurityNotice, withheld_letter_stops_nothing) {
  world.restart([](app::Settings& settings) {
    with_mail(settings);
    settings.mail.address.free = 1;
  });
  auto session = ada();
  const auto before = letters();
  EXPECT_EQ(world.client().sign_in("ada").status, 200);
  const auto changed =
      session.post("/v1/me/password", {{"current_password", good_password}, {"password", "seven quiet harbour lamps"}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(letters(), before);
}

TEST_P(SecurityNotice, each_kind_can_be_turned_off) {
  world.restart([](app::Settings& settings) {
    with_mail(settings);
    auto& kinds = settings.features.of<security_notice::Settings>();
    kinds.new_browser = kinds.credential = kinds.address = kinds.recovery_code = false;
  });
  auto session = ada();
  const auto before = letters();
  EXPECT_EQ(world.client().sign_in("ada").status, 200);
  EXPECT_EQ(
      session.post("/v1/me/password", {{"current_password", good_password}, {"password", "seven quiet harbour lamps"}})
          .status,
      200);
  EXPECT_EQ(session.patch("/v1/me", {{"email", nullptr}}).status, 200);
  EXPECT_EQ(letters(), before);
}

TEST_P(SecurityNotice, change_that_is_taken_back_writes_nothing) {
  auto session = ada();
  const auto before = letters();
  world.take_back_writes(true);
  world.client().sign_in("ada");
  world.take_back_writes(false);
  EXPECT_EQ(letters(), before);
}

}  // namespace
}  // namespace cardea::api_tests
