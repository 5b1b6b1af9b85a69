// Lists put together at run time, against the same list filtered and sorted here.
#include <algorithm>
#include <array>
#include <iterator>
#include <random>
#include <tuple>

#include "tests/support/engines.hpp"

namespace cardea::db {
namespace {

using testing_support::OnEngine;
using testing_support::Schema;

struct Item {
  std::int64_t id;
  std::string kind;
  std::int64_t size;
  std::optional<std::int64_t> gone_at;
};

struct Filter {
  std::function<void(Select&)> add;
  std::function<bool(const Item&)> holds;
};

std::vector<Filter> filters() {
  return {{[](Select&) {}, [](const Item&) { return true; }},
          {[](Select& select) { select.where("kind = $?", "b"); }, [](const Item& item) { return item.kind == "b"; }},
          {[](Select& select) { select.where("size >= $? AND size < $?", 3, 7); },
           [](const Item& item) { return item.size >= 3 && item.size < 7; }},
          {[](Select& select) { select.where("gone_at IS NULL OR size = $?", 1); },
           [](const Item& item) { return !item.gone_at || item.size == 1; }},
          {[](Select& select) { select.where("kind <> $?", "a").where("gone_at > $?", 40); },
           [](const Item& item) { return item.kind != "a" && item.gone_at > 40; }}};
}

/// An order: its columns, the same as a comparison, and the position of an item in it.
struct Order {
  Columns columns;
  std::function<bool(const Item&, const Item&)> is_before;
  std::function<void(Select&, const Item&)> after;
};

template <class Key>
Order order_by(Columns columns, Key key) {
  return {columns, [key](const Item& a, const Item& b) { return key(a) < key(b); },
          [key](Select& select, const Item& item) {
            std::apply([&](const auto&... values) { select.after(values...); }, key(item));
          }};
}

std::vector<Order> orders() {
  return {order_by("id", [](const Item& item) { return std::tuple{item.id}; }),
          order_by("size, id", [](const Item& item) { return std::tuple{item.size, item.id}; }),
          order_by("kind, id", [](const Item& item) { return std::tuple{item.kind, item.id}; }),
          order_by("kind, size, id", [](const Item& item) { return std::tuple{item.kind, item.size, item.id}; })};
}

class DbSelect : public OnEngine {
 protected:
  DbSelect() : OnEngine(Schema::empty) {
    std::minstd_rand random(7);
    database().run(
        "CREATE TABLE item (id BIGINT PRIMARY KEY, kind TEXT NOT NULL, size BIGINT NOT NULL, gone_at BIGINT)");
    database().write([&](Tx& tx) {
      for (std::int64_t id = 1; id <= 200; ++id) {
        const std::string kind(1, static_cast<char>('a' + random() % 4));
        const std::int64_t size = random() % 10;
        const auto gone_at = random() % 2 == 0 ? std::optional<std::int64_t>{random() % 100} : std::nullopt;
        items_.push_back({id, kind, size, gone_at});
        tx.run("INSERT INTO item (id, kind, size, gone_at) VALUES ($1, $2, $3, $4)", id, kind, size, gone_at);
      }
    });
  }

  std::vector<std::int64_t> expected(const Filter& filter, const Order& order, Direction direction) const {
    std::vector<Item> items;
    std::ranges::copy_if(items_, std::back_inserter(items), filter.holds);
    std::ranges::sort(items, order.is_before);
    if (direction == Direction::descending) std::ranges::reverse(items);
    std::vector<std::int64_t> ids;
    for (const Item& item : items) ids.push_back(item.id);
    return ids;
  }

  /// Reads page after page, each from where the one before ended.
  std::vector<std::int64_t> listed(const Filter& filter, const Order& order, Direction direction) {
    constexpr std::size_t page_size = 17;
    std::vector<std::int64_t> ids;
    for (;;) {
      Select select{"SELECT id FROM item"};
      filter.add(select);
      select.order_by(order.columns, direction).limit(page_size);
      if (!ids.empty()) order.after(select, items_.at(static_cast<std::size_t>(ids.back() - 1)));
      const auto rows = database().read_all(select);
      for (const Row& row : rows) ids.push_back(row.integer(0));
      if (rows.size() < page_size) return ids;
    }
  }

