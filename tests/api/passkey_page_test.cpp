// The pages of passkeys, as they are without scripts: listed, renamed, removed, and declined.

#include "tests/api/passkey_scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* list = "/account/security/passkeys";

class PasskeyPage : public ::testing::Test {
 protected:
  PasskeyScene scene;
  World& world = scene.world;
  Client ann = scene.owner("ann");
  SoftAuthenticator key;
};

TEST_F(PasskeyPage, lists_renames_and_removes) {
  EXPECT_TRUE(ann.get(list).mentions("No passkeys yet."));
  scene.add(ann, key);
  const auto page = ann.get(list);
  EXPECT_TRUE(page.mentions("<bdi>Passkey</bdi>"));
  EXPECT_TRUE(page.mentions("data-ids=\"" + key.id_text() + "\""));
  EXPECT_TRUE(page.mentions("never used"));

  auto answer = ann.submit(list, {{"name", "Work <laptop>"}}, "/account/security/passkeys/name");
  EXPECT_EQ(answer.status, 303);
  EXPECT_TRUE(ann.follow(answer).mentions("The new name is saved."));
  EXPECT_TRUE(ann.get(list).mentions("Work &lt;laptop&gt;"));
  answer = ann.submit(list, {{"name", " "}}, "/account/security/passkeys/name");
  EXPECT_EQ(answer.status, 422);
  EXPECT_TRUE(answer.mentions("Enter a name."));

  answer = ann.submit(list, {}, "/account/security/passkeys/remove");
  EXPECT_EQ(answer.status, 303);
  EXPECT_TRUE(ann.follow(answer).mentions("The passkey is removed."));
  EXPECT_EQ(scene.passkeys(), 0);
}

TEST_F(PasskeyPage, keeps_the_last_way_in_and_says_so) {
  scene.add(ann, key);
  world.database().write([](db::Tx& tx) { tx.run("DELETE FROM password"); });
  const auto answer = ann.submit(list, {}, "/account/security/passkeys/remove");
  EXPECT_EQ(answer.status, 409);
  EXPECT_TRUE(answer.mentions("This is the last way into your account."));
}

TEST_F(PasskeyPage, asks_for_a_recent_proof) {
  scene.add(ann, key);
  const auto page = ann.get(list);
  world.advance(11min);
  const auto answer = ann.submit(list, {}, "/account/security/passkeys/remove");
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.header("Location"), "/reauth?next=%2Faccount%2Fsecurity%2Fpasskeys");
  EXPECT_EQ(scene.passkeys(), 1);
}

TEST_F(PasskeyPage, offer_is_declined_for_thirty_days) {
  const std::string offer = "/passkey/new?next=%2Faccount%2Fsessions";
  EXPECT_EQ(ann.get(offer).status, 200);
  EXPECT_TRUE(ann.get(offer).mentions("data-next=\"/account/sessions\""));
  const auto answer = ann.submit(offer, {}, "/passkey/new");
  EXPECT_EQ(answer.header("Location"), "/account/sessions");
  EXPECT_NE(answer.set_cookie("__Host-cardea-passkey-later").find("Max-Age=2592000"), std::string::npos);
  EXPECT_EQ(ann.get(offer).header("Location"), "/account/sessions") << "not offered again";
  ann.drop_cookie("__Host-cardea-passkey-later");
  EXPECT_EQ(ann.get(offer).status, 200);
  EXPECT_EQ(ann.get("/passkey/new?next=https://evil.test").status, 200);
  EXPECT_FALSE(ann.get("/passkey/new?next=https://evil.test").mentions("evil.test"));
  scene.add(ann, key);
  EXPECT_EQ(ann.get(offer).header("Location"), "/account/sessions") << "who has one needs no offer";
}

TEST_F(PasskeyPage, sign_in_page_has_a_button_that_scripts_show) {
  const auto page = world.client().get("/signin");
  EXPECT_TRUE(page.mentions("<div data-passkey-signin hidden"));
  EXPECT_TRUE(page.mentions("autocomplete=\"username webauthn\""));
}

}  // namespace
}  // namespace cardea::api_tests
