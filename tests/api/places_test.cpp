// Places of the leaderboard: equal numbers share one, and no address can say another.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

/// "1 ann, 1 bob, 3 cy": place and user id of each row.
std::string places_on(const Answer& page) {
  std::string out;
  const std::string place = "<td class=\"number\">", uid = "title=\"", line = "class=\"clip hint uid\"";
  for (auto at = page.body.find("<tr"); at != std::string::npos; at = page.body.find("<tr", at + 1)) {
    const auto row = page.body.substr(at, page.body.find("</tr>", at) - at);
    const auto cell = row.find(line);
    if (cell == std::string::npos) continue;
    const auto first = row.find(place);
    const auto number = first < row.find("<th")
                            ? row.substr(first + place.size(), row.find('<', first + 1) - first - place.size())
                            : "-";
    const auto name = row.find(uid, cell);
    const auto begin = name + uid.size();
    out += (out.empty() ? "" : ", ") + number + " " + row.substr(begin, row.find('"', begin) - begin);
  }
  return out;
}

void give_coins(World& world, const std::string& uid, std::int64_t coins) {
  world.advance(1s);  // so that they have an order
  auto person = world.client();
  const auto id = person.sign_up(uid).text("user/id");
  auto boss = world.client();
  boss.sign_in("boss");
  EXPECT_EQ(boss.patch("/v1/users/" + id, {{"coins", coins}}).status, 200);
}

std::string next_page(const Answer& page) {
  const auto end = page.body.find("\" rel=\"next\"");
  if (end == std::string::npos) return {};
  const auto start = page.body.rfind("href=\"", end) + 6;
  std::string href = page.body.substr(start, end - start);
  for (auto at = href.find("&amp;"); at != std::string::npos; at = href.find("&amp;")) href.replace(at, 5, "&");
  return href;
}

TEST(Places, are_shared_by_equal_numbers) {
  World world;
  world.client().sign_up("boss");
  world.make_admin("boss");
  for (const auto& [uid, coins] : {std::pair{"ada", 9}, {"bea", 9}, {"cid", 5}, {"dan", 3}, {"eve", 3}, {"fay", 1}})
    give_coins(world, uid, coins);
  auto ann = world.client();
  ann.sign_in("boss");
  EXPECT_EQ(places_on(ann.get("/users?sort=-coins")), "1 bea, 1 ada, 3 cid, 4 eve, 4 dan, 6 fay, 7 boss");
}

TEST(Places, go_on_over_pages_and_no_address_says_another) {
  World world;
  world.client().sign_up("boss");
  world.make_admin("boss");
  const std::string letters = "abcdef";  // none that looks like another
  for (std::size_t i = 0; i < 30; ++i)
    give_coins(world, std::string{"person"} + letters[i / 6] + letters[i % 6], i < 2 ? 50 : 7);
  auto boss = world.client();
  boss.sign_in("boss");
  const auto first = boss.get("/users?sort=-coins");
  EXPECT_TRUE(places_on(first).starts_with("1 "));
  const auto href = next_page(first);
  ASSERT_FALSE(href.empty());
  EXPECT_EQ(href.find("place"), std::string::npos);
  const auto second = boss.get(href);
  // Two have more than 7, and the first five rows here share their place with those of the page before.
  EXPECT_TRUE(places_on(second).starts_with("3 person")) << places_on(second);
  EXPECT_TRUE(places_on(second).ends_with("31 boss")) << places_on(second);
  for (const auto* forged : {"&place=1", "&place=999", "&rank=1"})
    EXPECT_EQ(places_on(boss.get(href + forged)), places_on(second));
  EXPECT_EQ(places_on(boss.get("/users?sort=-coins&place=500")), places_on(first));
}

TEST(Places, are_not_told_where_the_order_is_another) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  for (const auto* sort : {"coins", "created_at", "-created_at"}) {
    EXPECT_EQ(places_on(ann.get("/users?place=1&sort=" + std::string{sort})), "- ann") << sort;
  }
}

TEST(Places, are_for_who_has_a_number) {
  World world{[](app::Settings& settings) {
    settings.identity.fields = {
        {.name = "age", .type = identity::FieldType::integer, .see = identity::Visibility::everyone, .min = 18}};
  }};
  auto ann = world.client();
  ann.sign_up("ann", {{"age", 40}});
  world.advance(1s);
  auto bob = world.client();
  bob.sign_up("bob");
  EXPECT_EQ(places_on(bob.get("/users?sort=-age")), "1 ann");
  EXPECT_EQ(places_on(bob.get("/users")), "- bob, - ann");
  EXPECT_TRUE(bob.get("/v1/me").mentions("\"age\":null"));
}

}  // namespace
}  // namespace cardea::api_tests
