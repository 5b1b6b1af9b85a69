#include "tests/api/mfa_scene.hpp"

#include "audit/listing.hpp"
#include "tests/support/base32.hpp"
#include "totp/one_time_password.hpp"

namespace cardea::api_tests {

App::App(World& world, std::string_view secret_in_base32)
    : world_(&world), secret_(testing_support::from_base32(secret_in_base32)) {
  EXPECT_EQ(secret_.size(), totp::secret_size);
}

std::string App::code(Duration ago) const {
  return totp::code_of(as_bytes(secret_), totp::step_of(world_->now() - ago));
}

std::string App::wrong_code() const {
  for (int number = 0;; ++number) {
    auto text = std::to_string(1'000'000 + number).substr(1);
    bool is_shown = false;
    for (std::chrono::seconds ago = -10min; ago <= 10min; ago += std::chrono::seconds{30})
      is_shown = is_shown || code(ago) == text;
    if (!is_shown) return text;
  }
}

MfaScene::MfaScene(std::string_view engine, const World::Adjust& adjust) : world(adjust, engine) {}

App MfaScene::enrol_app(Client& client) {
  const auto started = client.post("/v1/me/totp");
  EXPECT_EQ(started.status, 201) << started.body;
  App app{world, started.text("secret")};
  const auto confirmed = client.post("/v1/me/totp/confirm", {{"code", app.code()}});
  EXPECT_EQ(confirmed.status, 200) << confirmed.body;
  return app;
}

std::pair<Client, App> MfaScene::with_app(std::string_view uid) {
  auto client = world.client();
  client.sign_up(uid);
  auto app = enrol_app(client);
  next_step();
  return {client, app};
}

Texts MfaScene::make_codes(Client& client) {
  const auto made = client.post("/v1/me/recovery-codes");
  EXPECT_EQ(made.status, 201) << made.body;
  Texts codes;
  for (std::size_t i = 0; i < made.count("codes"); ++i) codes.push_back(made.text("codes/" + std::to_string(i)));
  return codes;
}

Client MfaScene::halfway(std::string_view uid) {
  auto browser = world.client();
  EXPECT_EQ(browser.sign_in(uid).json("state"), "mfa_required");
  return browser;
}

Client MfaScene::signed_in(std::string_view uid, const App& app) {
  auto browser = halfway(uid);
  const auto answer = send(browser, app.code());
  EXPECT_EQ(answer.status, 200) << answer.body;
  next_step();
  return browser;
}

std::int64_t MfaScene::count(std::string_view what) {
  return world.database().read([&](db::Tx& tx) {
    if (what == "session") return tx.one("SELECT COUNT(*) FROM session")->integer(0);
    if (what == "pending_signin") return tx.one("SELECT COUNT(*) FROM pending_signin")->integer(0);
    if (what == "totp") return tx.one("SELECT COUNT(*) FROM totp")->integer(0);
    if (what == "totp_enrolment") return tx.one("SELECT COUNT(*) FROM totp_enrolment")->integer(0);
    if (what == "recovery_code") return tx.one("SELECT COUNT(*) FROM recovery_code")->integer(0);
    if (what == "recovery_draft") return tx.one("SELECT COUNT(*) FROM recovery_draft")->integer(0);
    if (what == "known_browser") return tx.one("SELECT COUNT(*) FROM known_browser")->integer(0);
    throw std::invalid_argument{std::string{what}};
  });
}

Texts MfaScene::audit(std::string_view kind) {
  return world.database().read([&](db::Tx& tx) {
    Texts found;
    const auto& keys = world.house().account().trail.keys();
    for (const auto& event : audit::latest(tx, keys, {.kind = std::string{kind}}, 1000)) {
      if (event.kind == kind) found.push_back(event.reason + (event.subject.empty() ? "" : ":" + event.subject));
    }
    return found;
  });
}

World::Adjust with_mfa(authn::Mfa mfa) {
  return [mfa](app::Settings& settings) { settings.signin.mfa = mfa; };
}

}  // namespace cardea::api_tests
