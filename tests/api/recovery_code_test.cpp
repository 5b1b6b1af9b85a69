// Recovery codes: how they are made, that each works once, and what they stand in for.

#include <algorithm>
#include <atomic>
#include <set>

#include "tests/api/erased.hpp"
#include "tests/api/mfa_scene.hpp"

namespace cardea::api_tests {
namespace {

class RecoveryCode : public ::testing::TestWithParam<std::string> {
 protected:
  MfaScene scene{GetParam(), [](app::Settings& settings) {
                   settings.authn_budgets.right.free = 10'000;
                   settings.authn_budgets.codes.unguessable.free = 10'000;
                 }};
  World& world = scene.world;
};
INSTANTIATE_TEST_SUITE_P(engines, RecoveryCode, testing_support::both_engines(), testing_support::engine_name);

constexpr const char* own_page = "/account/security/recovery-codes";

TEST_P(RecoveryCode, ten_are_made_and_each_signs_in_once) {
  auto [ann, app] = scene.with_app("ann");
  const auto codes = scene.make_codes(ann);
  EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), 10U);
  std::int64_t left = 10;
  for (const auto& code : codes) {
    auto browser = world.client();
    EXPECT_EQ(browser.sign_in("ann").json("methods"), (wire::Value{wire::Array{"totp", "recovery_code"}}));
    const auto in = send(browser, code, "recovery_code");
    EXPECT_EQ(in.json("state"), "complete");
    EXPECT_EQ(in.json("codes_left"), --left);
    auto again = scene.halfway("ann");
    EXPECT_NE(send(again, code, "recovery_code").status, 200) << "used";
  }
  EXPECT_EQ(world.client().sign_in("ann").json("methods"), (wire::Value{wire::Array{"totp"}})) << "none is left";
  auto told = scene.audit("mfa.recovery_codes.used");
  std::sort(told.begin(), told.end());
  EXPECT_EQ(told, (Texts{":0", ":1", ":2", ":3", ":4", ":5", ":6", ":7", ":8", ":9"}));
}

TEST_P(RecoveryCode, is_read_as_people_write_it) {
  auto [ann, app] = scene.with_app("ann");
  const auto codes = scene.make_codes(ann);
  std::string loud;
  for (const char c : codes[0]) loud += c == '-' ? ' ' : static_cast<char>(std::toupper(c));
  auto browser = scene.halfway("ann");
  EXPECT_EQ(send(browser, loud, "recovery_code").json("state"), "complete");
}

TEST_P(RecoveryCode, new_ones_void_the_old_ones) {
  auto [ann, app] = scene.with_app("ann");
  const auto old_codes = scene.make_codes(ann);
  const auto codes = scene.make_codes(ann);
  auto browser = scene.halfway("ann");
  EXPECT_EQ(send(browser, old_codes[0], "recovery_code").code(), "invalid_code");
  EXPECT_EQ(send(browser, codes[0], "recovery_code").json("state"), "complete");
  EXPECT_EQ(scene.count("recovery_code"), 9);
  EXPECT_EQ(scene.audit("mfa.recovery_codes.made").size(), 2U);
}

// ASVS 6.5.2
TEST_P(RecoveryCode, is_not_stored_nor_logged) {
  auto [ann, app] = scene.with_app("ann");
  const auto codes = scene.make_codes(ann);
  auto browser = scene.halfway("ann");
  send(browser, codes[0], "recovery_code");
  for (const auto& code : codes) EXPECT_EQ(world.log().find(code), std::string::npos);
  const auto hashes = world.database().read([](db::Tx& tx) { return tx.all("SELECT code_hash FROM recovery_code"); });
  EXPECT_EQ(hashes.size(), 9U);
  for (const auto& row : hashes) EXPECT_EQ(row.bytes(0).size(), 32U);
}

TEST_P(RecoveryCode, is_of_one_account) {
  auto [ann, app] = scene.with_app("ann");
  auto [bob, other] = scene.with_app("bob");
  const auto codes = scene.make_codes(ann);
  scene.make_codes(bob);
  auto thief = scene.halfway("bob");
  EXPECT_EQ(send(thief, codes[0], "recovery_code").code(), "invalid_code");
}

// ASVS 6.5.1
TEST_P(RecoveryCode, of_a_thousand_at_once_with_one_code_exactly_one_signs_in) {
  auto [ann, app] = scene.with_app("ann");
  const auto codes = scene.make_codes(ann);
  const auto before = scene.count("session");
  std::vector<Client> browsers;
  for (int i = 0; i < 8; ++i) browsers.push_back(scene.halfway("ann"));
  std::atomic<int> opened = 0;
  testing_support::race(8, [&](int i) {
    for (int round = 0; round < 125; ++round) {
      auto copy = browsers[static_cast<std::size_t>(i)];
      if (send(copy, codes[0], "recovery_code").status == 200) ++opened;
    }
  });
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(scene.count("session"), before + 1);
  EXPECT_EQ(scene.count("recovery_code"), 9);
}

