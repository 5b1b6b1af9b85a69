// Migrations: once, in order, and never on a database that does not fit.
#include <atomic>

#include "db/migrate.hpp"
#include "tests/support/engines.hpp"

namespace cardea::db {
namespace {

using testing_support::OnEngine;
using testing_support::Schema;

constexpr Migration first{"0001_first.sql",
                          "CREATE TABLE a (id BIGINT PRIMARY KEY);\nINSERT INTO a (id) VALUES (1);\n"};
constexpr Migration second{"0002_second.sql", "-- more;\nCREATE TABLE b (\n  id BIGINT PRIMARY KEY\n);\n"};
constexpr Time noon = Time{std::chrono::hours{500'000}};

class Migrating : public OnEngine {
 protected:
  Migrating() : OnEngine(Schema::empty) {}
  int apply(const std::vector<Migration>& migrations) { return migrate(database(), migrations, noon); }
  std::int64_t rows_of_a() {
    return database().read([](Tx& tx) { return tx.one("SELECT count(*) FROM a")->integer(0); });
  }
};
INSTANTIATE_TEST_SUITE_P(engines, Migrating, testing_support::both_engines(), testing_support::engine_name);

TEST_P(Migrating, applies_what_is_missing_and_nothing_twice) {
  EXPECT_EQ(apply({first}), 1);
  EXPECT_EQ(apply({first, second}), 1);
  EXPECT_EQ(apply({first, second}), 0);
  EXPECT_EQ(rows_of_a(), 1);
  database().write([](Tx& tx) { EXPECT_EQ(tx.run("INSERT INTO b (id) VALUES (1)"), 1); });
}

TEST_P(Migrating, states_tell_what_is_applied_without_applying) {
  auto states = migration_states(database(), std::vector{first, second});
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].applied_at, std::nullopt);
  apply({first});
  states = migration_states(database(), std::vector{first, second});
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].name, "0001_first.sql");
  EXPECT_EQ(states[0].applied_at, noon);
  EXPECT_EQ(states[1].applied_at, std::nullopt);
}

TEST_P(Migrating, a_changed_text_is_refused) {
  apply({first});
  EXPECT_THROW(apply({Migration{first.name, "CREATE TABLE a (id TEXT);"}, second}), DatabaseError);
  EXPECT_EQ(migration_states(database(), std::vector{first, second})[1].applied_at, std::nullopt);
}

TEST_P(Migrating, a_newer_database_is_refused) {
  apply({first, second});
  EXPECT_THROW(apply({first}), DatabaseError);
}

TEST_P(Migrating, migrations_out_of_order_are_refused) {
  EXPECT_THROW(apply({second, first}), std::logic_error);
  EXPECT_THROW(apply({first, first}), std::logic_error);
}

TEST_P(Migrating, a_failing_file_leaves_nothing_behind) {
  const Migration broken{"0002_broken.sql", "INSERT INTO a (id) VALUES (2);\nCREATE TABLE c (id BIGINT);\nOOPS;\n"};
  EXPECT_THROW(apply({first, broken}), DatabaseError);
  EXPECT_EQ(rows_of_a(), 1);
  EXPECT_EQ(apply({first, Migration{"0002_mended.sql", "CREATE TABLE c (id BIGINT);"}}), 1);
}

TEST_P(Migrating, rivals_apply_each_file_once) {
  const auto other = reopen();
  std::atomic<int> applied = 0;
  testing_support::race(4, [&](int thread) {
    applied += migrate(thread % 2 == 0 ? database() : *other, std::vector{first, second}, noon);
  });
  EXPECT_EQ(applied, 2);
  EXPECT_EQ(rows_of_a(), 1);
}

TEST_P(Migrating, the_embedded_migrations_apply) {
  const auto all = embedded_migrations();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(migrate(database(), all, noon), static_cast<int>(all.size()));
  EXPECT_EQ(migrate(database(), all, noon), 0);
}

}  // namespace
}  // namespace cardea::db
