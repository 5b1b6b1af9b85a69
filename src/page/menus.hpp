#pragma once
// The navigation as templates see it.

#include <span>
#include <string_view>

#include "encoding/value.hpp"
#include "page/navigation.hpp"
#include "page/words.hpp"

namespace cardea::page {

/// `site_menu`, `account_menu` and `cards`: lists of {"href", "label", "current", "card", "icon_<key>"} in the order of
/// `items`; a card for each that has a string for it, those of the account first. `current` is the value of
/// aria-current on `page`: "page", "true" or empty. `in_account` is the same for the link to the account itself.
/// `offers.<key>` is true for each item, so that a part of another page can tell whether its feature is there.
[[nodiscard]] wire::Object menus(std::span<const NavItem> items, const Words& words, std::string_view page);

}  // namespace cardea::page
