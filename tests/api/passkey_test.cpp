// Passkeys: made, used to sign in, listed, renamed, removed; and what of each is refused. The names C1 to C5 are the
// classes of failure that products had.

#include <atomic>

#include "http/problem.hpp"
#include "passkey/passkey.hpp"
#include "tests/api/passkey_scene.hpp"

namespace cardea::api_tests {
namespace {

class Passkey : public ::testing::TestWithParam<std::string> {
 protected:
  PasskeyScene scene{GetParam()};
  World& world = scene.world;
  Client ann = scene.owner("ann");
  SoftAuthenticator key;
};
INSTANTIATE_TEST_SUITE_P(engines, Passkey, testing_support::both_engines(), testing_support::engine_name);

TEST_P(Passkey, is_made_and_signs_in_with_two_factors_at_once) {
  const auto made = scene.add(ann, key);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.text("kind"), "passkey");
  EXPECT_EQ(made.text("credential_id"), key.id_text());
  EXPECT_EQ(made.header("Location"), "/v1/me/passkeys/" + made.text("id"));
  EXPECT_TRUE(made.json("last_used_at").is<std::nullptr_t>());

  world.advance(1h);
  auto browser = world.client();
  const auto answer = scene.sign_in(browser, key, "ann");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.text("state"), "complete");
  EXPECT_EQ(answer.text("user/uid"), "ann");
  EXPECT_EQ(browser.get("/v1/session").status, 200);
  const auto jwt = answer.text("access_token");
  const auto begin = jwt.find('.') + 1;
  const auto claims = encoding::parse_base64url(std::string_view{jwt}.substr(begin, jwt.find('.', begin) - begin));
  EXPECT_NE(as_text(*claims).find(R"("amr":["hwk","mfa"])"), std::string::npos) << as_text(*claims);
  EXPECT_NE(as_text(*claims).find(R"("acr":"aal2")"), std::string::npos);
  EXPECT_EQ(browser.get("/v1/me/passkeys").text("data/0/last_used_at"), "2026-11-23T13:00:00.000Z");
  EXPECT_EQ(world.audit_kinds(), "passkey.created signup.completed signin.succeeded");
}

TEST_P(Passkey, each_algorithm_and_attestation_is_taken) {
  for (const auto algorithm : {crypto::Algorithm::es256, crypto::Algorithm::eddsa, crypto::Algorithm::rs256}) {
    const SoftAuthenticator one{algorithm};
    EXPECT_EQ(scene.add(ann, one, {.attests_itself = true, .has_extensions = true}).status, 201);
    auto browser = world.client();
    EXPECT_EQ(scene.sign_in(browser, one, "ann").status, 200);
  }
}

TEST_P(Passkey, replaces_the_session_that_the_browser_had) {
  scene.add(ann, key);
  const std::string before = ann.cookie("__Host-cardea");
  EXPECT_EQ(scene.sign_in(ann, key, "ann").status, 200);
  auto thief = world.client();
  thief.set_cookie("__Host-cardea", before);
  EXPECT_EQ(thief.get("/v1/session").status, 401);
  EXPECT_EQ(scene.sessions(), 1);
}

