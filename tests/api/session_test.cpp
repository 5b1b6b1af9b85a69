// Sessions: their cookie, how long they live, and that one that was ended is over at once.

#include "encoding/base64.hpp"
#include "tests/api/erased.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

TEST(SessionCookie, flags_are_exactly_these) {
  World world;
  auto ann = world.client();
  const auto answer = ann.sign_up("ann");
  EXPECT_EQ(answer.set_cookie("__Host-cardea"), "__Host-cardea=" + ann.cookie("__Host-cardea") +
                                                    "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=7776000");
  EXPECT_EQ(answer.set_cookie("__Host-cardea-device"),
            "__Host-cardea-device=" + ann.cookie("__Host-cardea-device") +
                "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000");
  EXPECT_EQ(ann.cookie("__Host-cardea").size(), 43U);  // 256 bits
  EXPECT_EQ(answer.all("Set-Cookie").size(), 2U);
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
}

TEST(SessionCookie, front_end_on_another_site_gets_same_site_none) {
  World world{[](app::Settings& settings) {
    settings.cookie.same_site = authn::SameSiteChoice::none;
    settings.cors_origins = {"https://app.test"};
  }};
  EXPECT_NE(world.client().sign_up("ann").set_cookie("__Host-cardea").find("; SameSite=None"), std::string::npos);
}

TEST(SessionCookie, only_its_hash_is_stored) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  const auto stored =
      world.database().read([](db::Tx& tx) { return tx.one("SELECT token_hash FROM session")->bytes(0); });
  EXPECT_EQ(stored.size(), 32U);
  auto thief = world.client();
  thief.set_cookie("__Host-cardea", encoding::base64url(stored));
  EXPECT_EQ(thief.get("/v1/session").status, 401);
}

// ASVS 7.2.1
TEST(SessionCookie, damaged_or_doubled_cookies_are_nobody) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  const auto good = ann.cookie("__Host-cardea");
  for (const std::string& bad : {good + "A", good.substr(1), std::string(43, 'A'), std::string{"\"" + good + "\""},
                                 good + "=", std::string(8000, 'x'), std::string{"a b"}}) {
    auto other = world.client();
    other.set_cookie("__Host-cardea", bad);
    EXPECT_EQ(other.get("/v1/session").status, 401) << bad;
    EXPECT_EQ(other.get("/v1/me").status, 401) << bad;
  }
  auto doubled = world.client().header("Cookie", "__Host-cardea=" + good + "; __Host-cardea=" + good);
  EXPECT_EQ(doubled.get("/v1/session").status, 401);
}

// ASVS 7.3.1
TEST(SessionLife, idle_session_ends_after_two_weeks) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  world.advance(14 * 24h - 1s);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  world.advance(14 * 24h - 1s);
  EXPECT_EQ(ann.get("/v1/session").status, 200);  // using it moved the end
  world.advance(14 * 24h);
  EXPECT_EQ(ann.get("/v1/session").status, 401);
}

// ASVS 7.3.2
TEST(SessionLife, session_in_use_ends_after_ninety_days) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  for (int day = 0; day < 89; ++day) {
    world.advance(24h);
    ASSERT_EQ(ann.get("/v1/session").status, 200) << day;
  }
  world.advance(24h - 1us);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  world.advance(1us);
  EXPECT_EQ(ann.get("/v1/session").status, 401);
  EXPECT_EQ(ann.get("/v1/me").status, 401);
}

TEST(SessionLife, settings_rule_both_ends) {
  World world{[](app::Settings& settings) {
    settings.session.idle = 30min;
    settings.session.absolute = 1h;
  }};
  auto ann = world.client();
  auto bob = world.client();
  ann.sign_up("ann");
  bob.sign_up("bob");
  world.advance(29min);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  world.advance(1min);
  EXPECT_EQ(bob.get("/v1/session").status, 401);
  world.advance(25min);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  world.advance(5min);
  EXPECT_EQ(ann.get("/v1/session").status, 401);
}

TEST(SessionLife, use_is_noted_once_a_minute) {
  World world;
  auto ann = world.client();
  const auto opened = ann.sign_up("ann").json("session/last_seen_at");
  world.advance(59s);
  EXPECT_EQ(ann.get("/v1/session").json("session/last_seen_at"), opened);
  world.advance(1s);
  EXPECT_EQ(ann.get("/v1/session").json("session/last_seen_at"), "2026-11-23T12:01:00.000Z");
}

