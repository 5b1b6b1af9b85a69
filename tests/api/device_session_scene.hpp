#pragma once
// Sessions that are bound to a device, by a browser in software that speaks the messages of the draft.
//
//   DeviceScene scene{GetParam()};
//   auto ann = scene.bound("ann");       // signed up, bound, and past the time in which nothing is asked yet
//   scene.world.advance(10min);
//   scene.refresh(ann, scene.device);

#include "device_session/device_session.hpp"
#include "tests/api/scene.hpp"
#include "tests/support/soft_device.hpp"

namespace cardea::api_tests {

using testing_support::SoftDevice;

inline constexpr std::string_view session_cookie_name = "__Host-cardea";
inline constexpr std::string_view device_cookie_name = "__Host-cardea-bound";

struct DeviceScene {
  explicit DeviceScene(std::string_view engine = "sqlite", const World::Adjust& more = {})
      : world(with_binding(more), engine) {}
  static World::Adjust with_binding(const World::Adjust& more = {}) {
    return [more](app::Settings& settings) {
      settings.features.of<device_session::Settings>().device_bound = true;
      if (more) more(settings);
    };
  }

  /// What stands behind `challenge="` in a field; empty when nothing does.
  static std::string quoted(const std::string& field, std::string_view before) {
    const auto at = field.find(before);
    if (at == std::string::npos) return {};
    const auto begin = at + before.size();
    return field.substr(begin, field.find('"', begin) - begin);
  }
  /// The challenge of an offer; empty when none was made.
  static std::string offered(const Answer& answer) {
    return quoted(answer.header("Secure-Session-Registration"), "challenge=\"");
  }
  static std::string asked(const Answer& answer) { return quoted(answer.header("Secure-Session-Challenge"), "\""); }

  /// A request as the browser makes it by itself; empty headers are left out.
  static Answer send(Client& browser, std::string_view path, std::string_view proof, std::string_view id = "") {
    http::Request request{.method = http::Method::post, .target = std::string{path}};
    if (!proof.empty()) request.headers.add("Secure-Session-Response", proof);
    if (!id.empty()) request.headers.add("Sec-Secure-Session-Id", id);
    return browser.send(std::move(request));
  }
  static Answer bind(Client& browser, const SoftDevice& key, std::string_view challenge) {
    return send(browser, "/v1/session/device", key.proof(challenge, SoftDevice::Shows::key));
  }
  Answer ask(Client& browser, std::string_view proof = "") const {
    return send(browser, "/v1/session/device/refresh", proof, id);
  }
  /// Both halves of a refresh.
  Answer refresh(Client& browser, const SoftDevice& key) const {
    const auto first = ask(browser);
    EXPECT_EQ(first.status, 403) << first.body;
    return ask(browser, key.proof(asked(first)));
  }

  /// Signs up with a session that is bound to `device`; `id` is what the browser knows it by.
  Client just_bound(std::string_view uid) {
    auto browser = world.client();
    const auto answer = bind(browser, device, offered(browser.sign_up(uid)));
    EXPECT_EQ(answer.status, 200) << answer.body;
    id = answer.text("session_identifier");
    return browser;
  }
  Client bound(std::string_view uid) {
    auto browser = just_bound(uid);
    world.advance(30s);
    return browser;
  }
  /// A browser to which one cookie of another was copied, or both.
  Client thief(const Client& victim, bool with_device_cookie) {
    auto other = world.client();
    other.from("203.0.113.9");
    other.set_cookie(session_cookie_name, victim.cookie(session_cookie_name));
    if (with_device_cookie) other.set_cookie(device_cookie_name, victim.cookie(device_cookie_name));
    return other;
  }

  World world;
  SoftDevice device;
  std::string id;
};

class DeviceSession : public ::testing::TestWithParam<std::string> {
 protected:
  DeviceScene scene{GetParam()};
  World& world = scene.world;
};

}  // namespace cardea::api_tests