// C1: whatever is changed about a good assertion, it opens nothing, and the counter stays.
TEST_P(Passkey, C1_changed_assertion_is_refused_and_counts_nothing) {
  scene.add(ann, key, {.sign_count = 5});
  auto browser = world.client();
  const auto handle = scene.handle_of("ann");
  const auto before = scene.sessions();
  const auto good = [&] { return key.get({.challenge = scene.sign_in_challenge(browser), .sign_count = 6}); };
  const auto is_refused = [&](const webauthn::Assertion& shown) {
    const auto answer = scene.send(browser, shown, handle);
    return answer.status == 422 || answer.status == 401 || answer.status == 410;
  };
  for (Bytes webauthn::Assertion::* part :
       {&webauthn::Assertion::id, &webauthn::Assertion::client_data, &webauthn::Assertion::authenticator_data,
        &webauthn::Assertion::signature}) {
    for (const std::size_t step : {0U, 1U, 7U}) {
      auto shown = good();
      (shown.*part)[(shown.*part).size() * step / 8] ^= 1U;
      EXPECT_TRUE(is_refused(shown)) << step;
    }
  }
  const auto refused_with = [&](Ceremony ceremony) {
    ceremony.sign_count = 6;
    return scene.sign_in(browser, key, "ann", ceremony).code();
  };
  EXPECT_EQ(refused_with({.rp_id = "evil.test"}), "webauthn.not_verified");
  EXPECT_EQ(refused_with({.origin = "https://evil.test"}), "webauthn.not_verified");
  EXPECT_EQ(refused_with({.type = "webauthn.create"}), "webauthn.not_verified");
  EXPECT_EQ(refused_with({.user_verified = false}), "webauthn.not_verified") << "it replaces the password";
  EXPECT_EQ(refused_with({.user_present = false}), "webauthn.not_verified");
  EXPECT_EQ(refused_with({.more_client_data = R"(,"crossOrigin":true)"}), "webauthn.not_verified");

  auto json = to_json_value(good(), handle);
  json.get<wire::Object>()->at(1).value = SoftAuthenticator{}.id_text();
  EXPECT_EQ(browser.post("/v1/passkeys/authenticate", {{"credential", json}}).code(), "webauthn.not_verified")
      << "id and rawId differ";
  EXPECT_EQ(scene.counter(), 5);
  EXPECT_EQ(scene.sessions(), before);
  EXPECT_EQ(scene.send(browser, good(), handle).status, 200) << "nothing else was wrong with it";
  EXPECT_EQ(scene.counter(), 6);
}

// C2: a credential is its owner's, whoever else is said to be.
TEST_P(Passkey, C2_credential_signs_in_its_owner_and_nobody_else) {
  scene.add(ann, key);
  auto bob = scene.owner("bob");
  const SoftAuthenticator bobs;
  scene.add(bob, bobs);
  auto browser = world.client();
  const auto shown = [&](const SoftAuthenticator& one) {
    return one.get({.challenge = scene.sign_in_challenge(browser)});
  };
  EXPECT_EQ(scene.send(browser, shown(bobs), scene.handle_of("ann")).code(), "webauthn.not_verified");
  EXPECT_EQ(scene.send(browser, shown(bobs), "").code(), "webauthn.not_verified") << "it has to name its owner";
  EXPECT_EQ(scene.send(browser, shown(bobs), "AAAA").code(), "webauthn.not_verified");
  EXPECT_EQ(browser.get("/v1/session").status, 401);
  EXPECT_EQ(scene.send(browser, shown(bobs), scene.handle_of("bob")).text("user/uid"), "bob");
}

// C3: what the browser would refuse the server refuses too.
TEST_P(Passkey, C3_policy_of_registration_is_kept_by_the_server) {
  EXPECT_EQ(scene.add(ann, key, {.user_verified = false}).code(), "webauthn.not_verified");
  EXPECT_EQ(scene.add(ann, key, {.user_present = false}).code(), "webauthn.not_verified");
  EXPECT_EQ(scene.add(ann, key, {.origin = "https://evil.test"}).code(), "webauthn.not_verified");
  EXPECT_EQ(scene.add(ann, key, {.rp_id = "evil.test"}).code(), "webauthn.not_verified");
  auto json = to_json_value(key.create({.challenge = scene.creation_challenge(ann)}));
  for (auto& member : *json.get<wire::Object>()) {
    if (member.name == "clientExtensionResults") {
      member.value = wire::Object{{"credProps", wire::Object{{"rk", false}}}};
    }
  }
  EXPECT_EQ(ann.post("/v1/passkeys/register", {{"credential", json}}).code(), "webauthn.not_verified")
      << "the authenticator would not find it by itself";
  EXPECT_EQ(scene.passkeys(), 0);

  EXPECT_EQ(scene.add(ann, key).status, 201);
  EXPECT_EQ(scene.add(ann, key).code(), "passkey.exists");
  auto bob = scene.owner("bob");
  EXPECT_EQ(scene.add(bob, key).code(), "passkey.exists") << "nor for anybody else";
  const auto begun = ann.post("/v1/passkeys/register/options", {{"kind", "passkey"}});
  EXPECT_EQ(begun.text("options/excludeCredentials/0/id"), key.id_text());
  EXPECT_EQ(begun.text("options/authenticatorSelection/residentKey"), "required");
  EXPECT_EQ(begun.text("options/authenticatorSelection/userVerification"), "required");
  EXPECT_EQ(begun.count("options/pubKeyCredParams"), 3U);
}

