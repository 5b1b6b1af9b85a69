// Somebody asks for a link by mail: whoever asks learns nothing, and the owner gets in.

#include <algorithm>

#include "http/problem.hpp"
#include "password_reset/password_reset.hpp"
#include "tests/api/letters.hpp"
#include "tests/api/second_factor.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::with_mail;

constexpr const char* ada_mail = "ada@example.com";
constexpr const char* new_password = "nine lanterns on a river";

class Recovery : public ::testing::TestWithParam<const char*> {
 protected:
  World world{with_mail, GetParam()};

  Client ada() {
    auto client = world.client();
    client.sign_up("ada", {{"email", ada_mail}});
    EXPECT_EQ(client.post("/v1/verify", {{"code", world.letter_to(ada_mail).code}}).status, 200);
    return client;
  }
  Answer ask(std::string_view who) { return world.client().post("/v1/recover", {{"uid", who}}); }
  std::string link() { return link_in(world.letter_to(ada_mail), "/password-reset"); }
  Answer complete(const std::string& link, const char* password = new_password) {
    return world.client().post("/v1/recover/complete", {{"link", secret_in(link)}, {"password", password}});
  }
};

INSTANTIATE_TEST_SUITE_P(engines, Recovery, ::testing::Values("sqlite", "postgres"));

// ASVS 6.3.7
TEST_P(Recovery, link_sets_a_new_password_ends_sessions_and_tells_the_address) {
  auto session = ada();
  EXPECT_EQ(ask("ada").status, 204);
  const auto sent = link();
  ASSERT_NE(sent, "");
  EXPECT_EQ(complete(sent).status, 204);
  EXPECT_EQ(world.letter_to(ada_mail).subject, "Your password was changed");
  EXPECT_EQ(session.get("/v1/session").status, 401);
  EXPECT_EQ(world.client().sign_in("ada").status, 401);
  EXPECT_EQ(world.client().sign_in("ada", new_password).status, 200);
  EXPECT_EQ(complete(sent).status, 410) << "once";
}

TEST_P(Recovery, works_by_user_id_and_by_address_in_any_spelling) {
  ada();
  for (const char* who : {"ada", "ADA", "ada@example.com", "Ada@EXAMPLE.com"}) {
    const auto before = world.letters_to(ada_mail);
    EXPECT_EQ(ask(who).status, 204);
    EXPECT_EQ(world.letters_to(ada_mail), before + 1) << who;
  }
}

// ASVS 6.3.8
TEST_P(Recovery, answer_and_statements_are_the_same_whoever_is_asked_for) {
  ada();
  world.client().sign_up("bob", {{"email", "bob@example.com"}});  // not confirmed
  world.client().sign_up("cyd");
  world.disable("cyd");
  world.run_queue();
  std::vector<std::string> bodies;
  std::vector<std::size_t> counts;
  for (const char* who :
       {"ada", ada_mail, "bob", "bob@example.com", "cyd", "nobody", "nobody@example.com", "@@", "x"}) {
    Answer answer;
    counts.push_back(world.statements([&] { answer = ask(who); }).size());
    EXPECT_EQ(answer.status, 204) << who;
    bodies.push_back(answer.body);
  }
  EXPECT_EQ(std::count(bodies.begin(), bodies.end(), bodies.front()), static_cast<std::ptrdiff_t>(bodies.size()));
  EXPECT_EQ(std::count(counts.begin(), counts.end(), counts.front()), static_cast<std::ptrdiff_t>(counts.size()));
  EXPECT_EQ(world.letters_to("bob@example.com"), 1) << "the letter that asks to confirm it, and no other";
}

TEST_P(Recovery, mail_goes_to_the_stored_address_alone) {
  ada();
  for (const char* body :
       {R"({"uid":["ada@example.com","eve@evil.example"]})", R"({"uid":"ada@example.com","uid":"eve@evil.example"})",
        R"({"uid":"ada@example.com","email":"eve@evil.example"})"}) {
    EXPECT_EQ(world.client().post_text("/v1/recover", body).status / 100, 4) << body;
  }
  ask("ada@example.com,eve@evil.example");
  ask("ada@example.com\neve@evil.example");
  EXPECT_EQ(world.letters_to("eve@evil.example"), 0);
}

