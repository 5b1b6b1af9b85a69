// Everything that is held of somebody, for them alone.

#include <map>
#include <set>

#include "db/migrate.hpp"
#include "tests/api/mfa_scene.hpp"

namespace cardea::api_tests {
namespace {

class AccountExport : public ::testing::TestWithParam<std::string> {
 protected:
  MfaScene scene{GetParam()};
  World& world = scene.world;

  static std::map<std::string, int> kinds_in(const Answer& document) {
    std::map<std::string, int> kinds;
    for (std::size_t i = 0; i < document.count("data"); ++i) {
      ++kinds[document.text("data/" + std::to_string(i) + "/kind")];
    }
    return kinds;
  }
};
INSTANTIATE_TEST_SUITE_P(engines, AccountExport, testing_support::both_engines(), testing_support::engine_name);

TEST_P(AccountExport, holds_what_every_feature_has_and_no_secret) {
  auto [ann, app] = scene.with_app("ann");
  const auto codes = scene.make_codes(ann);
  EXPECT_EQ(ann.post("/v1/me/notes", {{"note", "Buy milk"}}).status, 201);
  world.client().sign_up("bob");
  const auto document = ann.get("/v1/account/export");
  ASSERT_EQ(document.status, 200) << document.body;
  EXPECT_EQ(document.header("Content-Disposition"), "attachment; filename=\"account.json\"");
  EXPECT_EQ(document.text("account"), world.id_of("ann").text());
  const auto kinds = kinds_in(document);
  for (const char* kind : {"account", "session", "totp", "recovery_codes", "note", "activity"}) {
    EXPECT_EQ(kinds.count(kind), 1U) << kind;
  }
  EXPECT_EQ(document.body.find(app.secret()), std::string::npos);
  for (const auto& code : codes) EXPECT_EQ(document.body.find(code), std::string::npos);
  for (const char* secret : {"$argon2id$", "token_hash", "bob"}) {
    EXPECT_EQ(document.body.find(secret), std::string::npos) << secret;
  }
  EXPECT_EQ(document.body.find(ann.cookie(session_cookie_name)), std::string::npos);
  EXPECT_EQ(scene.audit("user.data.exported").size(), 1U);
}

TEST_P(AccountExport, is_whole_when_it_takes_many_pieces) {
  auto ann = world.client();
  ann.sign_up("ann");
  for (int i = 0; i < 120; ++i) {
    EXPECT_EQ(ann.post("/v1/me/notes", {{"note", std::to_string(i) + std::string(9'000, 'x')}}).status, 201);
    world.advance(1s);
  }
  ann.reauthenticate();
  const auto document = ann.get("/v1/account/export");
  ASSERT_EQ(document.status, 200);
  EXPECT_GT(document.body.size(), 1'000'000U);
  EXPECT_EQ(kinds_in(document)["note"], 120);
}

TEST_P(AccountExport, asks_for_a_recent_proof_of_the_best_kind) {
  auto [ann, app] = scene.with_app("ann");
  world.advance(11min);
  EXPECT_EQ(ann.get("/v1/account/export").code(), "reauth_required");
  EXPECT_EQ(ann.get("/account/data/file").status, 303) << "asks who it is, and leads back";
  EXPECT_EQ(scene.audit("user.data.exported").size(), 0U);
}

TEST_P(AccountExport, password_alone_is_not_enough_where_there_is_a_second_factor) {
  auto [ann, app] = scene.with_app("ann");
  world.advance(11min);
  ann.reauthenticate();
  EXPECT_EQ(ann.get("/v1/account/export").code(), "reauth_required");
}

TEST_P(AccountExport, costs_so_that_nobody_has_it_made_all_day) {
  auto ann = world.client();
  ann.sign_up("ann");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ann.get("/v1/account/export").status, 200);
  EXPECT_EQ(ann.get("/v1/account/export").status, 429);
}

TEST_P(AccountExport, stops_when_the_session_ends) {
  auto ann = world.client();
  ann.sign_up("ann");
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(ann.post("/v1/me/notes", {{"note", std::to_string(i) + std::string(9'000, 'x')}}).status, 201);
  }
  http::Request request{.method = http::Method::get, .target = "/v1/account/export"};
  request.headers.add("Cookie", "__Host-cardea=" + ann.cookie(session_cookie_name));
  auto response = world.answer(request);
  ASSERT_EQ(response.status, 200);
  auto* producer = response.body.producer();
  ASSERT_NE(producer, nullptr);
  std::string piece;
  EXPECT_TRUE(producer->pull(piece).ok());
  EXPECT_EQ(ann.del("/v1/me/sessions").status, 204);
  bool has_ended = false;
  for (int i = 0; i < 100 && !has_ended; ++i) has_ended = !producer->pull(piece).ok();
  EXPECT_TRUE(has_ended);
}

/// Tables with rows of an account, and how their owner gets to see them, or why not.
const std::map<std::string_view, std::string_view> shown_as{
    {"session", "kind session"},
    {"note", "kind note"},
    {"totp", "kind totp"},
    {"recovery_set", "kind recovery_codes"},
    {"passkey", "kind passkey"},
    {"email_code_factor", "kind email_codes"},
    {"sms_factor", "kind sms"},
    {"activity_detail", "kind activity"},
    {"device_session", "kind device_session"},
    {"audit_key", "a random name and a sealed key; what the key opens is in activity"},
    {"password", "a secret; GET /account/security says when it was changed"},
    {"recovery_code", "secrets; how many are left is in recovery_codes"},
    {"recovery_draft", "secrets, kept for a quarter of an hour"},
    {"totp_enrolment", "a secret, kept while it is set up"},
    {"email_code_signin", "digests of a browser and an address, kept for ten minutes"},
    {"sms_enrolment", "a number that is not confirmed yet, sealed, kept for ten minutes"},
    {"known_browser", "a digest of a random number and two times, by which nobody is known"},
    {"pending_signin", "a sign-in that is not complete, kept for ten minutes"},
    {"ranking", "a copy of the account's profile, in order"},
    {"known_device", "dropped by a later migration"},
    {"session_by_id", "session, by the name it had at first"},
};

std::set<std::string> tables_of_accounts() {
  std::set<std::string> tables;
  for (const auto& migration : db::embedded_migrations()) {
    std::string table;
    std::string_view rest = migration.sql;
    while (!rest.empty()) {
      const auto line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      constexpr std::string_view create = "CREATE TABLE ";
      if (line.starts_with(create)) table = line.substr(create.size(), line.find(" (") - create.size());
      const bool refers = line.find("REFERENCES account") != std::string_view::npos;
      if (refers && !line.starts_with("--")) tables.insert(table);
    }
  }
  return tables;
}

TEST(AccountExportTables, each_that_belongs_to_an_account_is_shown_or_has_a_reason) {
  const auto tables = tables_of_accounts();
  EXPECT_GE(tables.size(), 8U) << "they are found at all";
  for (const auto& table : tables) EXPECT_TRUE(shown_as.contains(table)) << table << " is neither exported nor excused";
  for (const auto& [table, how] : shown_as) EXPECT_EQ(tables.count(std::string{table}), 1U) << table << ": " << how;
}

}  // namespace
}  // namespace cardea::api_tests