TEST_P(Passkey, C3_quiet_registration_alone_does_without_a_touch) {
  const auto begun = ann.post("/v1/passkeys/register/options", {{"kind", "passkey"}, {"conditional", true}});
  const Ceremony quiet{.challenge = begun.text("options/challenge"), .user_present = false, .user_verified = false};
  EXPECT_EQ(scene.add(ann, key, quiet).status, 201);
  auto browser = world.client();
  EXPECT_EQ(scene.sign_in(browser, key, "ann", {.user_verified = false}).status, 422) << "to sign in it takes both";
  EXPECT_EQ(scene.sign_in(browser, key, "ann").status, 200);
}

// C4: a challenge works once, for whoever it was given to, for what it was given for, and for five minutes.
// ASVS 6.7.2
TEST_P(Passkey, C4_challenge_works_once) {
  const auto creation = scene.creation_challenge(ann);
  EXPECT_EQ(scene.add(ann, key, {.challenge = creation}).status, 201);
  EXPECT_EQ(scene.add(ann, SoftAuthenticator{}, {.challenge = creation}).code(), "challenge.not_valid");
  auto browser = world.client();
  const auto challenge = scene.sign_in_challenge(browser);
  EXPECT_EQ(scene.sign_in(browser, key, "ann", {.challenge = challenge}).status, 200);
  EXPECT_EQ(scene.sign_in(browser, key, "ann", {.challenge = challenge}).code(), "challenge.not_valid");
}

TEST_P(Passkey, C4_challenge_is_of_one_browser_and_one_session) {
  scene.add(ann, key);
  auto browser = world.client();
  auto other = world.client();
  scene.sign_in_challenge(other);  // has a cookie of its own
  const auto challenge = scene.sign_in_challenge(browser);
  EXPECT_EQ(scene.sign_in(other, key, "ann", {.challenge = challenge}).code(), "challenge.not_valid");
  auto without = world.client();
  EXPECT_EQ(scene.sign_in(without, key, "ann", {.challenge = challenge}).code(), "challenge.not_valid");
  EXPECT_EQ(scene.sign_in(browser, key, "ann", {.challenge = challenge}).status, 200) << "it was not spent";

  const auto creation = scene.creation_challenge(ann);
  auto phone = world.client();
  phone.sign_in("ann");
  EXPECT_EQ(scene.add(phone, SoftAuthenticator{}, {.challenge = creation}).code(), "challenge.not_valid");
  auto bob = scene.owner("bob");
  EXPECT_EQ(scene.add(bob, SoftAuthenticator{}, {.challenge = creation}).code(), "challenge.not_valid");
  EXPECT_EQ(scene.add(ann, SoftAuthenticator{}, {.challenge = creation}).status, 201);
}

TEST_P(Passkey, C4_challenge_is_for_one_purpose) {
  scene.add(ann, key);
  const auto creation = scene.creation_challenge(ann);
  EXPECT_EQ(scene.sign_in(ann, key, "ann", {.challenge = creation}).code(), "challenge.not_valid");
  const auto signing_in = scene.sign_in_challenge(ann);
  EXPECT_EQ(scene.add(ann, SoftAuthenticator{}, {.challenge = signing_in}).code(), "challenge.not_valid");
  const auto second = scene.second_challenge(ann);
  EXPECT_EQ(scene.sign_in(ann, key, "ann", {.challenge = second}).code(), "challenge.not_valid");
}

TEST_P(Passkey, C4_challenge_lasts_five_minutes) {
  scene.add(ann, key);
  auto browser = world.client();
  const auto challenge = scene.sign_in_challenge(browser);
  const auto creation = scene.creation_challenge(ann);
  world.advance(4min + 59s);
  EXPECT_EQ(scene.add(ann, SoftAuthenticator{}, {.challenge = creation}).status, 201);
  world.advance(1s);
  EXPECT_EQ(scene.sign_in(browser, key, "ann", {.challenge = challenge}).code(), "challenge.not_valid");
  EXPECT_EQ(scene.sign_in(browser, key, "ann").status, 200);
}

