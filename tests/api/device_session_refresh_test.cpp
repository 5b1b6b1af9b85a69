// Proofs of a device's key: what is asked, what is taken, and what is refused.

#include <atomic>

#include "tests/api/device_session_scene.hpp"

namespace cardea::api_tests {
namespace {

class DeviceRegistration : public DeviceSession {};
class DeviceRefresh : public DeviceSession {};
INSTANTIATE_TEST_SUITE_P(engines, DeviceRegistration, testing_support::both_engines(), testing_support::engine_name);
INSTANTIATE_TEST_SUITE_P(engines, DeviceRefresh, testing_support::both_engines(), testing_support::engine_name);

/// A browser that has just signed up, and what it was offered.
struct Offered {
  Client browser;
  std::string challenge;
};
Offered offer(World& world, std::string_view uid) {
  auto browser = world.client();
  const auto answer = browser.sign_up(uid);
  return {browser, DeviceScene::offered(answer)};
}

TEST_P(DeviceRegistration, takes_a_proof_of_the_offered_challenge_alone) {
  auto [ann, challenge] = offer(world, "ann");
  const auto& device = scene.device;
  const auto refused = [&](std::string_view proof) {
    const auto answer = DeviceScene::send(ann, "/v1/session/device", proof);
    return answer.status == 401 && answer.code() == "device_session.not_valid" &&
           answer.set_cookie(device_cookie_name).empty();
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("x"));
  EXPECT_TRUE(refused(device.proof(challenge))) << "it shows no key";
  EXPECT_TRUE(refused(device.proof("x", SoftDevice::Shows::key)));
  EXPECT_TRUE(refused(device.proof(challenge + "A", SoftDevice::Shows::key)));
  EXPECT_TRUE(refused(device.proof(challenge, SoftDevice::Shows::key) + std::string(5000, 'A')));
  const SoftDevice other;
  const wire::Object claims{{"jti", challenge}};
  EXPECT_TRUE(refused(other.sign({{"alg", "ES256"}, {"typ", "dbsc+jwt"}, {"jwk", device.jwk()}}, claims)));
  for (const char* alg : {"none", "HS256"}) {
    EXPECT_TRUE(refused(device.sign({{"alg", alg}, {"typ", "dbsc+jwt"}, {"jwk", device.jwk()}}, claims))) << alg;
  }
  EXPECT_EQ(DeviceScene::bind(ann, device, challenge).status, 200);
}

TEST_P(DeviceRegistration, takes_a_key_of_rsa_too) {
  auto [ann, challenge] = offer(world, "ann");
  const SoftDevice rsa{crypto::Algorithm::rs256};
  const auto answer = DeviceScene::bind(ann, rsa, challenge);
  ASSERT_EQ(answer.status, 200) << answer.body;
  scene.id = answer.text("session_identifier");
  world.advance(1s);
  EXPECT_EQ(scene.refresh(ann, rsa).status, 200);
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 401);
}

TEST_P(DeviceRegistration, works_once_and_for_five_minutes) {
  auto [ann, challenge] = offer(world, "ann");
  world.advance(5min);
  EXPECT_EQ(DeviceScene::bind(ann, scene.device, challenge).status, 401);
  auto [bob, in_time] = offer(world, "bob");
  world.advance(5min - 1us);
  EXPECT_EQ(DeviceScene::bind(bob, scene.device, in_time).status, 200);
  EXPECT_EQ(DeviceScene::bind(bob, SoftDevice{}, in_time).status, 401) << "the key is swapped";
}

TEST_P(DeviceRegistration, needs_the_session_that_it_was_offered_for) {
  auto [ann, challenge] = offer(world, "ann");
  EXPECT_EQ(ann.post("/v1/signout").status, 204);
  EXPECT_EQ(DeviceScene::bind(ann, scene.device, challenge).status, 401);
  auto [bob, of_bob] = offer(world, "bob");
  world.disable("bob");
  EXPECT_EQ(DeviceScene::bind(bob, scene.device, of_bob).status, 401);
}

TEST_P(DeviceRegistration, of_many_at_once_one_binds) {
  auto [ann, challenge] = offer(world, "ann");
  std::atomic<int> bound{0};
  testing_support::race(4, [&, &browser = ann, &text = challenge](int) {
    auto tab = browser;
    const SoftDevice key;
    const auto status = DeviceScene::bind(tab, key, text).status;
    EXPECT_TRUE(status == 200 || status == 401) << status;
    if (status == 200) ++bound;
  });
  EXPECT_EQ(bound, 1);
  EXPECT_EQ(world.database().read_one("SELECT COUNT(*) FROM device_session")->integer(0), 1);
}

TEST_P(DeviceRefresh, asks_a_challenge_and_takes_its_answer_once) {
  auto ann = scene.bound("ann");
  const auto first = scene.ask(ann);
  EXPECT_EQ(first.status, 403);
  EXPECT_EQ(first.code(), "device_session.challenged");
  EXPECT_EQ(first.header("Secure-Session-Challenge"), "\"" + DeviceScene::asked(first) + "\";id=\"" + scene.id + "\"");
  const auto proof = scene.device.proof(DeviceScene::asked(first));
  const auto kept = scene.ask(ann, proof);
  EXPECT_EQ(kept.status, 200) << kept.body;
  EXPECT_EQ(kept.text("session_identifier"), scene.id);
  EXPECT_NE(kept.set_cookie(device_cookie_name), "");
  const auto again = scene.ask(ann, proof);
  EXPECT_EQ(again.status, 403) << "asked anew, and not signed out";
  EXPECT_EQ(again.set_cookie(device_cookie_name), "");
  EXPECT_EQ(scene.ask(ann, scene.device.proof(DeviceScene::asked(again))).status, 200);
}

TEST_P(DeviceRefresh, takes_quoted_fields_as_the_draft_writes_them) {
  auto ann = scene.bound("ann");
  const auto challenge = DeviceScene::asked(scene.ask(ann));
  const auto answer = DeviceScene::send(ann, "/v1/session/device/refresh", "\"" + scene.device.proof(challenge) + "\"",
                                        "\"" + scene.id + "\"");
  EXPECT_EQ(answer.status, 200) << answer.body;
}

TEST_P(DeviceRefresh, of_several_tabs_with_one_challenge_one_is_taken_and_the_others_are_asked_again) {
  auto ann = scene.bound("ann");
  const auto proof = scene.device.proof(DeviceScene::asked(scene.ask(ann)));
  std::atomic<int> taken{0};
  testing_support::race(4, [&](int) {
    auto tab = ann;
    auto answer = scene.ask(tab, proof);
    if (answer.status == 200) ++taken;
    for (int i = 0; i < 10 && answer.status == 403; ++i) {
      answer = scene.ask(tab, scene.device.proof(DeviceScene::asked(answer)));
    }
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(tab.get("/v1/session").status, 200);
  });
  EXPECT_EQ(taken, 1);
}

TEST_P(DeviceRefresh, takes_no_other_key_session_or_challenge) {
  auto ann = scene.bound("ann");
  const auto id_of_ann = scene.id;
  const auto of_ann = DeviceScene::asked(scene.ask(ann));
  const SoftDevice key_of_ann = std::move(scene.device);
  scene.device = SoftDevice{};
  auto bob = scene.bound("bob");
  const auto of_bob = DeviceScene::asked(scene.ask(bob));
  EXPECT_EQ(scene.ask(bob, key_of_ann.proof(of_bob)).status, 401) << "another's key";
  EXPECT_EQ(scene.ask(bob, scene.device.proof(of_ann)).status, 401) << "another's challenge";
  EXPECT_EQ(scene.ask(bob, scene.device.proof(of_bob, SoftDevice::Shows::key)).status, 401) << "it brings a key";
  EXPECT_EQ(scene.ask(bob, scene.device.proof("x")).status, 401);
  EXPECT_EQ(scene.ask(bob, scene.device.proof(bob.cookie(device_cookie_name))).status, 401) << "a cookie is none";
  EXPECT_EQ(scene.ask(bob, "x").status, 401);
  scene.id = id_of_ann;
  EXPECT_EQ(scene.ask(bob, scene.device.proof(of_bob)).status, 401) << "of another session";
  EXPECT_EQ(scene.ask(ann, key_of_ann.proof(of_ann)).status, 200);
}

TEST_P(DeviceRefresh, of_no_session_is_malformed_and_of_an_unknown_one_ends) {
  auto ann = scene.bound("ann");
  for (const char* id : {"", "x", "ses_01K2V7F3T4Q9M6W8X5Y0Z1A2B4"}) {
    EXPECT_EQ(DeviceScene::send(ann, "/v1/session/device/refresh", "", id).status, 400) << id;
  }
  scene.id = "dev_01K2V7F3T4Q9M6W8X5Y0Z1A2B4";
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 401);
}

