#include "identity/listing.hpp"

#include <array>
#include <cstring>

#include "encoding/base64.hpp"

namespace cardea::identity {
namespace {

Account listed(const db::Row& row) {
  return {.id = row.id<AccountId>(0),
          .uid = row.maybe_text(1),
          .name = row.text(2),
          .created_at = row.time(3),
          .profile = from_stored_text(row.text(4))};
}

// The four orders differ in direction and index, so each is a statement of its own: SQL is never built at run time.
db::Rows created_ascending(db::Tx& tx, const Position& after, std::int64_t limit) {
  return tx.all(
      "SELECT id, uid, name, created_at, profile FROM account WHERE id > $1 AND status = 'active' "
      "ORDER BY id ASC LIMIT $2",
      after.id, limit);
}

db::Rows created_descending(db::Tx& tx, const Position& after, std::int64_t limit) {
  return tx.all(
      "SELECT id, uid, name, created_at, profile FROM account WHERE id < $1 AND status = 'active' "
      "ORDER BY id DESC LIMIT $2",
      after.id, limit);
}

db::Rows rank_ascending(db::Tx& tx, const std::string& field, const Position& after, std::int64_t limit) {
  return tx.all(
      "SELECT account_id, uid, name, created_at, profile, value FROM ranking "
      "WHERE field = $1 AND (value, account_id) > ($2, $3) ORDER BY value ASC, account_id ASC LIMIT $4",
      field, after.value, after.id, limit);
}

db::Rows rank_descending(db::Tx& tx, const std::string& field, const Position& after, std::int64_t limit) {
  return tx.all(
      "SELECT account_id, uid, name, created_at, profile, value FROM ranking "
      "WHERE field = $1 AND (value, account_id) < ($2, $3) ORDER BY value DESC, account_id DESC LIMIT $4",
      field, after.value, after.id, limit);
}

Position beginning(const Order& order) {
  if (!order.descending) return {.value = INT64_MIN, .id = AccountId{}};
  RawId highest{};
  highest.fill(0xFF);
  return {.value = INT64_MAX, .id = AccountId{highest}};
}

}  // namespace

void describe_listing(config::Section& directory, ListingSettings& settings) {
  directory.choice("visible", settings.visible,
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

Page list(db::Tx& tx, const Order& order, const std::optional<Position>& after, std::int64_t limit) {
  const Position start = after.value_or(beginning(order));
  const std::int64_t one_more = limit + 1;  // tells whether there is a next page
  db::Rows rows;
  if (order.field.empty()) {
    rows = order.descending ? created_descending(tx, start, one_more) : created_ascending(tx, start, one_more);
  } else {
    rows = order.descending ? rank_descending(tx, order.field, start, one_more)
                            : rank_ascending(tx, order.field, start, one_more);
  }
  const bool goes_on = std::ssize(rows) > limit;
  if (goes_on) rows.pop_back();
  Page page;
  for (const auto& row : rows) page.accounts.push_back(listed(row));
  if (goes_on) {
    page.next = Position{.value = order.field.empty() ? 0 : rows.back().integer(5), .id = page.accounts.back().id};
  }
  return page;
}

}  // namespace cardea::identity
