#pragma once
// Somebody whose address is confirmed, in a world where codes by e-mail do for a sign-in.

#include <string>
#include <string_view>

#include "tests/api/letters.hpp"
#include "tests/api/mfa_scene.hpp"

namespace cardea::api_tests {

inline constexpr const char* ann_mail = "ann@example.com";

inline void with_codes(app::Settings& settings) {
  testing_support::with_mail(settings);
  settings.signin.methods = {"password", "passkey", "email_code"};
}

inline std::string other_than(std::string_view code) {
  return code.front() == '1' ? "2" + std::string{code.substr(1)} : "1" + std::string{code.substr(1)};
}

class EmailCode : public ::testing::TestWithParam<const char*> {
 protected:
  MfaScene scene{GetParam(), with_codes};
  World& world = scene.world;

  /// Signed up with an address that is confirmed.
  Client confirmed(std::string_view uid = "ann", std::string_view address = ann_mail) {
    auto client = world.client();
    EXPECT_EQ(client.sign_up(uid, {{"email", address}}).status, 201);
    EXPECT_EQ(client.post("/v1/verify", {{"code", world.letter_to(address).code}}).status, 200);
    return client;
  }
  void enrol(Client& client, std::string_view address = ann_mail) {
    EXPECT_EQ(client.post("/v1/me/email-code").status, 204);
    const auto in = client.post("/v1/me/email-code/confirm", {{"code", world.letter_to(address).code}});
    EXPECT_EQ(in.status, 200) << in.body;
  }
  Client enrolled() {
    auto client = confirmed();
    enrol(client);
    world.run_queue();  // the letter that says so, before those with codes
    return client;
  }
  /// A browser that asked for a code to sign in by.
  Client asking(std::string_view address = ann_mail) {
    auto browser = world.client();
    EXPECT_EQ(browser.post("/v1/email-code/signin", {{"email", address}}).status, 204);
    return browser;
  }
  static Answer complete(Client& browser, std::string_view code) {
    return browser.post("/v1/email-code/signin/complete", {{"code", std::string{code}}});
  }
};

}  // namespace cardea::api_tests