TEST_P(RecoveryCode, is_no_factor_by_itself) {
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_EQ(ann.post("/v1/me/recovery-codes").code(), "recovery_code.no_factor");
  scene.enrol_app(ann);
  scene.make_codes(ann);
  EXPECT_EQ(ann.del("/v1/me/totp").status, 204);
  EXPECT_EQ(scene.count("recovery_code"), 0) << "they go with the last factor";
  EXPECT_EQ(world.client().sign_in("ann").json("state"), "complete");
}

TEST_P(RecoveryCode, goes_with_its_account) {
  auto [ann, app] = scene.with_app("ann");
  scene.make_codes(ann);
  EXPECT_EQ(ann.del("/v1/me").status, 204);
  erase_closed(scene.world);
  EXPECT_EQ(scene.count("recovery_code") + scene.count("recovery_draft"), 0);
}

/// The codes that a page shows.
Texts shown_on(const Answer& page) {
  Texts codes;
  constexpr std::string_view before = "<li><code>";
  for (auto at = page.body.find(before); at != std::string::npos; at = page.body.find(before, at)) {
    at += before.size();
    codes.push_back(page.body.substr(at, page.body.find('<', at) - at));
  }
  return codes;
}

TEST_P(RecoveryCode, on_pages_is_shown_until_it_is_saved_and_counts_from_then_on) {
  auto [ann, app] = scene.with_app("ann");
  const auto old_codes = scene.make_codes(ann);
  EXPECT_TRUE(ann.get(own_page).mentions("10 codes are left."));
  EXPECT_EQ(ann.submit(own_page, {}, "/account/security/recovery-codes/new").header("Location"), own_page);
  const auto page = ann.get(own_page);
  const auto codes = shown_on(page);
  ASSERT_EQ(codes.size(), 10U);
  EXPECT_EQ(shown_on(ann.get(own_page)), codes) << "until the owner is done";

  const auto file = ann.get("/account/security/recovery-codes/file");
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(file.header("Content-Disposition"), "attachment; filename=\"recovery-codes.txt\"");
  EXPECT_EQ(file.header("Cache-Control"), "no-store");
  for (const auto& code : codes) EXPECT_TRUE(file.mentions(code + "\n"));

  auto early = scene.halfway("ann");
  EXPECT_EQ(send(early, codes[0], "recovery_code").code(), "invalid_code") << "they do not count yet";
  EXPECT_EQ(send(early, old_codes[0], "recovery_code").json("state"), "complete") << "and the old ones do";

  const auto unsaved = ann.submit(own_page, {}, own_page);
  EXPECT_EQ(unsaved.status, 422);
  EXPECT_TRUE(unsaved.mentions("Save the codes first"));
  EXPECT_EQ(shown_on(unsaved), codes);
  EXPECT_EQ(ann.submit(own_page, {{"saved", "on"}}, own_page).status, 303);
  EXPECT_TRUE(shown_on(ann.get(own_page)).empty()) << "shown once";
  EXPECT_EQ(ann.get("/account/security/recovery-codes/file").status, 303);
  EXPECT_EQ(scene.count("recovery_draft"), 0);

  auto late = scene.halfway("ann");
  EXPECT_EQ(send(late, old_codes[1], "recovery_code").code(), "invalid_code");
  EXPECT_EQ(send(late, codes[0], "recovery_code").json("state"), "complete");
}

TEST_P(RecoveryCode, draft_belongs_to_its_session_and_ends) {
  auto [ann, app] = scene.with_app("ann");
  auto other = scene.signed_in("ann", app);
  ann.submit(own_page, {}, "/account/security/recovery-codes/new");
  EXPECT_TRUE(shown_on(other.get(own_page)).empty());
  EXPECT_EQ(other.get("/account/security/recovery-codes/file").status, 303);
  world.advance(15min);
  EXPECT_TRUE(shown_on(ann.get(own_page)).empty());
  world.run_jobs();
  EXPECT_EQ(scene.count("recovery_draft"), 0);
}

TEST_P(RecoveryCode, that_signed_in_leads_to_how_many_are_left_and_on) {
  auto [ann, app] = scene.with_app("ann");
  const auto codes = scene.make_codes(ann);
  auto browser = world.client();
  const auto to_code =
      browser.submit("/signin?next=/account/sessions", {{"uid", "ann"}, {"password", good_password}}, "/signin");
  EXPECT_EQ(to_code.status, 303);
  const auto in =
      browser.submit("/signin/verify/recovery_code?next=%2Faccount%2Fsessions", {{"code", codes[0]}}, "/signin/verify");
  EXPECT_EQ(in.status, 303);
  EXPECT_EQ(in.header("Location"), std::string{own_page} + "?next=%2Faccount%2Fsessions");
  const auto page = browser.follow(in);
  EXPECT_TRUE(page.mentions("9 codes are left."));
  EXPECT_TRUE(page.mentions(R"(href="/account/sessions")"));
}

}  // namespace
}  // namespace cardea::api_tests
