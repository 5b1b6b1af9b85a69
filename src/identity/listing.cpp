#include "identity/listing.hpp"

#include <array>
#include <cstring>

#include "encoding/base64.hpp"

namespace cardea::identity {
namespace {

/// The statement of a list; accounts that are not active have no ranking.
db::Select in_order(const Order& order, const std::optional<Position>& after) {
  const auto direction = order.descending ? db::Direction::descending : db::Direction::ascending;
  if (order.field.empty()) {
    db::Select select{"SELECT id, uid, name, profile FROM account"};
    select.where("status = 'active'").where("erase_at IS NULL").order_by("id", direction);
    if (after) select.after(after->id);
    return select;
  }
  db::Select select{"SELECT account_id, uid, name, profile, value FROM ranking"};
  select.where("field = $?", order.field).order_by("value, account_id", direction);
  if (after) select.after(after->value, after->id);
  return select;
}

}  // namespace

void describe_listing(config::Section& section, ListingSettings& settings) {
  section.choice("visible", settings.visible,
                 "Who may see the list of users and their public fields. `cardea dev` starts with public.");
}

std::optional<Order> parse_order(const Settings& settings, std::string_view text) {
  Order order;
  if (text.starts_with('-')) {
    order.descending = true;
    text.remove_prefix(1);
  }
  if (text == "created_at") return order;
  const Field* field = find_field(settings.fields, text);
  if (field == nullptr || !field->is_sortable()) return std::nullopt;
  order.field = field->name;
  return order;
}

std::vector<std::string> orders(const Settings& settings) {
  std::vector<std::string> texts{"created_at", "-created_at"};
  for (const Field& field : settings.fields) {
    if (!field.is_sortable()) continue;
    texts.push_back(field.name);
    texts.push_back("-" + field.name);
  }
  return texts;
}

std::string to_cursor(const Position& position) {
  Bytes bytes(24);
  std::memcpy(bytes.data(), &position.value, 8);
  std::memcpy(bytes.data() + 8, position.id.raw().data(), 16);
  return encoding::base64url(bytes);
}

std::optional<Position> parse_cursor(std::string_view text) {
  const auto bytes = encoding::parse_base64url(text);
  if (!bytes || bytes->size() != 24) return std::nullopt;
  Position position;
  std::memcpy(&position.value, bytes->data(), 8);
  position.id = *AccountId::from_bytes(BytesView{*bytes}.subspan(8));
  return position;
}

std::optional<Position> position_of(db::Tx& tx, const Order& order, const AccountId& id) {
  if (order.field.empty()) {
    if (!tx.one("SELECT 1 FROM account WHERE id = $1", id)) return std::nullopt;
    return Position{.value = 0, .id = id};
  }
  const auto row = tx.one("SELECT value FROM ranking WHERE account_id = $1 AND field = $2", id, order.field);
  if (!row) return std::nullopt;
  return Position{.value = row->integer(0), .id = id};
}

std::optional<Position> list(db::Tx& tx, const Order& order, const std::optional<Position>& after, std::int64_t limit,
                             const std::function<void(const Listed&)>& show) {
  Position last;
  std::optional<Position> next;
  std::int64_t shown = 0;
  const auto look = [&](const db::RowView& row) {
    if (shown == limit) {
      next = last;
      return db::Next::stop;
    }
    Profile parsed;
    const Listed account{.id = row.id<AccountId>(0),
                         .uid = row.maybe_text(1),
                         .name = row.text(2),
                         .profile = view_stored_text(row.text(3), parsed)};
    show(account);
    last = {.value = order.field.empty() ? 0 : row.integer(4), .id = account.id};
    ++shown;
    return db::Next::go_on;
  };
  // One more tells whether there is a next page.
  tx.each(in_order(order, after).limit(limit + 1), look);
  return next;
}

std::optional<Place> place_of(db::Tx& tx, const Order& order, const Position& after, std::int64_t first) {
  const auto before = tx.one(
      "SELECT count(*) FROM (SELECT 1 FROM ranking WHERE field = $1 AND (value, account_id) >= ($2, $3) "
      "LIMIT $4) AS counted",
      order.field, after.value, after.id, most_places + 1);
  Place place{.place = 0, .before = before->integer(0)};
  if (place.before > most_places) return std::nullopt;
  place.place = place.before + 1;
  if (first != after.value) return place;
  const auto higher =
      tx.one("SELECT count(*) FROM (SELECT 1 FROM ranking WHERE field = $1 AND value > $2 LIMIT $3) AS counted",
             order.field, first, most_places + 1);
  place.place = higher->integer(0) + 1;
  return place;
}

}  // namespace cardea::identity