  std::vector<Item> items_;
};
INSTANTIATE_TEST_SUITE_P(engines, DbSelect, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DbSelect, every_filter_in_every_order_and_direction_lists_what_it_should) {
  int combinations = 0;
  for (const Filter& filter : filters()) {
    EXPECT_GT(std::ranges::count_if(items_, filter.holds), 17);  // more than a page
    for (const Order& order : orders()) {
      for (const Direction direction : {Direction::ascending, Direction::descending}) {
        EXPECT_EQ(listed(filter, order, direction), expected(filter, order, direction))
            << order.columns.names() << ", combination " << combinations;
        ++combinations;
      }
    }
  }
  EXPECT_EQ(combinations, 40);
}

TEST_P(DbSelect, a_value_is_only_ever_a_value) {
  for (const std::string& text :
       {std::string{"b' OR '1' = '1"}, std::string{"$?"}, std::string{"$1; DROP TABLE item"}}) {
    EXPECT_TRUE(database().read_all(Select{"SELECT id FROM item"}.where("kind = $?", text)).empty()) << text;
  }
  database().read([](Tx& tx) {
    EXPECT_EQ(tx.one(Select{"SELECT count(*) FROM item"})->integer(0), 200);
    int rows = 0;
    Select select{"SELECT id FROM item"};
    tx.each(select.where("size >= $?", 0), [&](const RowView&) { return ++rows, Next::go_on; });
    EXPECT_EQ(rows, 200);
  });
}

TEST_P(DbSelect, rows_of_a_limited_one_are_shown_until_told_to_stop_and_it_may_run_within_itself) {
  database().write([](Tx& tx) {
    for (const std::int64_t limit : {0, 1, 7, 1000, 1001}) {
      Select select{"SELECT id FROM item"};
      select.order_by("id", Direction::ascending).limit(limit);
      std::vector<std::int64_t> ids;
      tx.each(select, [&](const RowView& row) { return ids.push_back(row.integer(0)), Next::go_on; });
      EXPECT_EQ(std::ssize(ids), std::min<std::int64_t>(limit, 200));
      EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
      int pairs = 0;
      tx.each(select, [&](const RowView& row) {
        tx.each(select, [&](const RowView&) { return ++pairs, Next::go_on; });
        return ids.size() < 2 || row.integer(0) == ids[1] ? Next::stop : Next::go_on;
      });
      EXPECT_EQ(pairs, std::ssize(ids) * std::min<std::int64_t>(std::ssize(ids), 2));
    }
  });
}

TEST_P(DbSelect, conditions_are_asked_together_and_each_answered) {
  const std::string hostile = "1' OR '1' = '1";
  const std::vector<Condition> conditions{
      {"EXISTS (SELECT 1 FROM item WHERE id = $?)", 7},
      {"EXISTS (SELECT 1 FROM item WHERE id = $?)", 777},
      {"$? = 1", true},
      {"$? = 1", false},
      Condition{"$? = 1", true}.and_also({"EXISTS (SELECT 1 FROM item WHERE kind = $?)", "a"}),
      Condition{"$? = 1", false}.and_also({"EXISTS (SELECT 1 FROM item WHERE kind = $?)", "a"}),
      {"EXISTS (SELECT 1 FROM item WHERE kind = $?)", hostile},
      {"(SELECT MAX(gone_at) FROM item WHERE id < $?) > $?", 0, 1}};  // null, which does not hold
  const std::vector<bool> expected{true, false, true, false, true, false, false, false};
  database().read([&](Tx& tx) {
    EXPECT_EQ(tx.which_hold(conditions), expected);
    EXPECT_TRUE(tx.which_hold({}).empty());
    EXPECT_TRUE(tx.holds(conditions.front()));
    EXPECT_FALSE(tx.holds(conditions.back()));
  });
}

}  // namespace
}  // namespace cardea::db