TEST_P(Passkey, of_a_thousand_uses_of_one_challenge_exactly_one_opens_a_session) {
  scene.add(ann, key);
  const auto before = scene.sessions();
  auto browser = world.client();
  const auto shown = key.get({.challenge = scene.sign_in_challenge(browser)});
  const auto handle = scene.handle_of("ann");
  std::atomic<int> opened = 0;
  std::atomic<int> refused = 0;
  testing_support::race(40, [&](int i) {
    for (int j = 0; j < 25; ++j) {
      auto rival = browser;
      rival.from("10.1." + std::to_string(i) + "." + std::to_string(j + 1));
      const auto answer = scene.send(rival, shown, handle);
      if (answer.status == 200) ++opened;
      if (answer.code() == "challenge.not_valid") ++refused;
    }
  });
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(refused, 999);
  EXPECT_EQ(scene.sessions(), before + 1);
}

TEST_P(Passkey, of_many_registrations_by_one_challenge_exactly_one_is_kept) {
  const auto challenge = scene.creation_challenge(ann);
  std::atomic<int> made = 0;
  testing_support::race(16, [&](int) {
    auto rival = ann;
    if (scene.add(rival, SoftAuthenticator{}, {.challenge = challenge}).status == 201) ++made;
  });
  EXPECT_EQ(made, 1);
  EXPECT_EQ(scene.passkeys(), 1);
}

// C5: before a passkey is shown, nobody learns who has one.
TEST_P(Passkey, C5_options_name_nobody) {
  scene.add(ann, key);
  auto stranger = world.client();
  const auto begun = stranger.post("/v1/passkeys/authenticate/options");
  EXPECT_EQ(begun.count("options/allowCredentials"), 0U);
  EXPECT_EQ(begun.members("options"), (Texts{"allowCredentials", "challenge", "rpId", "timeout", "userVerification"}));
  const auto asked = stranger.post("/v1/passkeys/authenticate/options", {{"uid", "ann"}});
  EXPECT_EQ(asked.count("options/allowCredentials"), 0U) << "nor can anybody be asked about";
  EXPECT_EQ(stranger.post("/v1/passkeys/second-factor/options").code(), "signin_expired");
}

TEST_P(Passkey, with_a_counter_that_goes_back_is_refused_and_recorded) {
  scene.add(ann, key, {.sign_count = 7});
  auto browser = world.client();
  EXPECT_EQ(scene.sign_in(browser, key, "ann", {.sign_count = 7}).code(), "webauthn.not_verified");
  EXPECT_EQ(browser.get("/v1/session").status, 401);
  EXPECT_NE(world.audit_kinds().find("passkey.cloned"), std::string::npos);
  EXPECT_EQ(scene.sign_in(browser, key, "ann", {.sign_count = 8}).status, 200);
}

TEST_P(Passkey, backup_state_follows_and_eligibility_may_not_change) {
  scene.add(ann, key, {.backed_up = false});
  EXPECT_FALSE(*ann.get("/v1/me/passkeys").json("data/0/synced").get<bool>());
  EXPECT_EQ(scene.sign_in(ann, key, "ann", {.backed_up = true}).status, 200);
  EXPECT_TRUE(*ann.get("/v1/me/passkeys").json("data/0/synced").get<bool>());
  EXPECT_EQ(scene.sign_in(ann, key, "ann", {.backup_eligible = false, .backed_up = false}).status, 422);
}

TEST_P(Passkey, of_a_blocked_account_signs_nobody_in) {
  scene.add(ann, key);
  world.disable("ann");
  auto browser = world.client();
  EXPECT_EQ(scene.sign_in(browser, key, "ann").code(), "invalid_credentials");
  EXPECT_EQ(browser.get("/v1/session").status, 401);
}

TEST_P(Passkey, that_was_removed_is_unknown) {
  const auto id = scene.add(ann, key).text("id");
  EXPECT_EQ(ann.del("/v1/me/passkeys/" + id).status, 204);
  EXPECT_EQ(ann.del("/v1/me/passkeys/" + id).status, 404);
  auto browser = world.client();
  EXPECT_EQ(scene.sign_in(browser, key, "ann").code(), "passkey.unknown");
}

