// Rows one after another, and statements that stay prepared.
#include <array>
#include <stdexcept>
#include <utility>

#include "tests/support/engines.hpp"

namespace cardea::db {
namespace {

using testing_support::OnEngine;
using testing_support::Schema;

class DbStream : public OnEngine {
 protected:
  DbStream() : OnEngine(Schema::empty) { database().run("CREATE TABLE number (id BIGINT PRIMARY KEY, label TEXT)"); }
  void fill(std::int64_t count) {
    database().run(
        "INSERT INTO number (id, label) WITH RECURSIVE counting (n) AS "
        "(SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM counting WHERE n < $2) "
        "SELECT n, 'number' FROM counting",
        1, count);
  }
};
INSTANTIATE_TEST_SUITE_P(engines, DbStream, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DbStream, a_hundred_thousand_rows_come_in_order) {
  fill(100'000);
  std::int64_t last = 0;
  database().read([&](Tx& tx) {
    last = 0;
    const auto look = [&](const RowView& row) {
      EXPECT_EQ(row.integer(0), ++last);
      return row.text(1) == "number" ? Next::go_on : Next::stop;
    };
    tx.each("SELECT id, label FROM number ORDER BY id", look);
  });
  EXPECT_EQ(last, 100'000);
}

TEST_P(DbStream, no_row_and_numbers_around_a_batch) {
  for (const std::int64_t size : {0, 1, 199, 200, 201, 400}) {
    database().run("DELETE FROM number");
    if (size > 0) fill(size);
    std::int64_t rows = 0;
    database().read([&](Tx& tx) {
      tx.each(
          "SELECT id FROM number WHERE id > $1 AND label = $2", [&](const RowView&) { return ++rows, Next::go_on; }, 0,
          "number");
    });
    EXPECT_EQ(rows, size);
  }
}

TEST_P(DbStream, it_stops_when_told_and_the_transaction_goes_on) {
  fill(1000);
  database().write([](Tx& tx) {
    int rows = 0;
    tx.each("SELECT id FROM number", [&](const RowView&) { return ++rows == 10 ? Next::stop : Next::go_on; });
    EXPECT_EQ(rows, 10);
    EXPECT_EQ(tx.run("DELETE FROM number WHERE id = 1"), 1);
  });
  EXPECT_EQ(database().read_one("SELECT count(*) FROM number")->integer(0), 999);
}

TEST_P(DbStream, other_statements_and_streams_may_run_meanwhile) {
  fill(500);
  std::int64_t pairs = 0;
  database().write([&](Tx& tx) {
    tx.run("CREATE TABLE seen (id BIGINT PRIMARY KEY)");
    tx.each("SELECT id FROM number WHERE id <= 300", [&](const RowView& row) {
      tx.run("INSERT INTO seen (id) VALUES ($1)", row.integer(0));
      if (row.integer(0) > 3) return Next::go_on;
      tx.each("SELECT id FROM number WHERE id <= 300", [&](const RowView&) { return ++pairs, Next::go_on; });
      return Next::go_on;
    });
  });
  EXPECT_EQ(pairs, 900);
  EXPECT_EQ(database().read_one("SELECT count(*) FROM seen")->integer(0), 300);
}

TEST_P(DbStream, an_exception_passes_through_and_rolls_back) {
  fill(300);
  EXPECT_THROW(database().write([](Tx& tx) {
    tx.run("DELETE FROM number WHERE id = 1");
    tx.each("SELECT id FROM number", [](const RowView&) -> Next { throw std::domain_error("enough"); });
  }),
               std::domain_error);
  EXPECT_EQ(database().read_one("SELECT count(*) FROM number")->integer(0), 300);
}

TEST(PostgresStream, a_few_rows_are_held_at_a_time) {
  const testing_support::FreshDatabase fresh("postgres", Schema::empty);
  const auto database = open(fresh.url(), {});
  database->read([](Tx& tx) {
    const auto look = [&](const RowView&) {
      // The server keeps the rest.
      EXPECT_EQ(tx.one("SELECT count(*) FROM pg_cursors WHERE name LIKE 'stream%'")->integer(0), 1);
      return Next::stop;
    };
    tx.each("SELECT generate_series(1, 1000000)", look);
    EXPECT_EQ(tx.one("SELECT count(*) FROM pg_cursors WHERE name LIKE 'stream%'")->integer(0), 0);
  });
}

/// "SELECT 10 + $1", "SELECT 11 + $1" …: statements that differ, each a literal.
template <int number>
struct Text {
  static constexpr std::array<char, 20> value = [] {
    std::array<char, 20> text{"SELECT xx + $1"};
    text[7] = static_cast<char>('0' + number / 10);
    text[8] = static_cast<char>('0' + number % 10);
    return text;
  }();
};
template <int... numbers>
void run_all(Database& database, std::integer_sequence<int, numbers...>) {
  const auto run = [&](Query<std::int64_t> query, std::int64_t number) {
    const std::int64_t one = 1;
    EXPECT_EQ(database.read_one<std::int64_t>(query, one)->integer(0), number + 1);
  };
  (run(Text<numbers + 10>::value.data(), numbers + 10), ...);
}

TEST_P(DbStream, more_statements_than_stay_prepared_all_work) {
  const auto small = reopen({.readers = 1, .pool = 1, .statements = 8});
  for (int round = 0; round < 3; ++round) run_all(*small, std::make_integer_sequence<int, 50>{});
  if (is_sqlite()) return;  // sqlite_test.cpp counts there
  const auto rows = small->read_all("SELECT name FROM pg_prepared_statements");
  EXPECT_EQ(rows.size(), 8U);
}

TEST(PostgresStatements, a_statement_has_the_same_name_on_every_connection) {
  const testing_support::FreshDatabase fresh("postgres", Schema::empty);
  const auto name = [&](bool is_first) {
    const auto database = open(fresh.url(), {.pool = 1});
    if (!is_first) run_all(*database, std::make_integer_sequence<int, 5>{});
    database->read([](Tx& tx) { tx.one("SELECT 41 + 1"); });
    return database->read_one("SELECT name FROM pg_prepared_statements WHERE statement = $1", "SELECT 41 + 1")->text(0);
  };
  EXPECT_EQ(name(true), name(false));
}

TEST(PostgresStatements, one_that_was_pushed_out_in_a_rolled_back_transaction_stays_out) {
  const testing_support::FreshDatabase fresh("postgres", Schema::empty);
  const auto database = open(fresh.url(), {.pool = 1, .statements = 1});
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(database->read_one("SELECT 1")->integer(0), 1);
    EXPECT_THROW(database->write([](Tx& tx) {
      tx.one("SELECT 2");
      tx.one("SELECT 3");
      throw std::domain_error("");
    }),
                 std::domain_error);
    EXPECT_THROW(database->write([](Tx& tx) { tx.one("SELECT nothing"); }), DatabaseError);
  }
  EXPECT_EQ(database->read_one("SELECT count(*) FROM pg_prepared_statements")->integer(0), 1);
}

}  // namespace
}  // namespace cardea::db
