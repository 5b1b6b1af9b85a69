#pragma once
// Where pages are offered: in the menus that stand on other pages, and on the start page.

#include <string_view>
#include <vector>

namespace cardea::page {

enum class Menu {
  site,     // on top of every page, for who is signed in
  account,  // beside the pages of one's own account
  below,    // in none: its page is reached from that of the link with this key, of another feature perhaps
};

/// One link. Its texts are the strings `nav.<key>` and, when the start page offers it too, `card.<key>`; its icon is
/// the part `icon_<key>`, which the menu of the account shows.
struct NavItem {
  Menu menu = Menu::site;
  std::string_view key;  // "security"
  std::string_view href;  // "/account/security"
  std::string_view page;  // "account_security": on it, the link is the current one
  std::vector<std::string_view> pages_below = {};  // reached from that page: on them, the link is where one is
};

}  // namespace cardea::page
