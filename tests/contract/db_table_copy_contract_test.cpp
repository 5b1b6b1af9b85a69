// Tables as the catalogue has them, and rows that go from one engine to the other and come back the same.
#include <algorithm>
#include <limits>

#include "db/migrate.hpp"
#include "db/table_copy.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/postgres.hpp"

namespace cardea::db {
namespace {

using testing_support::FreshDatabase;
using testing_support::OnEngine;
using testing_support::Schema;

std::vector<Table> tables_of(Database& database) {
  return database.read([&](Tx& tx) { return list_tables(tx, database.engine()); });
}

class DbTableCopy : public OnEngine {
 protected:
  DbTableCopy() : OnEngine(Schema::empty) {}
  void run(Sql<> sql) {
    database().write([&](Tx& tx) { tx.run(sql); });
  }
  /// Why they cannot be listed.
  std::string complaint() try {
    (void)tables_of(database());
    return {};
  } catch (const DatabaseError& problem) {
    return problem.what();
  }
};
INSTANTIATE_TEST_SUITE_P(engines, DbTableCopy, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DbTableCopy, every_table_of_ours_is_listed_after_those_it_refers_to_and_alike_on_both_engines) {
  migrate(database(), embedded_migrations(), Time{});
  const auto tables = tables_of(database());
  const auto place = [&](std::string_view name) { return std::ranges::find(tables, name, &Table::name); };
  for (const auto* name : {"audit_event", "migration", "signing_key", "job_lease", "note", "throttle"}) {
    EXPECT_NE(place(name), tables.end()) << name;
  }
  EXPECT_LT(place("account"), place("session"));
  EXPECT_LT(place("account"), place("known_browser"));
  EXPECT_LT(place("job_holder"), place("job"));
  EXPECT_EQ(place("ranking")->key, (std::vector<std::string>{"field", "value", "account_id"}));
  const FreshDatabase fresh{is_sqlite() ? "postgres" : "sqlite", Schema::migrated};
  const auto other = db::open(fresh.url(), {});
  const auto theirs = tables_of(*other);
  ASSERT_EQ(theirs.size(), tables.size());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    EXPECT_EQ(theirs[i].name, tables[i].name);
    EXPECT_EQ(theirs[i].key, tables[i].key);
    ASSERT_EQ(theirs[i].columns.size(), tables[i].columns.size());
    for (std::size_t k = 0; k < tables[i].columns.size(); ++k) {
      EXPECT_EQ(theirs[i].columns[k].name, tables[i].columns[k].name);
      EXPECT_EQ(theirs[i].columns[k].type, tables[i].columns[k].type);
    }
  }
}

TEST_P(DbTableCopy, what_cannot_be_copied_is_named) {
  run("CREATE TABLE \"a \"\"b\" (id BIGINT)");
  EXPECT_NE(complaint().find("no primary key"), std::string::npos) << complaint();
  run("DROP TABLE \"a \"\"b\"");
  run("CREATE TABLE thing (id BIGINT PRIMARY KEY, weight REAL)");
  EXPECT_NE(complaint().find("thing.weight has the type real"), std::string::npos) << complaint();
  run("DROP TABLE thing");
  run("CREATE TABLE thing (id BIGINT PRIMARY KEY, above BIGINT REFERENCES thing (id))");
  EXPECT_NE(complaint().find("thing refers to itself"), std::string::npos) << complaint();
}

using Content = std::vector<std::string>;

/// Each row in words of its own, in no order of an engine's.
Content content(Database& from) {
  Content content;
  const auto table = tables_of(from).at(0);
  from.read([&](Tx& tx) {
    allow_any_time(tx);
    each_row(tx, table, [&](Values values) {
      const Row row{std::move(values)};
      content.push_back(std::to_string(row.integer(0)) + "|" + row.text(1) + "|" +
                        (row.is_null(2) ? "NULL" : "'" + row.text(2)) + "|" +
                        (row.is_null(3) ? "NULL" : "'" + std::string{as_text(row.bytes(3))}) + "|" +
                        std::to_string(row.integer(4)));
      return Next::go_on;
    });
    EXPECT_EQ(count_rows(tx, table), static_cast<std::int64_t>(content.size()));
  });
  std::ranges::sort(content);
  return content;
}

void make_thing(Database& database) {
  database.write([](Tx& tx) {
    tx.run(
        "CREATE TABLE \"the thing\" (id BIGINT, \"kind\" TEXT, label TEXT, payload BYTEA, size BIGINT, "
        "PRIMARY KEY (\"kind\", id))");
  });
}

void fill_thing(Database& database, std::int64_t rows) {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  const std::vector<std::string> kinds{"", "A", "a", "B", "Zoë", "漢字 🔑", "'; --\n\t\\"};
  database.write([&](Tx& tx) {
    for (std::int64_t i = 0; i < rows; ++i) {
      tx.run("INSERT INTO \"the thing\" VALUES ($1, $2, $3, $4, $5)", i, kinds[static_cast<std::size_t>(i) % 7],
             i % 3 == 0 ? std::optional<std::string>{} : std::optional{std::string(static_cast<std::size_t>(i), 'x')},
             i % 5 == 0 ? std::optional<Bytes>{} : std::optional{i % 5 == 1 ? Bytes{} : all},
             i % 2 == 0 ? least + i : most - i);
    }
  });
}

TEST_P(DbTableCopy, rows_go_over_the_same_however_many_they_are) {
  const FreshDatabase fresh{is_sqlite() ? "postgres" : "sqlite", Schema::empty};
  const auto other = db::open(fresh.url(), {});
  make_thing(database());
  make_thing(*other);
  fill_thing(database(), 2503);
  const auto table = tables_of(database()).at(0);
  std::vector<Values> rows;
  database().read(
      [&](Tx& tx) { each_row(tx, table, [&](Values row) { return rows.push_back(std::move(row)), Next::go_on; }); });
  other->write_locking([&](Tx& tx) { insert_rows(tx, table, rows); });
  EXPECT_TRUE(content(*other) == content(database()));
  EXPECT_EQ(content(*other).size(), 2503U);
  EXPECT_THROW(other->write([&](Tx& tx) { insert_rows(tx, table, rows); }), DatabaseError);
  other->write([&](Tx& tx) { delete_rows(tx, table); });
  EXPECT_TRUE(content(*other).empty());
}

TEST_P(DbTableCopy, values_that_another_program_wrote_are_named_with_their_key) {
  if (!is_sqlite()) GTEST_SKIP() << "PostgreSQL keeps types itself";
  run("CREATE TABLE thing (id BIGINT PRIMARY KEY, label TEXT, payload BYTEA, size BIGINT)");
  const auto complaint_about = [&](Sql<> insert, std::string_view words) {
    run("DELETE FROM thing");
    run(insert);
    const auto table = tables_of(database()).at(0);
    try {
      database().read([&](Tx& tx) { each_row(tx, table, [](const Values&) { return Next::go_on; }); });
      ADD_FAILURE() << words;
    } catch (const DatabaseError& problem) {
      EXPECT_NE(std::string{problem.what()}.find(words), std::string::npos) << problem.what();
    }
  };
  complaint_about("INSERT INTO thing (id, label) VALUES (7, 'a' || char(0) || 'b')",
                  "thing.label of the row with id = 7 holds a NUL");
  complaint_about("INSERT INTO thing (id, label) VALUES (7, CAST('a' AS BLOB))", "thing.label of the row with id = 7");
  complaint_about("INSERT INTO thing (id, size) VALUES (7, 'many')",
                  "thing.size of the row with id = 7 has another type");
  complaint_about("INSERT INTO thing (id, payload) VALUES (7, 'text')", "thing.payload of the row with id = 7");
}

}  // namespace
}  // namespace cardea::db
