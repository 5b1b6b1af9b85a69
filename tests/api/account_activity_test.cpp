// What people see of what happened to their account, and what they do when it was not them.

#include <set>

#include "account_activity/account_activity.hpp"
#include "crypto/system_random.hpp"
#include "tests/api/erased.hpp"
#include "tests/api/letters.hpp"
#include "tests/api/mfa_scene.hpp"

namespace cardea::api_tests {
namespace {

class AccountActivity : public ::testing::TestWithParam<std::string> {
 protected:
  World world{{}, GetParam()};

  static Texts events_in(const Answer& page) {
    Texts events;
    for (std::size_t i = 0; i < page.count("data"); ++i) {
      events.push_back(page.text("data/" + std::to_string(i) + "/event"));
    }
    return events;
  }
  std::int64_t details() {
    return world.database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM activity_detail")->integer(0); });
  }
};
INSTANTIATE_TEST_SUITE_P(engines, AccountActivity, testing_support::both_engines(), testing_support::engine_name);

TEST_P(AccountActivity, is_one_s_own_alone_the_latest_first) {
  auto ann = world.client();
  ann.sign_up("ann");
  world.client().sign_up("bob");
  world.advance(1s);
  auto other = world.client();
  other.from("192.0.2.77");
  other.sign_in("ann");
  world.advance(1s);
  world.client().sign_in("bob");
  const auto page = ann.get("/v1/activity");
  EXPECT_EQ(page.status, 200) << page.body;
  EXPECT_EQ(events_in(page), (Texts{"signin.succeeded", "signup.completed"}));
  EXPECT_EQ(page.text("data/0/network"), "192.0.2.0/24");
  EXPECT_EQ(page.text("data/0/by"), "self");
  EXPECT_EQ(page.json("data/0/unusual"), true) << "a new browser";
  EXPECT_NE(page.text("data/0/user_agent"), "");
  EXPECT_EQ(page.body.find("192.0.2.77"), std::string::npos) << "not where exactly";
}

TEST_P(AccountActivity, wrong_passwords_are_shown_and_keep_no_row_each) {
  auto ann = world.client();
  ann.sign_up("ann");
  world.advance(1s);
  const auto before = details();
  auto stranger = world.client();
  stranger.from("198.51.100.9");
  for (int i = 0; i < 3; ++i) stranger.sign_in("ann", wrong_password);
  const auto page = ann.get("/v1/activity");
  EXPECT_EQ(page.text("data/0/event"), "signin.failed") << page.body;
  EXPECT_EQ(page.json("data/0/count"), 3);
  EXPECT_EQ(page.text("data/0/by"), "unknown");
  EXPECT_EQ(page.text("data/0/network"), "198.51.100.0/24");
  EXPECT_EQ(details(), before);
}

TEST_P(AccountActivity, of_an_administrator_shows_what_was_done_and_nothing_else) {
  auto ann = world.client();
  ann.sign_up("ann");
  auto root = world.client();
  root.from("203.0.113.77");
  root.sign_up("boss");
  world.make_admin("boss");
  world.advance(1s);
  EXPECT_EQ(root.patch("/v1/users/" + world.id_of("ann").text(), {{"name", "Ann B."}}).status, 200);
  const auto page = ann.get("/v1/activity");
  EXPECT_EQ(page.text("data/0/event"), "user.updated") << page.body;
  EXPECT_EQ(page.text("data/0/by"), "other");
  EXPECT_EQ(page.text("data/0/network"), "");
  EXPECT_EQ(page.text("data/0/user_agent"), "");
  EXPECT_EQ(page.json("data/0/session"), nullptr);
  const auto own = root.get("/v1/activity");
  for (const auto& event : events_in(own)) EXPECT_NE(event, "user.updated") << "it is about ann";
}

TEST_P(AccountActivity, is_paged_without_gaps_and_ends_after_90_days) {
  auto ann = world.client();
  ann.sign_up("ann");
  for (int i = 0; i < 7; ++i) {
    world.advance(1s);
    EXPECT_EQ(ann.patch("/v1/me", {{"name", "Ann " + std::to_string(i)}}).status, 200);
  }
  std::set<std::string> seen;
  std::string cursor;
  for (int i = 0; i < 10; ++i) {
    const auto page = ann.get("/v1/activity?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (std::size_t row = 0; row < page.count("data"); ++row) {
      EXPECT_TRUE(seen.insert(page.text("data/" + std::to_string(row) + "/id")).second);
    }
    if (page.json("has_more") != true) break;
    cursor = page.text("next_cursor");
  }
  EXPECT_EQ(seen.size(), 8U);
  EXPECT_EQ(ann.get("/v1/activity?cursor=none").status, 422);
  EXPECT_EQ(ann.get("/v1/activity?limit=101").status, 422);

  EXPECT_GT(details(), 0);
  world.advance(91 * 24h);
  ann.sign_in("ann");
  const auto later = ann.get("/v1/activity");
  EXPECT_EQ(events_in(later), (Texts{"signin.succeeded"})) << later.body;
  world.run_jobs();
  EXPECT_EQ(details(), 1) << "what is too old to be shown is not kept";
}

TEST_P(AccountActivity, page_has_words_for_every_event_and_links_only_what_is_unusual) {
  auto ann = world.client();
  ann.sign_up("ann");
  world.advance(1s);
  EXPECT_EQ(ann.patch("/v1/me", {{"name", "Ann B."}}).status, 200);
  EXPECT_EQ(ann.get("/activity").body.find("/activity/secure"), std::string::npos);
  world.advance(1s);
  world.client().sign_in("ann");
  const auto page = ann.get("/activity");
  EXPECT_EQ(page.status, 200);
  for (const char* words :
       {"Signed in", "Your profile was changed", "The account was made", "192.0.2.0/24", "This wasn"}) {
    EXPECT_NE(page.body.find(words), std::string::npos) << words;
  }
  EXPECT_NE(page.body.find("href=\"/activity/secure\""), std::string::npos);
}

// ASVS 7.4.3
TEST_P(AccountActivity, securing_ends_every_session_and_leaves_the_owner_a_way_in) {
  auto ann = world.client();
  ann.sign_up("ann");
  auto thief = ann;  // has its cookies
  auto other = world.client();
  other.sign_in("ann");
  const auto told = other.submit("/activity/secure", {});
  EXPECT_EQ(told.status, 303);
  EXPECT_EQ(told.header("Location"), "/activity/secured");
  EXPECT_EQ(other.cookie("__Host-cardea"), "");
  const auto next = other.follow(told);
  EXPECT_EQ(next.status, 200);
  EXPECT_NE(next.body.find("/signin?next=%2Faccount%2Fsecurity"), std::string::npos);
  EXPECT_EQ(next.body.find("\"/recover\""), std::string::npos) << "no mail is sent here";
  for (auto* session : {&ann, &thief}) EXPECT_EQ(session->get("/v1/session").status, 401);
  EXPECT_EQ(thief.post("/v1/activity/secure").status, 401) << "it needs a live session";
  EXPECT_EQ(world.client().sign_in("ann").status, 200) << "whoever knows the password is not kept out by it";
  EXPECT_NE(world.audit_kinds().find("user.activity.disowned"), std::string::npos);
}

TEST_P(AccountActivity, securing_is_refused_without_the_token_of_the_form_or_by_an_access_token) {
  auto ann = world.client();
  const auto token = ann.sign_up("ann").text("access_token");
  EXPECT_NE(ann.post_form("/activity/secure", {}).status, 303);
  auto program = world.curl();
  program.bearer(token);
  EXPECT_EQ(program.post("/v1/activity/secure").status, 403);
  EXPECT_EQ(program.get("/v1/activity").status, 403);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

TEST_P(AccountActivity, deleted_account_leaves_no_details) {
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_GT(details(), 0);
  EXPECT_EQ(ann.del("/v1/me").status, 204);
  EXPECT_GT(details(), 0);
  erase_closed(world);
  EXPECT_EQ(details(), 0);
}

// ASVS 7.5.2
TEST_P(AccountActivity, sessions_page_shows_network_and_methods) {
  auto ann = world.client();
  ann.sign_up("ann");
  const auto page = ann.get("/account/sessions");
  EXPECT_NE(page.body.find("192.0.2.0/24"), std::string::npos);
  EXPECT_NE(page.body.find("Signed in by: password"), std::string::npos) << page.body;
}

/// Events that nobody meets on the page of their own account.
const std::set<std::string_view> of_no_account{"signup.invited", "database.restored"};

TEST(AccountActivityWords, are_there_for_every_event_in_the_catalogue) {
  World world{testing_support::with_mail};
  auto ann = world.client();
  ann.sign_up("ann");
  for (const auto& feature : world.house().features()) {
    for (const auto& kind : feature.events) {
      if (of_no_account.contains(kind.name)) continue;
      crypto::SystemRandom random;
      observe::Log silent{observe::Format::json, observe::Level::error};
      const audit::Trail trail{silent, random, Secret{}};
      world.advance(1s);
      world.database().write([&](db::Tx& tx) {
        trail.record(tx, Context{.now = world.now()}, {.kind = kind, .account = world.id_of("ann")});
      });
      EXPECT_EQ(ann.get("/activity").body.find(">" + std::string{kind.name}), std::string::npos) << kind.name;
    }
  }
}

}  // namespace
}  // namespace cardea::api_tests
