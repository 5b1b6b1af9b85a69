// The list of users: who may see it, in which order, and page by page.

#include <algorithm>
#include <set>

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* lists[] = {"/v1/users", "/api/users"};

void make_public(app::Settings& settings) { list_for(settings, identity::ListedFor::everyone); }

TEST(Directory, is_for_people_who_are_signed_in_unless_a_setting_says_otherwise) {
  World world;
  auto ann = world.client();
  const auto id = ann.sign_up("ann").text("user/id");
  ann.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  auto visitor = world.client();
  for (const std::string list : lists) {
    EXPECT_EQ(visitor.get(list).status, 401) << list;
    EXPECT_EQ(visitor.get(list + "/" + id).status, 401) << list;
    EXPECT_EQ(ann.get(list).status, 200) << list;
    EXPECT_EQ(ann.get(list + "/" + id).status, 200) << list;
  }
  EXPECT_EQ(visitor.get("/users").header("Location"), "/signin?next=%2Fusers");
  EXPECT_EQ(ann.get("/users").status, 200);
}

TEST(Directory, public_one_is_for_everybody) {
  World world{make_public};
  const auto id = world.client().sign_up("ann").text("user/id");
  auto visitor = world.client();
  for (const std::string list : lists) {
    EXPECT_EQ(visitor.get(list).status, 200) << list;
    EXPECT_EQ(visitor.get(list + "/" + id).status, 200) << list;
  }
  EXPECT_EQ(visitor.get("/users").status, 200);
}

TEST(Directory, one_that_is_off_is_not_there_for_anybody) {
  World world{[](app::Settings& settings) { list_for(settings, identity::ListedFor::nobody); }};
  const auto id = world.client().sign_up("bob").text("user/id");
  auto ann = world.client();
  ann.sign_up("ann");
  ann.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  for (const std::string list : lists) {
    for (const auto& answer : {ann.get(list), ann.get(list + "/" + id)}) {
      EXPECT_EQ(answer.status, 404) << list << answer.body;
      EXPECT_FALSE(answer.mentions("Person ann"));
    }
  }
  EXPECT_EQ(ann.get("/users").status, 404);
}

TEST(Directory, disabled_accounts_are_not_listed) {
  World world{make_public};
  world.client().sign_up("ann");
  const auto id = world.client().sign_up("bob").text("user/id");
  world.disable("bob");
  auto visitor = world.client();
  EXPECT_EQ(visitor.get("/v1/users").count("data"), 1U);
  EXPECT_EQ(visitor.get("/api/users").count(), 1U);
  EXPECT_EQ(visitor.get("/v1/users/" + id).status, 404);
  EXPECT_EQ(visitor.get("/api/users/" + id).status, 404);
  EXPECT_FALSE(visitor.get("/users").mentions("Person bob"));
}

// Seven people, of whom several have the same number of coins.
struct Players {
  World world{make_public};
  Client visitor = world.client();
  Players() {
    auto root = world.client();
    root.sign_up("rita");
    world.make_admin("rita");
    const std::vector<std::pair<const char*, int>> coins{{"p1", 5}, {"p2", 0}, {"p3", 5},
                                                         {"p4", 9}, {"p5", 5}, {"p6", 0}};
    for (const auto& [uid, amount] : coins) {
      world.advance(1s);
      const auto id = world.client().sign_up(uid).text("user/id");
      EXPECT_EQ(root.patch("/v1/users/" + id, {{"coins", amount}}).status, 200);
    }
  }
  Texts uids(const std::string& target) {
    const auto page = visitor.get(target);
    Texts found;
    for (std::size_t i = 0; i < page.count("data"); ++i)
      found.push_back(page.text("data/" + std::to_string(i) + "/uid"));
    return found;
  }
};

TEST(Directory, sorts_by_creation_and_by_public_numbers) {
  Players players;
  EXPECT_EQ(players.uids("/v1/users"), (Texts{"rita", "p1", "p2", "p3", "p4", "p5", "p6"}));
  EXPECT_EQ(players.uids("/v1/users?sort=-created_at"), (Texts{"p6", "p5", "p4", "p3", "p2", "p1", "rita"}));
  EXPECT_EQ(players.uids("/v1/users?sort=-coins"), (Texts{"p4", "p5", "p3", "p1", "p6", "p2", "rita"}));
  EXPECT_EQ(players.uids("/v1/users?sort=coins"), (Texts{"rita", "p2", "p6", "p1", "p3", "p5", "p4"}));
  for (const auto* sort : {"dob", "tracking", "email", "password", "uid", "-", "", "coins%20desc", "--coins"}) {
    EXPECT_EQ(players.visitor.get(std::string{"/v1/users?sort="} + sort).problems(), Texts{"sort:not_sortable"})
        << sort;
  }
}

