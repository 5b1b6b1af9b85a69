// A passkey shown again by who is signed in, and accounts that have no password at all.

#include <atomic>

#include "tests/api/passkey_scene.hpp"

namespace cardea::api_tests {
namespace {

class PasskeyAgain : public ::testing::TestWithParam<std::string> {
 protected:
  PasskeyScene scene{GetParam()};
  World& world = scene.world;
  Client ann = scene.owner("ann");
  SoftAuthenticator key;
  PasskeyAgain() { EXPECT_EQ(scene.add(ann, key).status, 201); }

  static std::string challenge(Client& client) {
    const auto begun = client.post("/v1/passkeys/reauth/options");
    EXPECT_EQ(begun.status, 200) << begun.body;
    return begun.text("options/challenge");
  }
  static Answer send(Client& client, const webauthn::Assertion& shown, std::string_view handle = {}) {
    return client.post("/v1/reauth", {{"method", "passkey"}, {"code", wire::to_json(to_json_value(shown, handle))}});
  }
  Answer show(Client& client) { return send(client, key.get({.challenge = challenge(client)})); }

  /// Only a passkey signs in from now on.
  void go_without_password() { EXPECT_EQ(ann.del("/v1/me/password").status, 204); }
  Client signed_in_by_passkey() {
    auto browser = world.client();
    EXPECT_EQ(scene.sign_in(browser, key, "ann").text("state"), "complete");
    return browser;
  }
};
INSTANTIATE_TEST_SUITE_P(engines, PasskeyAgain, testing_support::both_engines(), testing_support::engine_name);

TEST_P(PasskeyAgain, makes_a_session_recent_in_place_of_the_password) {
  world.advance(1h);
  EXPECT_EQ(ann.get("/v1/account/export").code(), "reauth_required");
  const auto begun = ann.post("/v1/passkeys/reauth/options");
  EXPECT_EQ(begun.text("options/allowCredentials/0/id"), key.id_text());
  EXPECT_EQ(begun.text("options/userVerification"), "required");
  const auto before = ann;
  EXPECT_EQ(send(ann, key.get({.challenge = begun.text("options/challenge")})).status, 200);
  EXPECT_EQ(ann.get("/v1/account/export").status, 200);
  auto thief = before;
  EXPECT_EQ(thief.get("/v1/session").status, 401) << "what was copied before is worth nothing";
}

TEST_P(PasskeyAgain, C4_answers_the_challenge_of_its_own_session_once) {
  auto other = world.client();
  EXPECT_EQ(other.sign_in("ann").status, 200);
  const auto own = challenge(ann);
  EXPECT_EQ(send(other, key.get({.challenge = own})).code(), "invalid_code");
  EXPECT_EQ(send(ann, key.get({.challenge = scene.sign_in_challenge(ann)})).code(), "invalid_code");
  EXPECT_EQ(send(ann, key.get({.challenge = scene.creation_challenge(ann)})).code(), "invalid_code");
  EXPECT_EQ(send(ann, key.get({.challenge = own, .user_verified = false})).code(), "invalid_code");
  EXPECT_EQ(ann.post("/v1/reauth", {{"method", "passkey"}, {"code", "{}"}}).code(), "invalid_code");
  EXPECT_EQ(show(ann).code(), "rate_limited") << "five wrong ones were judged";
  world.advance(15min);
  const auto shown = key.get({.challenge = challenge(ann)});
  auto copy = ann;
  EXPECT_EQ(send(ann, shown).status, 200);
  EXPECT_EQ(send(copy, shown).code(), "unauthenticated") << "that session is replaced";
  EXPECT_EQ(send(ann, shown).code(), "invalid_code");
}

TEST_P(PasskeyAgain, C2_of_somebody_else_or_a_security_key_is_refused) {
  auto bob = scene.owner("bob");
  const SoftAuthenticator bobs;
  const SoftAuthenticator own_key;
  EXPECT_EQ(scene.add(bob, bobs).status, 201);
  EXPECT_EQ(send(ann, bobs.get({.challenge = challenge(ann)})).code(), "invalid_code");
  EXPECT_EQ(send(ann, key.get({.challenge = challenge(ann)}), scene.handle_of("bob")).code(), "invalid_code");
  EXPECT_EQ(scene.add(ann, own_key, {}, "security_key").status, 201);
  EXPECT_EQ(send(ann, own_key.get({.challenge = challenge(ann)})).code(), "invalid_code");
  auto carol = scene.owner("carol");
  EXPECT_EQ(send(carol, key.get({.challenge = challenge(carol)})).code(), "not_found") << "who has none";
}

TEST_P(PasskeyAgain, password_is_taken_away_where_something_better_signs_in) {
  auto dan = scene.owner("dan");
  EXPECT_EQ(dan.del("/v1/me/password").code(), "no_other_way_in");
  EXPECT_EQ(world.client().sign_in("dan").status, 200) << "it is still there";
  auto other = world.client();
  EXPECT_EQ(other.sign_in("ann").status, 200);
  world.advance(1h);
  EXPECT_EQ(ann.del("/v1/me/password").code(), "reauth_required");
  EXPECT_EQ(show(ann).status, 200);
  go_without_password();
  EXPECT_EQ(ann.del("/v1/me/password").code(), "not_found");
  EXPECT_EQ(other.get("/v1/session").status, 401) << "every other session ends";
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  EXPECT_EQ(world.client().sign_in("ann").code(), "invalid_credentials");
  EXPECT_EQ(ann.reauthenticate().code(), "invalid_credentials");
  EXPECT_NE(world.audit_kinds().find("user.password.removed"), std::string::npos);
  auto again = signed_in_by_passkey();
  EXPECT_EQ(again.get("/v1/account/export").status, 200) << "a passkey shows all that there is";
}

TEST_P(PasskeyAgain, last_passkey_stays_where_there_is_no_password) {
  go_without_password();
  const auto path = "/v1/me/passkeys/" + ann.get("/v1/me/passkeys").text("data/0/id");
  EXPECT_EQ(ann.del(path).code(), "passkey.last_way_in");
  auto browser = signed_in_by_passkey();
  EXPECT_EQ(browser.del(path).code(), "passkey.last_way_in");
}

TEST_P(PasskeyAgain, of_the_last_passkey_and_the_password_one_is_left_whoever_is_first) {
  const auto path = "/v1/me/passkeys/" + ann.get("/v1/me/passkeys").text("data/0/id");
  std::atomic<int> removed = 0;
  testing_support::race(8, [&](int i) {
    auto tab = ann;
    if ((i % 2 == 0 ? tab.del(path) : tab.del("/v1/me/password")).status == 204) ++removed;
  });
  EXPECT_EQ(removed, 1);
}

TEST_P(PasskeyAgain, first_password_is_set_by_who_has_just_shown_what_there_is) {
  auto thief = world.client();
  EXPECT_EQ(thief.sign_in("ann").status, 200);
  EXPECT_EQ(ann.post("/v1/me/password", {{"password", "seven quiet harbour lamps"}}).problems(),
            (std::vector<std::string>{"current_password:required"}))
      << "who has one shows it";
  go_without_password();
  world.advance(1h);
  EXPECT_EQ(ann.post("/v1/me/password", {{"password", "seven quiet harbour lamps"}}).code(), "reauth_required");
  EXPECT_EQ(
      ann.post("/v1/me/password", {{"current_password", good_password}, {"password", "seven quiet harbour lamps"}})
          .problems(),
      (std::vector<std::string>{"current_password:wrong_password"}));
  EXPECT_EQ(show(ann).status, 200);
  EXPECT_EQ(ann.post("/v1/me/password", {{"password", "short"}}).status, 422);
  const auto set = ann.post("/v1/me/password", {{"password", "seven quiet harbour lamps"}});
  EXPECT_EQ(set.status, 200) << set.body;
  EXPECT_EQ(world.client().sign_in("ann", "seven quiet harbour lamps").status, 200);
  EXPECT_EQ(world.client().sign_in("ann").code(), "invalid_credentials");
}

TEST_P(PasskeyAgain, first_password_is_set_once) {
  go_without_password();
  std::atomic<int> set = 0;
  testing_support::race(6, [&](int i) {
    auto tab = ann;
    if (tab.post("/v1/me/password", {{"password", "seven quiet harbour " + std::to_string(i)}}).status == 200) ++set;
  });
  EXPECT_EQ(set, 1);
}

// What waits for a second step rests on the password that was shown, not on another of the same account.
TEST_P(PasskeyAgain, sign_in_that_began_with_a_password_ends_with_it) {
  const SoftAuthenticator second;
  EXPECT_EQ(scene.add(ann, second, {}, "security_key").status, 201);
  auto halfway = scene.halfway("ann");
  auto browser = signed_in_by_passkey();
  EXPECT_EQ(browser.del("/v1/me/password").status, 204);
  EXPECT_EQ(browser.post("/v1/me/password", {{"password", "seven quiet harbour lamps"}}).status, 200);
  EXPECT_NE(scene.send_second(halfway, second.get({.challenge = scene.second_challenge(halfway)})).status, 200);
  EXPECT_EQ(halfway.get("/v1/session").status, 401);
}

TEST_P(PasskeyAgain, pages_do_without_a_password) {
  EXPECT_TRUE(ann.get("/account/security").mentions("/account/security/password/remove"));
  EXPECT_TRUE(ann.get("/reauth").mentions("data-passkey-again"));
  EXPECT_FALSE(scene.owner("eve").get("/account/security").mentions("/account/security/password/remove"));
  const auto removed = ann.submit("/account/security", {}, "/account/security/password/remove");
  EXPECT_EQ(removed.status, 303) << removed.body;
  const auto page = ann.follow(removed);
  EXPECT_TRUE(page.mentions("Set a password")) << page.body;
  EXPECT_FALSE(page.mentions("current_password"));
  world.advance(1h);
  const auto reauth = ann.get("/reauth?next=%2Faccount%2Fdelete");
  EXPECT_FALSE(reauth.mentions("type=\"password\"")) << reauth.body;
  EXPECT_TRUE(reauth.mentions("data-passkey-again"));
  const auto shown = key.get({.challenge = challenge(ann)});
  const auto next = ann.submit("/reauth?next=%2Faccount%2Fdelete",
                               {{"method", "passkey"}, {"code", wire::to_json(to_json_value(shown, {}))}}, "/reauth");
  EXPECT_EQ(next.header("Location"), "/account/delete") << next.body;
  const auto set = ann.submit("/account/security", {{"password", "seven quiet harbour lamps"},
                                                    {"password_confirm", "seven quiet harbour lamps"}});
  EXPECT_EQ(set.status, 303) << set.body;
  EXPECT_EQ(world.client().sign_in("ann", "seven quiet harbour lamps").status, 200);
}

}  // namespace
}  // namespace cardea::api_tests
