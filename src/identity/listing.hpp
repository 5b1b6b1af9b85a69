#pragma once
// The user list, ordered by creation or by a public integer field, in keyset pages.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_text.hpp"
#include "identity/identity.hpp"
#include "principal/requirement.hpp"

namespace cardea::identity {

/// Who may see the list of users. Rules every surface alike.
enum class ListedFor { everyone, signed_in, nobody };
constexpr auto enum_texts(ListedFor) {
  return std::to_array<EnumText<ListedFor>>(
      {{ListedFor::everyone, "public"}, {ListedFor::signed_in, "signed-in"}, {ListedFor::nobody, "off"}});
}
struct ListingSettings {
  ListedFor visible = ListedFor::signed_in;
  [[nodiscard]] bool is_off() const { return visible == ListedFor::nobody; }
  [[nodiscard]] Requirement requirement() const {
    return visible == ListedFor::everyone ? if_signed_in : cardea::signed_in;
  }
};
void describe_listing(config::Section& section, ListingSettings& settings);

/// The order of a list: by creation when `field` is empty.
struct Order {
  std::string field = {};
  bool descending = false;
};
/// Reads "-coins", "coins", "created_at", "-created_at"; absent for anything that is not sortable.
[[nodiscard]] std::optional<Order> parse_order(const Settings& settings, std::string_view text);
/// All that it reads.
[[nodiscard]] std::vector<std::string> orders(const Settings& settings);

/// A place in a list: the last account of the page before and the value it was ordered by.
struct Position {
  std::int64_t value = 0;
  AccountId id;
};
/// Opaque text for URLs. Holds values only; a forged one can only name another place in the same public list.
[[nodiscard]] std::string to_cursor(const Position& position);
[[nodiscard]] std::optional<Position> parse_cursor(std::string_view text);
/// The position of an account in this order now; absent when it does not exist.
std::optional<Position> position_of(db::Tx& tx, const Order& order, const AccountId& id);

/// An account in a list, while it is shown: it refers to the row.
struct Listed {
  AccountId id;
  std::optional<std::string_view> uid;
  std::string_view name;
  ProfileView profile;
};
/// Shows at most `limit` active accounts after `after`, and returns where the next page begins; absent: this was the
/// last one. The cost depends on `limit`, not on how many accounts there are.
std::optional<Position> list(db::Tx& tx, const Order& order, const std::optional<Position>& after, std::int64_t limit,
                             const std::function<void(const Listed&)>& show);

/// Beyond it nobody has a place: counting costs as much as there is to count.
inline constexpr std::int64_t most_places = 10'000;
struct Place {
  std::int64_t place = 1;   // one more than how many have a higher number, so that equal numbers share a place
  std::int64_t before = 0;  // how many rows stand before it
};
/// The place of the account that a list by a number, the highest first, goes on with behind `after`. It has the number
/// `first`. Absent beyond `most_places`.
std::optional<Place> place_of(db::Tx& tx, const Order& order, const Position& after, std::int64_t first);

/// Gives every account the default of each sortable field it has no value for, where one is declared; done once per
/// newly declared field, in many small transactions. Whoever has no number is not in the list that it orders. Ended
/// midway, it starts over next time; several processes may do it at once.
void prepare_ranks(db::Database& database, const Settings& settings);

}  // namespace cardea::identity
