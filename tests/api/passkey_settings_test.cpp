// What settings bound: attempts, ceremonies and origins; and the switch.

#include "passkey/passkey.hpp"
#include "tests/api/passkey_scene.hpp"

namespace cardea::api_tests {
namespace {

TEST(PasskeyBudget, attempts_are_charged_to_the_network_before_they_are_judged) {
  PasskeyScene scene{"sqlite", [](app::Settings& settings) {
                       settings.authn_budgets.address.free = 3;
                       settings.authn_budgets.address.regain = 24h;
                     }};
  auto ann = scene.owner("ann");
  const SoftAuthenticator key;
  scene.add(ann, key);
  auto browser = scene.world.client();
  EXPECT_EQ(scene.sign_in(browser, key, "ann").status, 200) << "given back";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(scene.sign_in(browser, SoftAuthenticator{}, "ann").code(), "passkey.unknown");
  EXPECT_EQ(scene.sign_in(browser, key, "ann").code(), "rate_limited");
  auto elsewhere = scene.world.client();
  elsewhere.from("198.51.100.7");
  EXPECT_EQ(scene.sign_in(elsewhere, key, "ann").status, 200);
}

// B6: whoever spends the budget of passwords does not shut out who has a passkey.
TEST(PasskeyBudget, is_not_that_of_passwords) {
  PasskeyScene scene;
  auto ann = scene.owner("ann");
  const SoftAuthenticator key;
  scene.add(ann, key);
  for (int i = 0; i < 8; ++i) scene.world.client().sign_in("ann", wrong_password);
  EXPECT_EQ(scene.world.client().sign_in("ann").status, 429);
  auto browser = scene.world.client();
  EXPECT_EQ(scene.sign_in(browser, key, "ann").status, 200);
}

TEST(PasskeyBudget, ceremonies_are_charged) {
  PasskeyScene scene{"sqlite",
                     [](app::Settings& settings) { settings.features.of<passkey::Settings>().ceremonies.free = 2; }};
  auto ann = scene.owner("ann");
  auto stranger = scene.world.client();
  for (int i = 0; i < 2; ++i) scene.sign_in_challenge(stranger);
  EXPECT_EQ(stranger.post("/v1/passkeys/authenticate/options").status, 429);
  for (int i = 0; i < 2; ++i) scene.creation_challenge(ann);
  EXPECT_EQ(ann.post("/v1/passkeys/register/options", {{"kind", "passkey"}}).status, 429);
}

TEST(PasskeySettings, related_origins_may_use_them_and_are_published) {
  PasskeyScene scene{"sqlite", [](app::Settings& settings) {
                       settings.features.of<passkey::Settings>().related_origins = {"https://auth.example"};
                     }};
  auto ann = scene.owner("ann");
  const SoftAuthenticator key;
  scene.add(ann, key);
  auto browser = scene.world.client();
  EXPECT_EQ(scene.sign_in(browser, key, "ann", {.origin = "https://other.example"}).status, 422);
  EXPECT_EQ(scene.sign_in(browser, key, "ann", {.origin = "https://auth.example"}).status, 200);
  EXPECT_EQ(browser.get("/.well-known/webauthn").body, R"({"origins":["https://auth.example"]})");
  EXPECT_EQ(World{}.client().get("/.well-known/webauthn").status, 404);
  EXPECT_EQ(browser.get("/.well-known/passkey-endpoints").text("enroll"),
            "https://auth.test/account/security/passkeys");
}

TEST(PasskeySettings, switched_off_leaves_nothing) {
  World world{[](app::Settings& settings) { settings.switches["passkeys"] = false; }};
  auto ann = world.client();
  EXPECT_TRUE(ann.get("/signin").mentions("name=\"uid\""));
  EXPECT_FALSE(ann.get("/signin").mentions("data-passkey"));
  ann.sign_up("ann");
  EXPECT_EQ(ann.post("/v1/passkeys/authenticate/options").status, 404);
  EXPECT_EQ(ann.get("/v1/me/passkeys").status, 404);
  EXPECT_EQ(ann.get("/account/security/passkeys").status, 404);
}

}  // namespace
}  // namespace cardea::api_tests