TEST_P(DeviceRefresh, challenge_lasts_two_minutes_and_the_next_one_is_asked_then) {
  auto ann = scene.bound("ann");
  const auto challenge = DeviceScene::asked(scene.ask(ann));
  world.advance(2min);
  const auto late = scene.ask(ann, scene.device.proof(challenge));
  EXPECT_EQ(late.status, 403);
  EXPECT_EQ(scene.ask(ann, scene.device.proof(DeviceScene::asked(late))).status, 200);
}

TEST_P(DeviceRefresh, survives_a_clock_that_was_ahead) {
  auto ann = scene.bound("ann");
  world.advance(24h);
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 200);
  world.advance(-24h);
  EXPECT_EQ(ann.get("/v1/session").status, 401) << "its cookie is of a time to come";
  world.advance(1s);
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 200);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

TEST_P(DeviceRefresh, ends_with_the_session_whatever_ended_it) {
  auto ann = scene.bound("ann");
  auto other = world.client();
  other.sign_in("ann");
  EXPECT_EQ(other.post("/v1/me/sessions/revoke-others").status, 200);
  EXPECT_EQ(scene.refresh(ann, scene.device).status, 401);
  scene.device = SoftDevice{};
  auto bob = scene.bound("bob");
  world.disable("bob");
  EXPECT_EQ(scene.refresh(bob, scene.device).status, 401);
  auto cid = scene.bound("cid");
  world.advance(15 * 24h);
  EXPECT_EQ(scene.refresh(cid, scene.device).status, 401);
}

TEST_P(DeviceRefresh, looks_at_no_cookie_and_tells_other_sites_nothing) {
  auto ann = scene.bound("ann");
  auto elsewhere = world.curl();
  const auto challenge = DeviceScene::asked(scene.ask(elsewhere));
  http::Request request{.method = http::Method::post, .target = "/v1/session/device/refresh"};
  request.headers.add("Origin", "https://evil.test");
  request.headers.add("Sec-Fetch-Site", "cross-site");
  request.headers.add("Sec-Secure-Session-Id", scene.id);
  request.headers.add("Secure-Session-Response", SoftDevice{}.proof(challenge));
  const auto answer = ann.send(std::move(request));
  EXPECT_EQ(answer.status, 401);
  EXPECT_FALSE(answer.headers.has("Access-Control-Allow-Origin"));
  // A browser that follows a link of another site sends no cookie with the request that it makes by itself.
  EXPECT_EQ(scene.ask(elsewhere, scene.device.proof(challenge)).status, 200);
  EXPECT_EQ(elsewhere.get("/v1/session").status, 401) << "the cookie of the device is no credential";
}

}  // namespace
}  // namespace cardea::api_tests
