#pragma once
// Passkeys over the API, with an authenticator in software.
//
//   PasskeyScene scene{GetParam()};
//   auto ann = scene.owner("ann");
//   SoftAuthenticator key;
//   scene.add(ann, key);
//   auto browser = scene.world.client();
//   scene.sign_in(browser, key, "ann");

#include "tests/api/scene.hpp"
#include "tests/support/authenticator.hpp"

namespace cardea::api_tests {

using testing_support::Ceremony;
using testing_support::SoftAuthenticator;
using testing_support::to_json_value;

inline constexpr std::string_view ceremony_cookie = "__Host-cardea-ceremony";

struct PasskeyScene {
  explicit PasskeyScene(std::string_view engine = "sqlite", const World::Adjust& adjust = {}) : world(adjust, engine) {}

  /// Signs up.
  Client owner(std::string_view uid) {
    auto client = world.client();
    EXPECT_EQ(client.sign_up(uid).status, 201);
    return client;
  }
  std::string handle_of(std::string_view uid) { return encoding::base64url(world.id_of(uid).bytes()); }

  static std::string creation_challenge(Client& client, std::string_view kind = "passkey") {
    const auto begun = client.post("/v1/passkeys/register/options", {{"kind", kind}});
    EXPECT_EQ(begun.status, 200) << begun.body;
    return begun.text("options/challenge");
  }
  /// With a challenge of the client's own unless the ceremony has one.
  static Answer add(Client& client, const SoftAuthenticator& key, Ceremony ceremony = {},
                    std::string_view kind = "passkey") {
    if (ceremony.challenge.empty()) ceremony.challenge = creation_challenge(client, kind);
    return client.post("/v1/passkeys/register", {{"credential", to_json_value(key.create(ceremony))}});
  }

  static std::string sign_in_challenge(Client& client) {
    const auto begun = client.post("/v1/passkeys/authenticate/options");
    EXPECT_EQ(begun.status, 200) << begun.body;
    return begun.text("options/challenge");
  }
  static Answer send(Client& client, const webauthn::Assertion& shown, std::string_view handle) {
    return client.post("/v1/passkeys/authenticate", {{"credential", to_json_value(shown, handle)}});
  }
  Answer sign_in(Client& client, const SoftAuthenticator& key, std::string_view uid, Ceremony ceremony = {}) {
    if (ceremony.challenge.empty()) ceremony.challenge = sign_in_challenge(client);
    return send(client, key.get(ceremony), handle_of(uid));
  }

  /// A browser that has shown the password of an account with a security key.
  Client halfway(std::string_view uid) {
    auto client = world.client();
    EXPECT_EQ(client.sign_in(uid).json("methods"), (wire::Value{wire::Array{"security_key"}}));
    return client;
  }
  static std::string second_challenge(Client& client) {
    return client.post("/v1/passkeys/second-factor/options").text("options/challenge");
  }
  static Answer send_second(Client& client, const webauthn::Assertion& shown, std::string_view handle = {}) {
    return client.post("/v1/signin/security_key", {{"code", wire::to_json(to_json_value(shown, handle))}});
  }

  std::int64_t sessions() { return world.database().read_one("SELECT COUNT(*) FROM session")->integer(0); }
  std::int64_t passkeys() { return world.database().read_one("SELECT COUNT(*) FROM passkey")->integer(0); }
  std::int64_t counter() { return world.database().read_one("SELECT MAX(sign_count) FROM passkey")->integer(0); }

  World world;
};

}  // namespace cardea::api_tests
