#include "page/menus.hpp"

#include <algorithm>

namespace cardea::page {
namespace {

constexpr std::string_view account_href = "/account";

bool is_below(std::span<const NavItem> items, const NavItem& item, std::string_view page) {
  const auto& own = item.pages_below;
  return std::find(own.begin(), own.end(), page) != own.end() ||
         std::any_of(items.begin(), items.end(), [&](const NavItem& other) {
           return other.menu == Menu::below && other.key == item.key && other.page == page;
         });
}

std::string_view current(std::span<const NavItem> items, const NavItem& item, std::string_view page) {
  if (item.page == page) return "page";
  return is_below(items, item, page) ? "true" : "";
}

std::string_view text_of(const Words& words, std::string_view kind, std::string_view key) {
  const auto whole = std::string{kind} + std::string{key};
  return words.has(whole) ? words.text(whole) : std::string_view{};
}

}  // namespace

wire::Object menus(std::span<const NavItem> items, const Words& words, std::string_view page) {
  wire::Array site;
  wire::Array account;
  wire::Array cards_of_site;
  wire::Array cards;
  wire::Object offers;
  std::string_view in_account;
  for (const auto& item : items) {
    if (item.menu == Menu::below) continue;
    offers.push_back({std::string{item.key}, true});
    const auto place = current(items, item, page);
    const auto card = text_of(words, "card.", item.key);
    const bool is_of_account = item.menu == Menu::account;
    const wire::Value link = wire::Object{{"href", item.href},
                                          {"label", text_of(words, "nav.", item.key)},
                                          {"current", place},
                                          {"card", card},
                                          {"icon_" + std::string{item.key}, true}};
    (is_of_account ? account : site).push_back(link);
    if (!card.empty()) (is_of_account ? cards : cards_of_site).push_back(link);
    if (is_of_account && !place.empty()) in_account = item.href == account_href ? place : "true";
  }
  std::move(cards_of_site.begin(), cards_of_site.end(), std::back_inserter(cards));
  return {{"site_menu", std::move(site)},
          {"account_menu", std::move(account)},
          {"cards", std::move(cards)},
          {"offers", std::move(offers)},
          {"in_account", in_account}};
}

}  // namespace cardea::page
