// Security keys as the second step of a sign-in, and what a session that has shown less may not do.

#include "tests/api/passkey_scene.hpp"

namespace cardea::api_tests {
namespace {

class SecurityKey : public ::testing::TestWithParam<std::string> {
 protected:
  PasskeyScene scene{GetParam()};
  World& world = scene.world;
  Client ann = scene.owner("ann");
  SoftAuthenticator key;
  SecurityKey() { EXPECT_EQ(scene.add(ann, key, touched(), "security_key").status, 201); }

  /// What a key without a PIN does.
  static Ceremony touched(std::string challenge = {}) {
    return {.challenge = std::move(challenge), .user_verified = false, .backup_eligible = false, .backed_up = false};
  }
};
INSTANTIATE_TEST_SUITE_P(engines, SecurityKey, testing_support::both_engines(), testing_support::engine_name);

// ASVS 6.3.3
TEST_P(SecurityKey, is_asked_for_after_the_password_and_completes_the_sign_in) {
  auto browser = scene.halfway("ann");
  const auto begun = browser.post("/v1/passkeys/second-factor/options");
  EXPECT_EQ(begun.text("options/allowCredentials/0/id"), key.id_text());
  const auto answer = scene.send_second(browser, key.get(touched(begun.text("options/challenge"))));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.text("state"), "complete");
  EXPECT_EQ(browser.get("/v1/session").status, 200);
}

TEST_P(SecurityKey, is_no_first_step) {
  auto browser = world.client();
  EXPECT_EQ(scene.sign_in(browser, key, "ann", {.backup_eligible = false, .backed_up = false}).code(),
            "webauthn.not_verified");
}

// C2, C4: of this account, and in answer to a challenge that was given to this very sign-in.
TEST_P(SecurityKey, C4_answers_the_challenge_of_its_own_sign_in_once) {
  auto browser = scene.halfway("ann");
  auto other = scene.halfway("ann");
  const auto challenge = scene.second_challenge(browser);
  EXPECT_EQ(scene.send_second(other, key.get(touched(challenge))).code(), "invalid_code");
  EXPECT_EQ(scene.send_second(browser, key.get(touched(scene.sign_in_challenge(browser)))).code(), "invalid_code");
  EXPECT_EQ(scene.send_second(browser, SoftAuthenticator{}.get(touched(challenge))).code(), "invalid_code");
  EXPECT_EQ(browser.post("/v1/signin/security_key", {{"code", "{}"}}).code(), "invalid_code");
  const auto shown = key.get(touched(challenge));
  auto copy = browser;
  EXPECT_EQ(scene.send_second(browser, shown).status, 200);
  EXPECT_EQ(scene.send_second(copy, shown).code(), "signin_expired");
}

TEST_P(SecurityKey, C2_of_somebody_else_is_refused) {
  auto bob = scene.owner("bob");
  const SoftAuthenticator bobs;
  EXPECT_EQ(scene.add(bob, bobs, touched(), "security_key").status, 201);
  auto browser = scene.halfway("ann");
  EXPECT_EQ(scene.send_second(browser, bobs.get(touched(scene.second_challenge(browser)))).code(), "invalid_code");
  EXPECT_EQ(
      scene.send_second(browser, key.get(touched(scene.second_challenge(browser))), scene.handle_of("bob")).code(),
      "invalid_code");
  EXPECT_EQ(browser.get("/v1/session").status, 401);
}

TEST_P(SecurityKey, C4_challenge_lasts_five_minutes) {
  auto browser = scene.halfway("ann");
  const auto challenge = scene.second_challenge(browser);
  world.advance(5min);
  EXPECT_EQ(scene.send_second(browser, key.get(touched(challenge))).code(), "invalid_code");
  EXPECT_EQ(scene.send_second(browser, key.get(touched(scene.second_challenge(browser)))).status, 200);
}

// B9: ann's session has shown the password alone, and now there is something stronger.
TEST_P(SecurityKey, B9_weaker_session_neither_adds_nor_removes_what_is_stronger) {
  const auto id = ann.get("/v1/me/passkeys").text("data/0/id");
  EXPECT_EQ(ann.del("/v1/me/passkeys/" + id).code(), "reauth_required");
  EXPECT_EQ(ann.patch("/v1/me/passkeys/" + id, {{"name", "Mine"}}).code(), "reauth_required");
  EXPECT_EQ(ann.post("/v1/passkeys/register/options", {{"kind", "passkey"}}).code(), "reauth_required");
  EXPECT_EQ(ann.reauthenticate().status, 200);
  EXPECT_EQ(ann.del("/v1/me/passkeys/" + id).code(), "reauth_required") << "the password again is not enough";

  auto browser = scene.halfway("ann");
  scene.send_second(browser, key.get(touched(scene.second_challenge(browser))));
  EXPECT_EQ(browser.patch("/v1/me/passkeys/" + id, {{"name", "Blue"}}).status, 200);
  world.advance(11min);
  EXPECT_EQ(browser.del("/v1/me/passkeys/" + id).code(), "reauth_required");
  auto again = scene.halfway("ann");
  scene.send_second(again, key.get(touched(scene.second_challenge(again))));
  EXPECT_EQ(again.del("/v1/me/passkeys/" + id).status, 204);
  EXPECT_EQ(world.client().sign_in("ann").text("state"), "complete") << "no second step any more";
}

// A9: who has a second factor and signs in by a passkey has shown two at once.
TEST_P(SecurityKey, A9_passkey_beside_it_signs_in_with_two_factors) {
  auto browser = scene.halfway("ann");
  scene.send_second(browser, key.get(touched(scene.second_challenge(browser))));
  const SoftAuthenticator phone;
  EXPECT_EQ(scene.add(browser, phone).status, 201);
  auto fresh = world.client();
  EXPECT_EQ(scene.sign_in(fresh, phone, "ann").text("state"), "complete");
  EXPECT_EQ(fresh.del("/v1/me/passkeys/" + fresh.get("/v1/me/passkeys").text("data/1/id")).status, 204);
}

TEST_P(SecurityKey, page_of_the_second_step_takes_it_in_place_of_a_code) {
  auto browser = world.client();
  auto answer = browser.submit("/signin", {{"uid", "ann"}, {"password", good_password}});
  EXPECT_EQ(answer.header("Location"), "/signin/verify?next=");
  EXPECT_TRUE(browser.get("/signin/verify").mentions("data-passkey-step"));
  const auto shown = to_json_value(key.get(touched(scene.second_challenge(browser))), "");
  answer = browser.submit("/signin/verify", {{"code", wire::to_json(shown)}});
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(browser.get("/v1/session").status, 200);
}

}  // namespace
}  // namespace cardea::api_tests
