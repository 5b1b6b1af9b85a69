#include "page/menus.hpp"

#include <gtest/gtest.h>

namespace cardea::page {
namespace {

const std::vector<NavItem> items{
    {.menu = Menu::site, .key = "map", .href = "/map", .page = "map"},
    {.menu = Menu::account, .key = "own", .href = "/account", .page = "account"},
    {.menu = Menu::account, .key = "keys", .href = "/account/keys", .page = "keys", .pages_below = {"key"}},
};
const Strings strings{
    {"nav.map", "Map"}, {"nav.own", "Own"}, {"nav.keys", "Keys"}, {"card.map", "All"}, {"card.keys", "Yours"}};

std::string shown(std::string_view page, std::string_view member) {
  const wire::Value data = menus(items, {english(), strings}, page);
  return wire::to_json(*data.find(member));
}

TEST(Menus, hold_the_links_of_each_in_the_order_given) {
  EXPECT_EQ(shown("other", "site_menu"),
            R"([{"href":"/map","label":"Map","current":"","card":"All","icon_map":true}])");
  EXPECT_EQ(shown("other", "account_menu"),
            R"([{"href":"/account","label":"Own","current":"","card":"","icon_own":true},)"
            R"({"href":"/account/keys","label":"Keys","current":"","card":"Yours","icon_keys":true}])");
}

TEST(Menus, cards_are_what_has_a_text_for_one_those_of_the_account_first) {
  EXPECT_EQ(shown("other", "cards"),
            R"([{"href":"/account/keys","label":"Keys","current":"","card":"Yours","icon_keys":true},)"
            R"({"href":"/map","label":"Map","current":"","card":"All","icon_map":true}])");
}

TEST(Menus, a_page_is_current_itself_and_for_those_below_it) {
  const auto has = [](std::string_view page, std::string_view menu, std::string_view current) {
    return shown(page, menu).find("\"current\":\"" + std::string{current} + "\"") != std::string::npos;
  };
  EXPECT_TRUE(has("map", "site_menu", "page"));
  EXPECT_TRUE(has("keys", "account_menu", "page"));
  EXPECT_TRUE(has("key", "account_menu", "true"));
  EXPECT_FALSE(has("map", "account_menu", "page"));
}

TEST(Menus, the_account_is_where_one_is_on_each_of_its_pages) {
  for (const auto& [page, place] : {std::pair{"account", "page"}, {"keys", "true"}, {"key", "true"}, {"map", ""}}) {
    EXPECT_EQ(shown(page, "in_account"), "\"" + std::string{place} + "\"") << page;
  }
}

}  // namespace
}  // namespace cardea::page
