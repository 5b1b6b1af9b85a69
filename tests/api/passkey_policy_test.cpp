// Passkeys and security keys under signin.mfa, and what ends when one is added or removed.

#include "tests/api/mfa_scene.hpp"
#include "tests/api/passkey_scene.hpp"

namespace cardea::api_tests {
namespace {

class PasskeyPolicy : public ::testing::TestWithParam<std::string> {
 protected:
  PasskeyScene scene{GetParam()};
  World& world = scene.world;
  Client ann = scene.owner("ann");
  SoftAuthenticator key;

  /// What a key does that is on no other device.
  static Ceremony bound(std::string challenge = {}) {
    return {.challenge = std::move(challenge), .backup_eligible = false, .backed_up = false};
  }
  static Answer add_key(Client& client, const SoftAuthenticator& key) {
    return PasskeyScene::add(client, key, bound(), "security_key");
  }
  /// Another browser that has shown the password and the key.
  Client with_both() {
    auto browser = scene.halfway("ann");
    EXPECT_EQ(scene.send_second(browser, key.get(bound(scene.second_challenge(browser)))).status, 200);
    return browser;
  }
  static Answer remove(Client& client, std::size_t at = 0) {
    const auto id = client.get("/v1/me/passkeys").text("data/" + std::to_string(at) + "/id");
    return client.del("/v1/me/passkeys/" + id);
  }
  bool is_in(Client& client) {
    world.advance(1min);  // memory has asked again
    return client.get("/v1/session").status == 200;
  }
};
INSTANTIATE_TEST_SUITE_P(engines, PasskeyPolicy, testing_support::both_engines(), testing_support::engine_name);

TEST_P(PasskeyPolicy, security_key_is_a_second_factor_and_off_with_them_while_a_passkey_is_none) {
  auto begun = ann;
  const auto challenge = scene.creation_challenge(begun, "security_key");
  world.restart(with_mfa(authn::Mfa::off));
  EXPECT_EQ(ann.post("/v1/passkeys/register/options", {{"kind", "security_key"}}).code(), "mfa_off");
  EXPECT_EQ(scene.add(begun, key, {.challenge = challenge}).code(), "mfa_off") << "begun before";
  EXPECT_FALSE(ann.get("/account/security/passkeys").mentions("data-kind=\"security_key\""));
  EXPECT_EQ(scene.passkeys(), 0);
  EXPECT_EQ(scene.add(ann, key).status, 201);
  EXPECT_TRUE(ann.get("/account/security/passkeys").mentions("data-kind=\"passkey\""));
  EXPECT_EQ(remove(ann).status, 204);
}

TEST_P(PasskeyPolicy, last_security_key_stays_where_a_second_factor_is_required) {
  EXPECT_EQ(add_key(ann, key).status, 201);
  world.restart(with_mfa(authn::Mfa::required));
  auto browser = with_both();
  auto refused = remove(browser);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "last_factor");
  refused = browser.submit("/account/security/passkeys", {}, "/account/security/passkeys/remove");
  EXPECT_EQ(refused.status, 409);
  EXPECT_TRUE(refused.mentions("A second factor is required here."));
  EXPECT_EQ(scene.passkeys(), 1);
  EXPECT_EQ(world.client().sign_in("ann").json("state"), "mfa_required") << "it is asked for still";
  EXPECT_EQ(add_key(browser, SoftAuthenticator{}).status, 201);
  EXPECT_EQ(remove(browser).status, 204);
}

TEST_P(PasskeyPolicy, passkey_beside_it_is_none_by_which_a_password_is_followed) {
  EXPECT_EQ(add_key(ann, key).status, 201);
  world.restart(with_mfa(authn::Mfa::required));
  auto browser = with_both();
  world.advance(1s);  // the second of the list
  EXPECT_EQ(scene.add(browser, SoftAuthenticator{}).status, 201);
  EXPECT_EQ(remove(browser).code(), "last_factor");
  EXPECT_EQ(remove(browser, 1).status, 204) << "the passkey";
}

TEST_P(PasskeyPolicy, last_passkey_stays_where_nothing_else_reaches_what_is_required) {
  EXPECT_EQ(scene.add(ann, key).status, 201);
  world.restart(with_mfa(authn::Mfa::required));
  auto browser = world.client();
  EXPECT_EQ(scene.sign_in(browser, key, "ann").text("state"), "complete");
  EXPECT_EQ(remove(browser).code(), "last_factor");
  EXPECT_EQ(scene.add(browser, SoftAuthenticator{}).status, 201);
  EXPECT_EQ(remove(browser, 1).status, 204);
}

TEST_P(PasskeyPolicy, of_administrators_holds_those_alone) {
  world.client().sign_up("bob");
  EXPECT_EQ(add_key(ann, key).status, 201);
  world.restart(with_mfa(authn::Mfa::admins));
  auto browser = with_both();
  world.give_role("ann", Role::owner);
  EXPECT_EQ(remove(browser).code(), "last_factor");
  world.give_role("ann", Role::user);
  EXPECT_EQ(remove(browser).status, 204);
}

TEST_P(PasskeyPolicy, two_keys_removed_at_once_leave_one) {
  const SoftAuthenticator second;
  EXPECT_EQ(add_key(ann, key).status, 201);
  world.restart(with_mfa(authn::Mfa::required));
  auto browser = with_both();
  EXPECT_EQ(add_key(browser, second).status, 201);
  const auto all = browser.get("/v1/me/passkeys");
  const Texts ids{all.text("data/0/id"), all.text("data/1/id")};
  std::vector<Client> tabs(2, browser);
  testing_support::race(2, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    tabs[at].del("/v1/me/passkeys/" + ids[at]);
  });
  EXPECT_EQ(scene.passkeys(), 1);
}