TEST_P(Recovery, link_is_worth_nothing_after_a_change_of_password_address_or_status) {
  auto session = ada();
  ask("ada");
  const auto before_password = link();
  EXPECT_EQ(session.post("/v1/me/password", {{"current_password", good_password}, {"password", other_password}}).status,
            200);
  EXPECT_EQ(complete(before_password).status, 410);

  ask("ada");
  const auto before_address = link();
  session.patch("/v1/me", {{"email", "countess@example.com"}});
  EXPECT_EQ(session.post("/v1/verify", {{"code", world.letter_to("countess@example.com").code}}).status, 200);
  EXPECT_EQ(complete(before_address).status, 410);

  ask("ada");
  const auto before_block = link_in(world.letter_to("countess@example.com"), "/password-reset");
  world.disable("ada");
  EXPECT_EQ(complete(before_block).status, 410);
}

TEST_P(Recovery, link_ends_after_twenty_minutes_or_with_the_next_one) {
  ada();
  ask("ada");
  const auto first = link();
  ask("ada");
  const auto second = link();
  EXPECT_EQ(complete(first).status, 410);
  world.advance(20min);
  EXPECT_EQ(complete(second).status, 410);
}

TEST_P(Recovery, strangers_cannot_bury_an_owner_in_mail) {
  ada();
  for (int i = 0; i < 40; ++i) {
    auto stranger = world.client();
    stranger.from("198.51.100." + std::to_string(i + 1));
    EXPECT_EQ(stranger.post("/v1/recover", {{"uid", "ada"}}).status, 204);
  }
  EXPECT_LE(world.letters_to(ada_mail), 12);
}

TEST_P(Recovery, one_network_asks_a_few_times_and_waits) {
  int taken = 0;
  for (int i = 0; i < 40; ++i) taken += ask("nobody" + std::to_string(i)).status == 204 ? 1 : 0;
  EXPECT_LE(taken, 11);
}

TEST_P(Recovery, pages_do_it_without_scripts_and_say_the_same_of_everybody) {
  ada();
  auto browser = world.client();
  EXPECT_TRUE(browser.get("/signin").mentions("href=\"/recover\""));
  EXPECT_EQ(browser.submit("/recover", {{"uid", ""}}).status, 422);
  const auto sent = browser.submit("/recover", {{"uid", "ada"}});
  EXPECT_EQ(sent.status, 200);
  auto other = world.client();
  EXPECT_EQ(other.submit("/recover", {{"uid", "nob"}}).status, 200);
  const auto page = link();
  EXPECT_EQ(browser.submit(page, {{"password", new_password}, {"password_confirm", new_password}}, "/password-reset")
                .header("Location"),
            "/signin");
}

// ASVS 6.4.3
TEST(RecoveryWithAFactor, leaves_it_to_be_asked_for) {
  SecondFactorScene scene{"sqlite", with_mail};
  scene.world.client().sign_up("ann", {{"email", "ann@example.com"}});
  auto session = scene.world.client();
  session.sign_in("ann");
  EXPECT_EQ(session.post("/v1/verify", {{"code", scene.world.letter_to("ann@example.com").code}}).status, 200);
  scene.factors.enrol(scene.world.id_of("ann"), AuthMethod::totp);

  auto browser = scene.world.client();
  EXPECT_EQ(browser.post("/v1/recover", {{"uid", "ann"}}).status, 204);
  const auto link = link_in(scene.world.letter_to("ann@example.com"), "/password-reset");
  EXPECT_EQ(browser.post("/v1/recover/complete", {{"link", secret_in(link)}, {"password", new_password}}).status, 204);
  EXPECT_EQ(browser.get("/v1/session").status, 401);
  EXPECT_EQ(browser.sign_in("ann", new_password).json("state"), "mfa_required");
  EXPECT_EQ(browser.get("/v1/session").status, 401);
  EXPECT_EQ(send_code(browser).json("state"), "complete");
}

TEST(RecoveryWithoutMail, is_not_offered) {
  World world;
  world.client().sign_up("ada");
  EXPECT_EQ(world.client().post("/v1/recover", {{"uid", "ada"}}).code(), "mail.not_set_up");
  EXPECT_EQ(world.client().get("/recover").status, 404);
  EXPECT_FALSE(world.client().get("/signin").mentions("/recover"));
}

}  // namespace
}  // namespace cardea::api_tests
