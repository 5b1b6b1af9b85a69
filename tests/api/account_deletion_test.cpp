// An account whose deletion was asked for: closed at once, kept by its owner or an administrator, or erased.

#include <atomic>

#include "account_deletion/account_deletion.hpp"
#include "encoding/rfc3339.hpp"
#include "tests/api/erased.hpp"
#include "tests/api/letters.hpp"
#include "tests/api/mfa_scene.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::with_mail;

constexpr const char* ada_mail = "ada@example.com";
constexpr Duration grace = 14 * 24h;

void without_grace(app::Settings& settings) { settings.features.of<account_deletion::Settings>().grace = Duration{0}; }

Context by_operator(const World& world) {
  return {.now = world.now(),
          .origin = {.surface = "cli"},
          .principal = Principal{.permissions = Permissions{Role::owner}}};
}

class AccountDeletion : public ::testing::TestWithParam<std::string> {
 protected:
  World world{with_mail, GetParam()};

  /// With an address that is confirmed.
  Client ada() {
    auto client = world.client();
    EXPECT_EQ(client.sign_up("ada", {{"email", ada_mail}}).status, 201);
    EXPECT_EQ(client.post("/v1/verify", {{"code", world.letter_to(ada_mail).code}}).status, 200);
    world.run_queue();  // letters of before come before
    world.advance(1s);
    return client;
  }
  /// One whose deletion was asked for.
  void closed_ada() { EXPECT_EQ(ada().del("/v1/me").status, 204); }
  /// A browser that has shown all that the account asks for.
  Client returning(std::string_view password = good_password) {
    auto client = world.client();
    EXPECT_EQ(client.sign_in("ada", password).json("state"), "restore_required");
    return client;
  }
  std::int64_t sessions() { return world.database().read_one("SELECT COUNT(*) FROM session")->integer(0); }
  std::int64_t recorded(std::string_view kind) {
    return world.database().read_one("SELECT COUNT(*) FROM audit_event WHERE kind = $1", kind)->integer(0);
  }
  void restore_by_operator() {
    EXPECT_TRUE(account::restore(world.house().account(), by_operator(world), world.id_of("ada")).ok());
  }
};
INSTANTIATE_TEST_SUITE_P(engines, AccountDeletion, testing_support::both_engines(), testing_support::engine_name);

TEST_P(AccountDeletion, closes_at_once_and_erases_when_the_time_is_over) {
  auto phone = ada();
  auto desktop = world.client();
  const auto in = desktop.sign_in("ada");
  auto holder = world.curl();
  holder.bearer(in.text("access_token"));
  EXPECT_EQ(holder.get("/v1/session").status, 200);
  EXPECT_EQ(phone.del("/v1/me").status, 204);
  EXPECT_EQ(phone.cookie(session_cookie_name), "");
  EXPECT_EQ(desktop.get("/v1/session").status, 401);
  EXPECT_EQ(desktop.patch("/v1/me", {{"name", "Ada"}}).status, 401);
  EXPECT_EQ(holder.get("/v1/session").status, 401);
  EXPECT_EQ(sessions(), 0);
  EXPECT_EQ(world.client().sign_up("ada").problems(), Texts{"uid:uid_taken"}) << "its name stays taken";

  world.advance(grace - 1s);
  world.run_jobs();
  EXPECT_EQ(world.accounts(), 1);
  world.advance(1s);
  world.run_jobs();
  EXPECT_EQ(world.accounts(), 0);
  EXPECT_EQ(recorded("user.deletion.requested"), 1);
  EXPECT_EQ(recorded("user.deleted"), 1);
  EXPECT_EQ(world.client().sign_in("ada").code(), "invalid_credentials");
  EXPECT_EQ(world.client().sign_up("ada", {{"email", ada_mail}}).status, 201);
}