TEST_P(PasskeyPolicy, added_security_key_ends_what_was_opened_without_it) {
  auto other = world.client();
  other.sign_in("ann");
  auto copy = ann;
  const auto added = add_key(ann, key);
  EXPECT_EQ(added.status, 201);
  EXPECT_NE(added.text("renewed/access_token"), "");
  EXPECT_EQ(world.database().read_one("SELECT COUNT(*) FROM known_browser")->integer(0), 1) << "this one alone";
  EXPECT_EQ(scene.sessions(), 1);
  EXPECT_TRUE(is_in(ann));
  EXPECT_FALSE(is_in(other));
  EXPECT_FALSE(is_in(copy)) << "a cookie that was copied before";
}

TEST_P(PasskeyPolicy, added_passkey_ends_nothing) {
  auto other = world.client();
  other.sign_in("ann");
  const auto added = scene.add(ann, key);
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(added.members().size(), 8U) << "no token of another session: " << added.body;
  EXPECT_TRUE(is_in(ann));
  EXPECT_TRUE(is_in(other));
}

TEST_P(PasskeyPolicy, removed_one_of_either_kind_ends_the_other_sessions_and_all_trust) {
  for (const char* kind : {"passkey", "security_key"}) {
    const SoftAuthenticator one;
    auto browser = world.client();
    browser.sign_in("ann");
    EXPECT_EQ(scene.add(browser, one, {}, kind).status, 201);
    if (std::string_view{kind} == "security_key") {
      browser = scene.halfway("ann");
      EXPECT_EQ(scene.send_second(browser, one.get({.challenge = scene.second_challenge(browser)})).status, 200);
    }
    world.database().write(
        [&](db::Tx& tx) { tx.run("UPDATE known_browser SET trusted_until = $1", world.now() + 1h); });
    auto thief = world.client();
    if (std::string_view{kind} == "passkey") {
      EXPECT_EQ(scene.sign_in(thief, one, "ann").text("state"), "complete");
    } else {
      thief = scene.halfway("ann");
      EXPECT_EQ(scene.send_second(thief, one.get({.challenge = scene.second_challenge(thief)})).status, 200);
    }
    EXPECT_EQ(remove(browser).status, 204);
    EXPECT_EQ(world.database().read_one("SELECT COUNT(*) FROM known_browser WHERE trusted_until > 0")->integer(0), 0);
    EXPECT_EQ(scene.sessions(), 1) << kind;
    EXPECT_FALSE(is_in(thief)) << kind;
    EXPECT_TRUE(is_in(browser)) << kind;
  }
}

}  // namespace
}  // namespace cardea::api_tests