TEST(SessionLife, ended_sessions_are_swept_away) {
  World world;
  world.client().sign_up("ann");
  world.advance(15 * 24h);
  auto ann = world.client();
  ann.sign_in("ann");
  world.run_jobs();
  const auto left =
      world.database().read([](db::Tx& tx) { return tx.one("SELECT COUNT(*) FROM session")->integer(0); });
  EXPECT_EQ(left, 1);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

struct Ann {
  World world;
  Client desktop = world.client();
  Client phone = world.client();
  Ann() {
    desktop.sign_up("ann");
    phone.header("User-Agent", "curl/8.0").from("198.51.100.7").sign_in("ann");
    EXPECT_EQ(desktop.get("/v1/session").status, 200);  // both are in the cache now
    EXPECT_EQ(phone.get("/v1/session").status, 200);
  }
};

// ASVS 7.5.2
TEST(SessionEnd, list_shows_every_session_and_which_one_is_asking) {
  Ann ann;
  const auto list = ann.desktop.get("/v1/me/sessions");
  EXPECT_EQ(list.count("data"), 2U);
  int current = 0;
  for (const std::string at : {"data/0", "data/1"}) {
    if (list.json(at + "/current") == wire::Value{true}) ++current;
  }
  EXPECT_EQ(current, 1);
  EXPECT_TRUE(list.mentions("198.51.100.7"));
  EXPECT_TRUE(list.mentions("curl/8.0"));
  EXPECT_FALSE(list.mentions("token"));
}

// ASVS 7.4.1
TEST(SessionEnd, revoked_session_is_over_at_once_although_it_was_in_memory) {
  Ann ann;
  const auto id = ann.phone.get("/v1/session").text("session/id");
  EXPECT_EQ(ann.desktop.del("/v1/me/sessions/" + id).status, 204);
  EXPECT_EQ(ann.phone.get("/v1/session").status, 401);
  EXPECT_EQ(ann.phone.get("/v1/me").status, 401);
  EXPECT_EQ(ann.desktop.get("/v1/session").status, 200);
  EXPECT_EQ(ann.desktop.del("/v1/me/sessions/" + id).status, 404);
}

TEST(SessionEnd, nobody_ends_the_session_of_somebody_else) {
  Ann ann;
  auto bob = ann.world.client();
  bob.sign_up("bob");
  const auto id = ann.phone.get("/v1/session").text("session/id");
  EXPECT_EQ(bob.del("/v1/me/sessions/" + id).status, 404);
  EXPECT_EQ(bob.del("/v1/me/sessions/ses_nonsense").status, 404);
  EXPECT_EQ(ann.phone.get("/v1/session").status, 200);
}

TEST(SessionEnd, ending_the_own_session_removes_its_cookie) {
  Ann ann;
  const auto id = ann.desktop.get("/v1/session").text("session/id");
  EXPECT_EQ(ann.desktop.del("/v1/me/sessions/" + id).status, 204);
  EXPECT_EQ(ann.desktop.cookie("__Host-cardea"), "");
}

TEST(SessionEnd, one_session_can_be_looked_at_by_its_owner_alone) {
  Ann ann;
  const auto id = ann.phone.get("/v1/session").text("session/id");
  const auto shown = ann.desktop.get("/v1/me/sessions/" + id);
  EXPECT_EQ(shown.json("address"), "198.51.100.7");
  EXPECT_EQ(shown.json("current"), false);
  EXPECT_EQ(ann.phone.get("/v1/me/sessions/" + id).json("current"), true);
  EXPECT_EQ(shown.members(), ann.desktop.get("/v1/me/sessions").members("data/0"));
  auto bob = ann.world.client();
  bob.sign_up("bob");
  EXPECT_EQ(bob.get("/v1/me/sessions/" + id).status, 404);
  EXPECT_EQ(ann.desktop.get("/v1/me/sessions/ses_nonsense").status, 404);
  EXPECT_EQ(ann.world.client().get("/v1/me/sessions/" + id).status, 401);
  ann.desktop.del("/v1/me/sessions/" + id);
  EXPECT_EQ(ann.desktop.get("/v1/me/sessions/" + id).status, 404);
}

TEST(SessionEnd, all_sessions_can_be_ended_at_once_and_the_cookie_goes) {
  Ann ann;
  auto bob = ann.world.client();
  bob.sign_up("bob");
  auto bearer = ann.world.curl().bearer(ann.phone.post("/v1/session/token").text("access_token"));
  EXPECT_EQ(bearer.get("/v1/me").status, 200);
  auto thief = ann.desktop;
  EXPECT_EQ(ann.desktop.del("/v1/me/sessions").status, 204);
  EXPECT_EQ(ann.desktop.cookie("__Host-cardea"), "");
  for (auto* client : {&thief, &ann.phone, &bearer}) EXPECT_EQ(client->get("/v1/me").status, 401);
  EXPECT_EQ(bob.get("/v1/session").status, 200);
  EXPECT_EQ(ann.desktop.del("/v1/me/sessions").status, 401);
  EXPECT_NE(ann.world.audit_kinds().find("session.revoked"), std::string::npos);
  EXPECT_EQ(ann.desktop.sign_in("ann").status, 200);
}

TEST(SessionEnd, revoke_others_leaves_this_one) {
  Ann ann;
  EXPECT_EQ(ann.desktop.post("/v1/me/sessions/revoke-others").json("revoked"), 1);
  EXPECT_EQ(ann.phone.get("/v1/session").status, 401);
  EXPECT_EQ(ann.desktop.get("/v1/session").status, 200);
  EXPECT_EQ(ann.desktop.post("/v1/me/sessions/revoke-others").json("revoked"), 0);
}

TEST(SessionEnd, changed_password_ends_other_sessions_and_their_tokens_and_forgets_other_browsers) {
  Ann ann;
  const auto token = ann.phone.post("/v1/session/token").text("access_token");
  auto bearer = ann.world.curl().bearer(token);
  EXPECT_EQ(bearer.get("/v1/me").status, 200);
  EXPECT_EQ(
      ann.desktop.post("/v1/me/password", {{"current_password", good_password}, {"password", other_password}}).status,
      200);
  EXPECT_EQ(ann.phone.get("/v1/session").status, 401);
  EXPECT_EQ(bearer.get("/v1/me").status, 401);
  EXPECT_EQ(ann.desktop.get("/v1/session").status, 200);
  EXPECT_EQ(ann.phone.sign_in("ann").status, 401);
  // The phone is a stranger now: four more wrong tries and it waits.
  for (int i = 0; i < 4; ++i) ann.phone.sign_in("ann", wrong_password);
  EXPECT_EQ(ann.phone.sign_in("ann", other_password).status, 429);
  EXPECT_EQ(ann.desktop.sign_in("ann", other_password).status, 200);
}

// A thief has a copy of the cookie, and a token made with it.
struct Thief {
  explicit Thief(Ann& ann) : browser(ann.desktop), program(ann.world.curl()) {
    program.bearer(browser.post("/v1/session/token").text("access_token"));
    EXPECT_EQ(program.get("/v1/me").status, 200);
  }
  void expect_out() {
    EXPECT_EQ(browser.get("/v1/session").status, 401);
    EXPECT_EQ(browser.post("/v1/session/token").status, 401);
    EXPECT_EQ(browser.del("/v1/me").status, 401);
    EXPECT_EQ(program.get("/v1/me").status, 401);
    EXPECT_EQ(program.del("/v1/me").status, 401);
  }
  Client browser;
  Client program;
};

TEST(SessionEnd, copied_cookie_and_token_end_when_the_password_changes) {
  Ann ann;
  Thief thief{ann};
  ann.desktop.post("/v1/me/password", {{"current_password", good_password}, {"password", other_password}});
  EXPECT_EQ(ann.desktop.get("/v1/session").status, 200);
  thief.expect_out();
}

TEST(SessionEnd, copied_cookie_and_token_do_not_gain_what_the_shown_password_allows) {
  Ann ann;
  ann.world.advance(10min);
  Thief thief{ann};
  const auto answer = ann.desktop.reauthenticate();
  EXPECT_EQ(answer.status, 200);
  thief.expect_out();
  EXPECT_EQ(ann.desktop.patch("/v1/me", {{"email", "ann@example.org"}}).status, 200);
  EXPECT_EQ(ann.phone.get("/v1/session").status, 200);
}

TEST(SessionEnd, pages_renew_the_session_as_the_api_does) {
  Ann ann;
  auto before = ann.desktop;
  ann.desktop.submit("/reauth", {{"password", good_password}});
  EXPECT_EQ(before.get("/v1/session").status, 401);
  EXPECT_EQ(ann.desktop.get("/v1/session").status, 200);
  before = ann.desktop;
  ann.desktop.submit(
      "/account/security",
      {{"current_password", good_password}, {"password", other_password}, {"password_confirm", other_password}});
  EXPECT_EQ(before.get("/v1/session").status, 401);
  EXPECT_EQ(ann.desktop.get("/v1/session").status, 200);
}

// ASVS 7.4.2
TEST(SessionEnd, deleted_account_takes_its_sessions_along) {
  Ann ann;
  EXPECT_EQ(ann.desktop.del("/v1/me").status, 204);
  EXPECT_EQ(ann.desktop.cookie("__Host-cardea"), "");
  EXPECT_EQ(ann.phone.get("/v1/session").status, 401);
  EXPECT_EQ(ann.world.client().sign_in("ann").json("state"), "restore_required");
  erase_closed(ann.world);
  EXPECT_EQ(ann.world.client().sign_in("ann").status, 401);
  EXPECT_EQ(ann.world.accounts(), 0);
  EXPECT_EQ(ann.world.client().sign_up("ann").status, 201);
}

// What needs the password again after ten minutes.

TEST(Recent, deleting_the_account_needs_the_password_again_after_ten_minutes) {
  Ann ann;
  ann.world.advance(10min);
  const auto refused = ann.desktop.del("/v1/me");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.code(), "reauth_required");
  EXPECT_EQ(ann.desktop.reauthenticate(wrong_password).status, 401);
  EXPECT_EQ(ann.desktop.del("/v1/me").status, 403);
  EXPECT_EQ(ann.desktop.reauthenticate().status, 200);
  EXPECT_EQ(ann.phone.del("/v1/me").status, 403);  // the password was shown in the other session
  ann.world.advance(10min - 1us);
  EXPECT_EQ(ann.desktop.del("/v1/me").status, 204);
}