TEST_P(AccountDeletion, asked_for_by_a_clock_far_ahead_is_not_put_off_for_ever) {
  auto phone = ada();
  EXPECT_EQ(phone.del("/v1/me").status, 204);
  world.database().write([&](db::Tx& tx) {
    tx.run("UPDATE account SET erase_at = $1", world.now() + std::chrono::hours{24 * 365 * 100});
  });
  world.run_jobs();
  EXPECT_EQ(world.accounts(), 1);
  world.advance(std::chrono::hours{24 * 365});
  world.run_jobs();
  EXPECT_EQ(world.accounts(), 0);
}

TEST_P(AccountDeletion, signing_in_opens_nothing_before_its_owner_says_that_it_is_kept) {
  closed_ada();
  const auto erase_at = rfc3339(world.now() + grace);
  auto ada = world.client();
  const auto answer = ada.sign_in("ada");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json("state"), "restore_required");
  EXPECT_EQ(answer.json("erase_at"), erase_at);
  EXPECT_EQ(sessions(), 0);
  EXPECT_EQ(ada.get("/v1/session").status, 401);
  EXPECT_EQ(ada.get("/v1/me").status, 401);

  const auto kept = ada.post("/v1/signin/restore");
  EXPECT_EQ(kept.json("state"), "complete") << kept.body;
  EXPECT_EQ(kept.json("user/status"), "active");
  EXPECT_EQ(ada.get("/v1/session").status, 200);
  EXPECT_EQ(ada.post("/v1/signin/restore").code(), "signin_expired") << "once";
  EXPECT_EQ(recorded("user.restored"), 1);
  erase_closed(world);
  EXPECT_EQ(world.accounts(), 1);
  EXPECT_EQ(world.client().sign_in("ada").json("state"), "complete");
}

TEST_P(AccountDeletion, is_not_undone_by_signing_in_alone) {
  closed_ada();
  returning();
  world.advance(grace);
  auto late = returning();
  world.run_jobs();
  EXPECT_EQ(world.accounts(), 0);
  EXPECT_EQ(late.post("/v1/signin/restore").code(), "signin_expired");
}

TEST_P(AccountDeletion, asks_for_all_factors_before_an_account_is_kept) {
  MfaScene scene{GetParam()};
  auto [ann, app] = scene.with_app("ann");
  EXPECT_EQ(ann.del("/v1/me").status, 204);
  auto browser = scene.halfway("ann");
  EXPECT_EQ(browser.post("/v1/signin/restore").code(), "signin_expired") << "the password alone keeps nothing";
  EXPECT_EQ(scene.audit("user.restored"), Texts{});
  EXPECT_EQ(send(browser, app.code()).json("state"), "restore_required");
  EXPECT_EQ(browser.post("/v1/signin/restore").json("state"), "complete");
}

TEST_P(AccountDeletion, is_asked_for_by_all_factors_and_not_by_the_password_alone) {
  MfaScene scene{GetParam()};
  auto [ann, app] = scene.with_app("ann");
  scene.world.advance(10min);
  EXPECT_EQ(ann.reauthenticate().status, 200);
  EXPECT_EQ(ann.del("/v1/me").code(), "reauth_required");
  EXPECT_EQ(ann.get("/account/delete").header("Location"), "/reauth?next=%2Faccount%2Fdelete");
  EXPECT_EQ(scene.audit("user.deletion.requested"), Texts{});
  EXPECT_EQ(ann.post("/v1/reauth", {{"method", "totp"}, {"code", app.code()}}).status, 200);
  EXPECT_EQ(ann.get("/account/delete").status, 200);
  EXPECT_EQ(ann.del("/v1/me").status, 204);
}

TEST_P(AccountDeletion, ends_sign_ins_that_wait) {
  MfaScene scene{GetParam()};
  auto [ann, app] = scene.with_app("ann");
  auto waiting = scene.halfway("ann");
  EXPECT_EQ(ann.del("/v1/me").status, 204);
  EXPECT_EQ(scene.count("pending_signin"), 0);
  EXPECT_EQ(send(waiting, app.code()).code(), "signin_expired");
}