TEST_P(Passkey, removed_between_its_check_and_its_use_opens_nothing) {
  scene.add(ann, key);
  const auto& deps = world.house().account();
  const AccountId id = world.id_of("ann");
  for (int round = 0; round < 6; ++round) {
    auto browser = world.client();
    const auto shown = key.get({.challenge = scene.sign_in_challenge(browser)});
    world.database().write([](db::Tx& tx) { tx.run("DELETE FROM session"); });
    testing_support::race(3, [&](int i) {
      if (i == 0) {
        const Context context{.now = world.now(),
                              .origin = {.surface = "cli"},
                              .principal = Principal{.permissions = Permissions{Role::owner}}};
        EXPECT_TRUE(account::block(deps, context, id).ok());
      } else {
        auto rival = browser;
        scene.send(rival, shown, scene.handle_of("ann"));
      }
    });
    EXPECT_EQ(scene.sessions(), 0) << round;
    world.database().write([](db::Tx& tx) { tx.run("UPDATE account SET status = 'active'"); });
  }
}

TEST_P(Passkey, last_way_in_stays) {
  const auto first = scene.add(ann, key).text("id");
  const auto second = scene.add(ann, SoftAuthenticator{}).text("id");
  world.database().write([](db::Tx& tx) { tx.run("DELETE FROM password"); });
  EXPECT_EQ(ann.del("/v1/me/passkeys/" + second).status, 204);
  const auto refused = ann.del("/v1/me/passkeys/" + first);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "passkey.last_way_in");
  EXPECT_EQ(scene.passkeys(), 1);

  const auto third = scene.add(ann, SoftAuthenticator{}).text("id");
  testing_support::race(2, [&](int i) {
    auto rival = ann;
    rival.del("/v1/me/passkeys/" + (i == 0 ? first : third));
  });
  EXPECT_EQ(scene.passkeys(), 1) << "nor are both of two removed at once";
}

// ASVS 6.5.6
TEST_P(Passkey, is_managed_by_its_owner_with_a_recent_proof) {
  const auto id = scene.add(ann, key).text("id");
  auto bob = scene.owner("bob");
  EXPECT_EQ(bob.del("/v1/me/passkeys/" + id).status, 404);
  EXPECT_EQ(bob.patch("/v1/me/passkeys/" + id, {{"name", "Mine"}}).status, 404);
  EXPECT_EQ(bob.get("/v1/me/passkeys").count("data"), 0U);

  EXPECT_EQ(ann.patch("/v1/me/passkeys/" + id, {{"name", "  Work   laptop "}}).text("name"), "Work laptop");
  EXPECT_EQ(ann.patch("/v1/me/passkeys/" + id, {{"name", " "}}).problems(), (Texts{"name:passkey_name_missing"}));
  world.advance(11min);
  EXPECT_EQ(ann.post("/v1/passkeys/register/options", {{"kind", "passkey"}}).code(), "reauth_required");
  EXPECT_EQ(ann.patch("/v1/me/passkeys/" + id, {{"name", "Other"}}).code(), "reauth_required");
  EXPECT_EQ(ann.del("/v1/me/passkeys/" + id).code(), "reauth_required");
  EXPECT_EQ(ann.get("/v1/me/passkeys").text("data/0/name"), "Work laptop");
}

TEST_P(Passkey, of_a_known_keeper_has_its_name) {
  SoftAuthenticator one;
  webauthn::Aaguid aaguid{};
  const auto bytes = encoding::parse_hex("fbfc3007154e4ecc8c0b6e020557d7bd").value();
  std::copy(bytes.begin(), bytes.end(), aaguid.begin());
  one.set_aaguid(aaguid);
  EXPECT_EQ(scene.add(ann, one).text("name"), "iCloud Keychain");
  EXPECT_EQ(scene.add(ann, key).text("name"), "");
}

TEST_P(Passkey, of_which_there_are_too_many_is_not_added) {
  world.restart([](app::Settings& settings) { settings.features.of<passkey::Settings>().max_per_account = 1; });
  const auto creation = scene.creation_challenge(ann);
  EXPECT_EQ(scene.add(ann, key).status, 201);
  EXPECT_EQ(ann.post("/v1/passkeys/register/options", {{"kind", "passkey"}}).code(), "passkey.too_many");
  EXPECT_EQ(scene.add(ann, SoftAuthenticator{}, {.challenge = creation}).code(), "passkey.too_many");
}

}  // namespace
}  // namespace cardea::api_tests