TEST(Recent, another_address_needs_the_password_again_and_the_rest_does_not) {
  Ann ann;
  EXPECT_EQ(ann.desktop.patch("/v1/me", {{"email", "ann@example.org"}}).status, 200);
  ann.world.advance(10min);
  EXPECT_EQ(ann.desktop.patch("/v1/me", {{"email", "new@example.org"}}).code(), "reauth_required");
  EXPECT_EQ(ann.desktop.patch("/v1/me", {{"email", nullptr}}).code(), "reauth_required");
  EXPECT_EQ(ann.desktop.patch("/v1/me", {{"name", "Annie"}, {"tracking", "sleep"}}).status, 200);
  EXPECT_EQ(ann.desktop.patch("/v1/me", {{"email", "ann@example.org"}, {"name", "Anne"}}).status, 200);  // unchanged
  EXPECT_EQ(ann.desktop.get("/v1/me").json("email"), "ann@example.org");
  ann.desktop.reauthenticate();
  EXPECT_EQ(ann.desktop.patch("/v1/me", {{"email", nullptr}}).json("email"), nullptr);
}

TEST(Recent, refused_change_changes_nothing_at_all) {
  Ann ann;
  ann.world.advance(10min);
  EXPECT_EQ(ann.desktop.patch("/v1/me", {{"email", "new@example.org"}, {"name", "Mallory"}}).status, 403);
  EXPECT_EQ(ann.desktop.get("/v1/me").json("name"), "Person ann");
}