TEST_P(AccountDeletion, of_a_blocked_account_is_undone_by_nobody_who_is_blocked) {
  closed_ada();
  auto waiting = returning();
  world.disable("ada");
  EXPECT_EQ(world.client().sign_in("ada").code(), "invalid_credentials");
  EXPECT_EQ(waiting.post("/v1/signin/restore").status, 401);
  EXPECT_EQ(recorded("user.restored"), 0);
  erase_closed(world);
  EXPECT_EQ(world.accounts(), 0);
}

// ASVS 6.3.8
TEST_P(AccountDeletion, is_told_to_the_right_password_alone_and_costs_what_others_cost) {
  closed_ada();
  Answer wrong;
  Answer unknown;
  const auto of_ada = world.statements([&] { wrong = world.client().sign_in("ada", wrong_password); }).size();
  const auto of_nobody = world.statements([&] { unknown = world.client().sign_in("nobody", wrong_password); }).size();
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.code(), unknown.code());
  EXPECT_EQ(of_ada, of_nobody);
}

TEST_P(AccountDeletion, is_told_to_the_confirmed_address_with_the_time) {
  closed_ada();
  const auto letter = world.letter_to(ada_mail);
  EXPECT_EQ(letter.subject, "ada will be erased on 7 December 2026, 12:00 UTC");
  EXPECT_NE(letter.text.find("https://auth.test/signin"), std::string::npos) << letter.text;
  EXPECT_EQ(letter.text.find("An administrator"), std::string::npos);
  restore_by_operator();
  world.advance(1s);
  EXPECT_TRUE(account::request_removal(world.house().account(), by_operator(world), world.id_of("ada")).ok());
  EXPECT_NE(world.letter_to(ada_mail).text.find("An administrator did this."), std::string::npos);
}

TEST_P(AccountDeletion, that_was_undone_before_its_letter_was_written_is_told_to_nobody) {
  auto client = ada();
  world.run_queue();
  const auto before = world.letters_to(ada_mail);
  EXPECT_EQ(client.del("/v1/me").status, 204);
  EXPECT_EQ(returning().post("/v1/signin/restore").status, 200);
  EXPECT_EQ(world.letters_to(ada_mail), before + 1) << "of the new browser alone";
}

TEST_P(AccountDeletion, stays_asked_for_when_the_password_is_set_anew) {
  closed_ada();
  world.run_queue();
  world.advance(1s);
  EXPECT_EQ(world.client().post("/v1/recover", {{"uid", "ada"}}).status, 204);
  const auto link = link_in(world.letter_to(ada_mail), "/password-reset");
  ASSERT_NE(link, "");
  EXPECT_EQ(
      world.client().post("/v1/recover/complete", {{"link", secret_in(link)}, {"password", other_password}}).status,
      204);
  EXPECT_EQ(sessions(), 0);
  EXPECT_EQ(world.client().sign_in("ada").status, 401);
  auto back = returning(other_password);
  EXPECT_EQ(back.post("/v1/signin/restore").json("state"), "complete");
}

TEST_P(AccountDeletion, keeps_no_owner_from_taking_a_change_of_address_back) {
  auto thief = ada();
  EXPECT_EQ(thief.patch("/v1/me", {{"email", "thief@example.com"}}).status, 200);
  EXPECT_EQ(thief.post("/v1/verify", {{"code", world.letter_to("thief@example.com").code}}).status, 200);
  world.run_queue();
  const auto link = link_in(world.letter_to(ada_mail), "/verify/undo");
  ASSERT_NE(link, "");
  EXPECT_EQ(thief.del("/v1/me").status, 204);
  EXPECT_EQ(world.client().submit(link, {}, "/verify/undo").status, 303);
  world.run_queue();
  world.advance(1s);
  EXPECT_EQ(world.client().post("/v1/recover", {{"uid", ada_mail}}).status, 204);
  const auto reset = link_in(world.letter_to(ada_mail), "/password-reset");
  ASSERT_NE(reset, "");
  EXPECT_EQ(
      world.client().post("/v1/recover/complete", {{"link", secret_in(reset)}, {"password", other_password}}).status,
      204);
  EXPECT_EQ(returning(other_password).post("/v1/signin/restore").json("user/email"), ada_mail);
}

