#include "identity/directory.hpp"

#include <array>
#include <cstring>

#include "encoding/base64.hpp"

namespace cardea::identity {
namespace {

// One row per (account, profile value), accounts in page order; an account without values is one row of nulls.
std::vector<Account> fold(const db::Rows& rows) {
  std::vector<Account> accounts;
  for (const auto& row : rows) {
    const auto id = row.id<AccountId>(0);
    if (accounts.empty() || accounts.back().id != id) {
      accounts.push_back({.id = id, .uid = row.maybe_text(1), .name = row.text(2), .created_at = row.time(3)});
    }
    if (row.is_null(4)) continue;
    auto& profile = accounts.back().profile;
    if (const auto number = row.maybe_integer(6)) {
      profile.emplace(row.text(4), *number);
    } else {
      profile.emplace(row.text(4), row.text(5));
    }
  }
  return accounts;
}

// The four orders differ in direction and index, so each is a statement of its own: SQL is never built at run time.
db::Rows created_ascending(db::Tx& tx, const Position& after, std::int64_t limit) {
  return tx.all(
      "WITH page AS (SELECT id, uid, name, created_at FROM account WHERE id > $1 AND status = 'active' "
      "ORDER BY id ASC LIMIT $2) "
      "SELECT page.id, page.uid, page.name, page.created_at, v.field, v.text_value, v.integer_value "
      "FROM page LEFT JOIN profile_value v ON v.account_id = page.id ORDER BY page.id ASC",
      after.id, limit);
}

db::Rows created_descending(db::Tx& tx, const Position& after, std::int64_t limit) {
  return tx.all(
      "WITH page AS (SELECT id, uid, name, created_at FROM account WHERE id < $1 AND status = 'active' "
      "ORDER BY id DESC LIMIT $2) "
      "SELECT page.id, page.uid, page.name, page.created_at, v.field, v.text_value, v.integer_value "
      "FROM page LEFT JOIN profile_value v ON v.account_id = page.id ORDER BY page.id DESC",
      after.id, limit);
}

db::Rows rank_ascending(db::Tx& tx, const std::string& field, const Position& after, std::int64_t limit) {
  return tx.all(
      "WITH page AS (SELECT a.id, a.uid, a.name, a.created_at, r.integer_value AS rank FROM profile_value r "
      "JOIN account a ON a.id = r.account_id WHERE r.field = $1 AND r.integer_value IS NOT NULL "
      "AND (r.integer_value, r.account_id) > ($2, $3) AND a.status = 'active' "
      "ORDER BY r.integer_value ASC, r.account_id ASC LIMIT $4) "
      "SELECT page.id, page.uid, page.name, page.created_at, v.field, v.text_value, v.integer_value "
      "FROM page LEFT JOIN profile_value v ON v.account_id = page.id ORDER BY page.rank ASC, page.id ASC",
      field, after.value, after.id, limit);
}

db::Rows rank_descending(db::Tx& tx, const std::string& field, const Position& after, std::int64_t limit) {
  return tx.all(
      "WITH page AS (SELECT a.id, a.uid, a.name, a.created_at, r.integer_value AS rank FROM profile_value r "
      "JOIN account a ON a.id = r.account_id WHERE r.field = $1 AND r.integer_value IS NOT NULL "
      "AND (r.integer_value, r.account_id) < ($2, $3) AND a.status = 'active' "
      "ORDER BY r.integer_value DESC, r.account_id DESC LIMIT $4) "
      "SELECT page.id, page.uid, page.name, page.created_at, v.field, v.text_value, v.integer_value "
      "FROM page LEFT JOIN profile_value v ON v.account_id = page.id ORDER BY page.rank DESC, page.id DESC",
      field, after.value, after.id, limit);
}

Position beginning(const Order& order) {
  if (!order.descending) return {.value = INT64_MIN, .id = AccountId{}};
  RawId highest{};
  highest.fill(0xFF);
  return {.value = INT64_MAX, .id = AccountId{highest}};
}

constexpr std::int64_t ranked_at_once = 1000;

// Ranks the accounts behind `after`, as many as one short transaction may, and returns the last of them; absent when
// the field is done. Another process may have finished it meanwhile, and then a value that is missing was taken away
// on purpose: so the mark is looked at in each batch, and set together with the last one.
std::optional<AccountId> rank_batch(db::Tx& tx, const std::string& field, std::int64_t start, const AccountId& after) {
  if (tx.one("SELECT 1 FROM profile_ranked WHERE field = $1", field)) return std::nullopt;
  const auto ids = tx.all("SELECT id FROM account WHERE id > $1 ORDER BY id LIMIT $2", after, ranked_at_once);
  if (!ids.empty()) {
    tx.run(
        "INSERT INTO profile_value (account_id, field, integer_value) "
        "SELECT id, $1, CAST($2 AS BIGINT) FROM account WHERE id > $3 AND id <= $4 "
        "AND NOT EXISTS (SELECT 1 FROM profile_value v WHERE v.account_id = account.id AND v.field = $1) "
        "ON CONFLICT DO NOTHING",
        field, start, after, ids.back().id<AccountId>(0));
  }
  if (std::ssize(ids) == ranked_at_once) return ids.back().id<AccountId>(0);
  tx.run("INSERT INTO profile_ranked (field, default_value) VALUES ($1, $2) ON CONFLICT DO NOTHING", field, start);
  return std::nullopt;
}

}  // namespace

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
  const auto row =
      tx.one("SELECT integer_value FROM profile_value WHERE account_id = $1 AND field = $2", id, order.field);
  if (!row || row->is_null(0)) return std::nullopt;
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
  Page page{.accounts = fold(rows)};
  if (std::ssize(page.accounts) <= limit) return page;
  page.accounts.pop_back();
  const Account& last = page.accounts.back();
  page.next = Position{.value = 0, .id = last.id};
  if (!order.field.empty()) page.next->value = std::get<std::int64_t>(last.profile.at(order.field));
  return page;
}

void prepare_ranks(db::Database& database, const Settings& settings) {
  // Accounts made while a field is not declared get no value for it, so one that returns is prepared again.
  database.write([&](db::Tx& tx) {
    for (const auto& row : tx.all("SELECT field FROM profile_ranked")) {
      const Field* field = find_field(settings.fields, row.text(0));
      if (field == nullptr || !field->is_sortable()) tx.run("DELETE FROM profile_ranked WHERE field = $1", row.text(0));
    }
  });
  for (const auto& field : settings.fields) {
    if (!field.is_sortable()) continue;
    const auto start = std::get<std::int64_t>(default_of(field).value_or(std::int64_t{0}));
    std::optional<AccountId> after = AccountId{};
    while (after) after = database.write([&](db::Tx& tx) { return rank_batch(tx, field.name, start, *after); });
  }
}

}  // namespace cardea::identity
