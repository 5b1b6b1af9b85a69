#pragma once
// People with the product's own second factors, and the app and the sheet of paper that they have them in.
//
//   MfaScene scene{GetParam()};
//   auto [ann, app] = scene.with_app("ann");
//   auto again = scene.halfway("ann");
//   again.post("/v1/signin/totp", {{"code", app.code()}});

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "authn/policy.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {

/// An authenticator app.
class App {
 public:
  App(World& world, std::string_view secret_in_base32);
  /// What it shows now, or showed so long ago.
  [[nodiscard]] std::string code(Duration ago = {}) const;
  /// Something that it does not show now, nor did or will within some minutes.
  [[nodiscard]] std::string wrong_code() const;
  [[nodiscard]] const std::string& secret() const { return secret_; }

 private:
  World* world_;
  std::string secret_;
};

struct MfaScene {
  explicit MfaScene(std::string_view engine = "sqlite", const World::Adjust& adjust = {});

  /// Signs up and enrols an app; half a minute passes, so that its code is a new one.
  std::pair<Client, App> with_app(std::string_view uid);
  /// Enrols one in this session.
  App enrol_app(Client& client);
  /// Ten fresh codes of who is signed in here, by the API.
  Texts make_codes(Client& client);
  /// A browser of nobody that has shown the password.
  Client halfway(std::string_view uid);
  /// One that has shown both.
  Client signed_in(std::string_view uid, const App& app);

  void next_step() { world.advance(std::chrono::seconds{30}); }
  [[nodiscard]] std::int64_t count(std::string_view what);
  [[nodiscard]] Texts audit(std::string_view kind);

  World world;
};

/// A policy for all that a world does.
[[nodiscard]] World::Adjust with_mfa(authn::Mfa mfa);

inline constexpr std::string_view session_cookie_name = "__Host-cardea";
inline constexpr std::string_view signin_cookie_name = "__Host-cardea-signin";
inline constexpr std::string_view known_cookie_name = "__Host-cardea-device";

inline Answer send(Client& client, std::string_view code, std::string_view method = "totp") {
  return client.post("/v1/signin/" + std::string{method}, {{"code", std::string{code}}});
}

}  // namespace cardea::api_tests