TEST_P(AccountDeletion, can_be_undone_by_who_signs_in_with_codes_by_mail) {
  World codes{[](app::Settings& settings) {
                with_mail(settings);
                settings.signin.methods = {"password", "passkey", "email_code"};
              },
              GetParam()};
  auto ann = codes.client();
  ann.sign_up("ann", {{"email", ada_mail}});
  EXPECT_EQ(ann.post("/v1/verify", {{"code", codes.letter_to(ada_mail).code}}).status, 200);
  EXPECT_EQ(ann.del("/v1/me").status, 204);
  codes.run_queue();
  auto browser = codes.client();
  EXPECT_EQ(browser.post("/v1/email-code/signin", {{"email", ada_mail}}).status, 204);
  const auto code = codes.letter_to(ada_mail).code;
  EXPECT_EQ(browser.post("/v1/email-code/signin/complete", {{"code", code}}).json("state"), "restore_required");
  EXPECT_EQ(browser.post("/v1/signin/restore").json("state"), "complete");
}

TEST_P(AccountDeletion, by_the_older_contract_is_at_once_and_signing_in_there_keeps_nothing) {
  closed_ada();
  const auto authenticate = [&](std::string_view password) {
    return world.client().post("/api/users/authenticate", {{"uid", "ada"}, {"password", password}});
  };
  EXPECT_EQ(authenticate(good_password).code(), "restore_required");
  EXPECT_EQ(authenticate(wrong_password).status, 400);
  EXPECT_EQ(sessions(), 0);
  restore_by_operator();
  auto older = world.client();
  EXPECT_EQ(older.post("/api/users/authenticate", {{"uid", "ada"}, {"password", good_password}}).status, 200);
  EXPECT_EQ(older.del("/api/users/" + world.id_of("ada").text()).status, 200);
  EXPECT_EQ(world.accounts(), 0) << "its clients expect the name to be free";
}

TEST_P(AccountDeletion, and_its_undoing_work_without_scripts) {
  auto client = ada();
  EXPECT_TRUE(client.get("/account/delete").mentions("7 December 2026, 12:00 UTC"));
  const auto gone = client.submit("/account/delete", {{"uid", "ada"}});
  EXPECT_EQ(gone.header("Location"), "/signin");
  EXPECT_TRUE(client.follow(gone).mentions("Your account is closed and will be erased."));
  EXPECT_EQ(client.get("/signin/keep?next=%2Factivity").header("Location"), "/signin?next=%2Factivity");

  const auto in = client.submit("/signin?next=%2Factivity", {{"uid", "ada"}, {"password", good_password}});
  EXPECT_EQ(in.header("Location"), "/signin/verify?next=%2Factivity");
  const auto led = client.follow(in);
  EXPECT_EQ(led.header("Location"), "/signin/keep?next=%2Factivity");
  const auto page = client.follow(led);
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.mentions("7 December 2026, 12:00 UTC"));
  EXPECT_EQ(client.get("/account").status, 303) << "it opens nothing";
  EXPECT_EQ(client.get("/verify").header("Location"), "/signin/verify");
  EXPECT_EQ(client.post_form("/signin/keep", {}).status, 403) << "a form of another site";
  EXPECT_EQ(recorded("user.restored"), 0);
  const auto kept = client.submit("/signin/keep?next=%2Factivity", {});
  EXPECT_EQ(kept.status, 303) << kept.body;
  EXPECT_EQ(kept.header("Location"), "/activity");
  EXPECT_TRUE(client.get("/activity").mentions("The account is kept"));
  EXPECT_EQ(client.get("/signin/keep").header("Location"), "/account");
}

