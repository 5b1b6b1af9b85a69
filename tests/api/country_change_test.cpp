// A right password from a country that is new to the account, by a file of countries: its owner is asked for more,
// whatever the browser; and nobody is where the file says nothing.

#include <filesystem>

#include "tests/api/email_code_scene.hpp"
#include "tests/support/country_file.hpp"

namespace cardea::api_tests {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view in_zurich = "203.0.113.5";
constexpr std::string_view in_geneva = "203.0.114.5";
constexpr std::string_view in_bern = "203.0.115.5";
constexpr std::string_view in_berlin = "198.51.100.5";
constexpr std::string_view in_paris = "2001:db8:7::1";
constexpr std::string_view nowhere = "192.0.2.9";

/// "ann" has signed up in Zurich and confirmed her address.
class CountryChange : public EmailCode {
 protected:
  CountryChange() {
    std::string pattern = fs::temp_directory_path() / "cardea-country-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    file = (folder_ / "countries.mmdb").string();
    testing_support::put_file(file, testing_support::country_file({{"203.0.113.0", 24, "CH"},
                                                                   {"203.0.114.0", 23, "CH"},
                                                                   {"198.51.100.0", 24, "DE"},
                                                                   {"2001:db8:7::", 48, "FR"}}));
    use_file();
    ann.from(in_zurich).sign_up("ann", {{"email", ann_mail}});
    EXPECT_EQ(ann.post("/v1/verify", {{"code", world.letter_to(ann_mail).code}}).status, 200);
    world.run_queue();
  }
  ~CountryChange() override { fs::remove_all(folder_); }
  CountryChange(const CountryChange&) = delete;
  CountryChange& operator=(const CountryChange&) = delete;

  void use_file(Duration trust = Duration{0}) {
    world.restart([this, trust](app::Settings& settings) {
      with_codes(settings);
      settings.signin.country_file = file;
      settings.signin.trust_browser = trust;
    });
  }
  /// What the same browser is answered there, without its session.
  static Answer sign_in_at(Client& browser, std::string_view address) {
    browser.drop_cookie(session_cookie_name);
    return browser.from(address).sign_in("ann");
  }
  static std::string state_at(Client browser, std::string_view address) {
    return sign_in_at(browser, address).text("state");
  }

  std::string file;
  Client ann = world.client();

 private:
  fs::path folder_;
};
INSTANTIATE_TEST_SUITE_P(engines, CountryChange, ::testing::Values("sqlite", "postgres"));

TEST_P(CountryChange, known_browser_in_another_country_is_asked_for_a_mailed_code) {
  EXPECT_EQ(sign_in_at(ann, in_berlin).text("state"), "mfa_required");
  EXPECT_EQ(send(ann, world.letter_to(ann_mail).code, "email_code").json("state"), "complete");
  EXPECT_EQ(scene.audit("signin.unusual"), (Texts{"email_code"}));
  EXPECT_EQ(state_at(ann, in_berlin), "complete") << "which is known from now on";
  EXPECT_EQ(state_at(ann, in_zurich), "complete") << "and so is the one before";
  EXPECT_EQ(state_at(ann, in_paris), "mfa_required");
}

TEST_P(CountryChange, one_country_is_one_place_for_a_known_browser_alone) {
  EXPECT_EQ(state_at(ann, in_geneva), "complete");
  EXPECT_EQ(state_at(world.client(), in_zurich), "complete") << "a new browser at home";
  EXPECT_EQ(state_at(world.client(), in_bern), "mfa_required") << "a new browser in a new network";
}

TEST_P(CountryChange, nobody_is_asked_where_a_country_is_not_known) {
  EXPECT_EQ(state_at(ann, nowhere), "complete");
  world.database().write([](db::Tx& tx) { tx.run("UPDATE known_browser SET country = NULL"); });
  EXPECT_EQ(state_at(ann, in_berlin), "complete") << "an account of before there was a file";
  EXPECT_EQ(state_at(ann, in_paris), "mfa_required") << "which has a history now";
}

TEST_P(CountryChange, country_is_known_for_a_year) {
  world.advance(known_browser::lifetime);
  EXPECT_EQ(state_at(ann, in_zurich), "mfa_required");
}

TEST_P(CountryChange, trusted_browser_is_asked_for_its_factor_abroad) {
  use_file(24h * 30);
  EXPECT_EQ(sign_in_at(ann, in_zurich).text("state"), "complete");
  const auto app = scene.enrol_app(ann);
  scene.next_step();
  EXPECT_EQ(sign_in_at(ann, in_zurich).text("state"), "mfa_required");
  EXPECT_EQ(ann.post("/v1/signin/totp", {{"code", app.code()}, {"trust_browser", true}}).status, 200);
  EXPECT_EQ(state_at(ann, in_zurich), "complete");
  const auto answer = sign_in_at(ann, in_berlin);
  EXPECT_EQ(answer.text("state"), "mfa_required");
  EXPECT_EQ(answer.json("methods"), (wire::Value{wire::Array{"totp"}}));
}

TEST_P(CountryChange, new_password_by_a_link_makes_its_country_known_and_no_other) {
  auto lost = world.client();
  EXPECT_EQ(lost.from(in_berlin).post("/v1/recover", {{"uid", "ann"}}).status, 204);
  const auto link = link_in(world.letter_to(ann_mail), "/password-reset");
  ASSERT_NE(link, "");
  EXPECT_EQ(lost.post("/v1/recover/complete", {{"link", secret_in(link)}, {"password", other_password}}).status, 204);
  const auto state = [&](std::string_view address) {
    return world.client().from(address).sign_in("ann", other_password).text("state");
  };
  EXPECT_EQ(state(in_zurich), "mfa_required") << "of before";
  EXPECT_EQ(state(in_berlin), "complete");
}

TEST_P(CountryChange, file_that_cannot_be_used_stops_the_start) {
  testing_support::put_file(file, "no such thing");
  EXPECT_THROW(use_file(), std::runtime_error);
}

}  // namespace
}  // namespace cardea::api_tests