TEST(Directory, pages_are_complete_and_repeat_nobody) {
  Players players;
  for (const std::string sort : {"created_at", "-created_at", "coins", "-coins"}) {
    const auto whole = players.uids("/v1/users?sort=" + sort);
    for (const std::string limit : {"1", "2", "3", "6", "7", "200"}) {
      Texts together;
      std::string target = "/v1/users?sort=" + sort + "&limit=" + limit;
      for (std::string next = target; !next.empty() && together.size() < 20;) {
        const auto part = players.uids(next);
        together.insert(together.end(), part.begin(), part.end());
        const auto page = players.visitor.get(next);
        const bool more = page.json("has_more") == wire::Value{true};
        EXPECT_EQ(page.json("next_cursor").is<std::nullptr_t>(), !more);
        next = more ? target + "&cursor=" + page.text("next_cursor") : "";
      }
      EXPECT_EQ(together, whole) << target;
    }
  }
}

TEST(Directory, classic_list_pages_after_an_id) {
  Players players;
  const auto whole = players.visitor.get("/api/users?sort=-coins");
  EXPECT_EQ(whole.count(), 7U);
  Texts together;
  std::string after;
  for (int i = 0; i < 7; ++i) {
    const auto page = players.visitor.get("/api/users?sort=-coins&limit=1&after=" + after);
    ASSERT_EQ(page.count(), 1U);
    together.push_back(page.text("0/uid"));
    after = page.text("0/id");
  }
  EXPECT_EQ(together, (Texts{"p4", "p5", "p3", "p1", "p6", "p2", "rita"}));
  EXPECT_EQ(players.visitor.get("/api/users?sort=-coins&limit=1&after=" + after).count(), 0U);
  EXPECT_EQ(players.visitor.get("/api/users?sort=-dob").status, 400);
  EXPECT_EQ(players.visitor.get("/api/users?after=nonsense").status, 404);
}

TEST(Directory, limit_has_bounds) {
  Players players;
  for (const auto* limit : {"0", "-1", "201", "1e2", "", "9999999999999999999"}) {
    const auto answer = players.visitor.get(std::string{"/v1/users?limit="} + limit);
    EXPECT_EQ(answer.problems(), Texts{"limit:out_of_range"}) << limit;
  }
  EXPECT_EQ(players.visitor.get("/v1/users?limit=1&limit=2").status, 400) << "nobody can say which was meant";
  EXPECT_EQ(players.uids("/v1/users?limit=200").size(), 7U);
}

TEST(Directory, forged_cursors_are_refused_or_name_another_place_in_the_same_list) {
  Players players;
  for (const std::string& cursor :
       {std::string{"x"}, std::string{"AAAA"}, std::string(31, 'A'), std::string(33, 'A'), std::string(32, '*')}) {
    EXPECT_EQ(players.visitor.get("/v1/users?cursor=" + cursor).problems(), Texts{"cursor:cursor_invalid"}) << cursor;
  }
  EXPECT_EQ(players.visitor.get("/v1/users?cursor=" + std::string(5000, 'A')).problems(), Texts{"cursor:too_long"});
  for (const char fill : {'A', '_', 'Q'}) {
    for (const std::string sort : {"created_at", "-created_at", "coins", "-coins"}) {
      const auto answer = players.visitor.get("/v1/users?sort=" + sort + "&cursor=" + std::string(32, fill));
      EXPECT_EQ(answer.status, 200);
      EXPECT_LE(answer.count("data"), 7U);
      EXPECT_FALSE(answer.mentions("email"));
    }
  }
}

TEST(Directory, page_shows_the_leaderboard_and_leads_on) {
  Players players;
  const auto page = players.visitor.get("/users");
  EXPECT_LT(page.body.find("Person p4"), page.body.find("Person p5"));
  EXPECT_LT(page.body.find("Person p1"), page.body.find("Person p6"));
  EXPECT_EQ(players.visitor.get("/users?sort=dob").header("Location"), "/users");
  EXPECT_EQ(players.visitor.get("/users?cursor=forged").header("Location"), "/users");
  for (int i = 0; i < 25; ++i) {
    players.world.advance(1s);
    players.world.client().sign_up("more" + std::to_string(i));
  }
  const auto first = players.visitor.get("/users?sort=created_at");
  const auto at = first.body.find("cursor=");
  ASSERT_NE(at, std::string::npos);
  const auto cursor = first.body.substr(at, first.body.find('"', at) - at);
  const auto second = players.visitor.get("/users?sort=created_at&" + cursor);
  EXPECT_TRUE(first.mentions("Person rita"));
  EXPECT_FALSE(second.mentions("Person rita"));
  EXPECT_TRUE(second.mentions("Person more24"));
}

}  // namespace
}  // namespace cardea::api_tests