TEST_P(AccountDeletion, kept_on_its_page_is_said_on_the_page_of_the_account) {
  closed_ada();
  auto client = world.client();
  EXPECT_EQ(client.submit("/signin", {{"uid", "ada"}, {"password", good_password}}).status, 303);
  const auto kept = client.submit("/signin/keep", {});
  EXPECT_EQ(kept.header("Location"), "/account");
  EXPECT_TRUE(client.follow(kept).mentions("Your account is kept."));
}

TEST_P(AccountDeletion, and_its_undoing_are_for_administrators_too) {
  auto client = ada();
  auto root = world.client();
  root.sign_up("rita");
  world.make_admin("rita");
  root.sign_in("rita");
  const auto user = "/v1/users/" + world.id_of("ada").text();
  EXPECT_EQ(client.del("/v1/users/" + world.id_of("rita").text()).status, 403);
  EXPECT_EQ(root.post(user + "/restore").code(), "account.not_waiting");
  EXPECT_EQ(root.del(user).status, 204);
  EXPECT_EQ(client.get("/v1/session").status, 401);
  const auto seen = root.get(user);
  EXPECT_EQ(seen.json("status"), "pending_deletion");
  const auto erase_at = rfc3339(world.now() + grace);
  EXPECT_EQ(seen.json("erase_at"), erase_at);
  world.advance(1h);
  EXPECT_EQ(root.del(user).status, 204) << "again";
  EXPECT_EQ(root.get(user).json("erase_at"), erase_at) << "and the time stays";
  EXPECT_EQ(recorded("user.deletion.requested"), 1);
  EXPECT_EQ(root.post(user + "/restore").status, 204);
  EXPECT_EQ(root.get(user).json("status"), "active");
  EXPECT_EQ(world.client().sign_in("ada").json("state"), "complete");
  EXPECT_EQ(root.del("/v1/users/nobody").status, 404);
}

TEST_P(AccountDeletion, takes_the_account_out_of_what_others_see) {
  closed_ada();
  auto bob = world.client();
  bob.sign_up("bob");
  bob.post("/api/users/authenticate", {{"uid", "bob"}, {"password", good_password}});
  for (const char* list : {"/v1/users", "/v1/users?sort=-coins", "/api/users"}) {
    EXPECT_FALSE(bob.get(list).mentions("\"ada\"")) << list;
  }
  const auto user = "/v1/users/" + world.id_of("ada").text();
  EXPECT_EQ(bob.get(user).status, 404);
  world.database().run("DELETE FROM ranking");
  world.database().run("DELETE FROM ranked_field");  // as a field that is declared anew
  world.restart();
  EXPECT_TRUE(bob.get("/v1/users?sort=-coins").mentions("\"bob\""));
  EXPECT_FALSE(bob.get("/v1/users?sort=-coins").mentions("\"ada\""));
  restore_by_operator();
  for (const char* list : {"/v1/users", "/v1/users?sort=-coins", "/api/users"}) {
    EXPECT_TRUE(bob.get(list).mentions("\"ada\"")) << list;
  }
  EXPECT_EQ(bob.get(user).status, 200);
}

TEST(AccountDeletionAtOnce, is_what_no_grace_means) {
  World world{without_grace};
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_TRUE(ann.get("/account/delete").mentions("This cannot be undone."));
  const auto gone = ann.submit("/account/delete", {{"uid", "ann"}});
  EXPECT_TRUE(ann.follow(gone).mentions("Your account is deleted."));
  EXPECT_EQ(world.accounts(), 0);
  auto bob = world.client();
  bob.sign_up("bob");
  EXPECT_EQ(bob.del("/v1/me").status, 204);
  EXPECT_EQ(world.accounts(), 0);
}

}  // namespace
}  // namespace cardea::api_tests