TEST(Recent, name_in_the_session_answer_follows_a_change) {
  Ann ann;
  ann.desktop.patch("/v1/me", {{"name", "Annie"}});
  EXPECT_EQ(ann.desktop.get("/v1/session").json("user/name"), "Annie");
  EXPECT_EQ(ann.phone.get("/v1/session").json("user/name"), "Annie");
}

TEST(Password, new_one_is_judged_as_at_sign_up) {
  Ann ann;
  const auto change = [&](std::string_view current, std::string_view fresh, std::string_view confirm) {
    return ann.desktop.post("/v1/me/password",
                            {{"current_password", current}, {"password", fresh}, {"password_confirm", confirm}});
  };
  EXPECT_EQ(change(good_password, "short one", "short one").problems(), Texts{"password:password_short"});
  EXPECT_EQ(change(good_password, "passwordpassword", "passwordpassword").problems(),
            Texts{"password:password_common"});
  EXPECT_EQ(change(good_password, other_password, good_password).problems(),
            Texts{"password_confirm:password_mismatch"});
  EXPECT_EQ(change(wrong_password, other_password, other_password).problems(),
            Texts{"current_password:wrong_password"});
  EXPECT_EQ(ann.phone.get("/v1/session").status, 200);
  EXPECT_EQ(change(good_password, other_password, other_password).status, 200);
  EXPECT_EQ(ann.world.client().sign_in("ann", other_password).status, 200);
  EXPECT_EQ(ann.world.client().sign_in("ann", good_password).status, 401);
}

}  // namespace
}  // namespace cardea::api_tests
