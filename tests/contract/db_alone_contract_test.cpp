// Statements that are a transaction of their own.
#include <atomic>
#include <latch>
#include <thread>

#include "tests/support/counted_database.hpp"
#include "tests/support/engines.hpp"

namespace cardea::db {
namespace {

using testing_support::OnEngine;
using testing_support::race;
using testing_support::Schema;

class DbAlone : public OnEngine {
 protected:
  DbAlone() : OnEngine(Schema::empty) {
    database().run("CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)");
  }
  std::optional<Row> count_up(Database& database, std::int64_t id) {
    return database.write_one(
        "INSERT INTO counter (id, n) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET n = counter.n + 1 RETURNING n", id);
  }
};
INSTANTIATE_TEST_SUITE_P(engines, DbAlone, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DbAlone, each_kind_of_answer_is_had) {
  EXPECT_EQ(database().run("INSERT INTO counter (id, n) VALUES ($1, $2), ($3, $4)", 1, 10, 2, 20), 2);
  EXPECT_EQ(database().run("UPDATE counter SET n = 0 WHERE id = $1", 9), 0);
  EXPECT_EQ(database().write_all("UPDATE counter SET n = n + 1 RETURNING id").size(), 2U);
  EXPECT_EQ(database().write_one("DELETE FROM counter WHERE id = $1 RETURNING n", 2)->integer(0), 21);
  EXPECT_EQ(database().read_one("SELECT n FROM counter WHERE id = $1", 1)->integer(0), 11);
  EXPECT_EQ(database().read_one("SELECT n FROM counter WHERE id = $1", 2), std::nullopt);
  EXPECT_EQ(database().read_all("SELECT n FROM counter").size(), 1U);
}

TEST_P(DbAlone, a_statement_that_fails_half_way_changes_nothing) {
  EXPECT_THROW(database().run("INSERT INTO counter (id, n) VALUES (1, 1), (2, 2), (1, 3)"), DatabaseError);
  EXPECT_TRUE(database().read_all("SELECT id FROM counter").empty());
  EXPECT_EQ(count_up(database(), 1)->integer(0), 1);  // the connection is usable again
}

TEST_P(DbAlone, rivals_on_one_row_all_count) {
  const auto other = reopen();
  constexpr int threads = 8;
  constexpr int rounds = 25;
  race(threads, [&](int thread) {
    for (int i = 0; i < rounds; ++i) EXPECT_TRUE(count_up(thread % 2 == 0 ? database() : *other, 1));
  });
  EXPECT_EQ(database().read_one("SELECT n FROM counter")->integer(0), threads * rounds);
}

TEST_P(DbAlone, a_statement_waits_for_a_transaction_that_holds_its_row) {
  count_up(database(), 1);
  std::latch is_held(1);
  std::atomic<bool> is_over = false;
  std::jthread rival([&] {
    is_held.wait();
    EXPECT_EQ(count_up(database(), 1)->integer(0), 3);
    EXPECT_TRUE(is_over);
  });
  const auto holder = reopen();
  holder->write([&](Tx& tx) {
    tx.run("UPDATE counter SET n = n + 1 WHERE id = 1");
    is_held.count_down();
    std::this_thread::sleep_for(std::chrono::milliseconds{100});  // time to go wrong
    is_over = true;
  });
}

TEST_P(DbAlone, a_transaction_may_follow_on_the_same_connection_and_the_other_way_round) {
  const auto small = reopen({.readers = 1, .pool = 1});
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(count_up(*small, 1)->integer(0), 2 * i - 1);
    EXPECT_THROW(small->write([&](Tx& tx) {
      tx.run("UPDATE counter SET n = n + 100 WHERE id = 1");
      throw std::domain_error("");
    }),
                 std::domain_error);
    small->write([&](Tx& tx) { tx.run("UPDATE counter SET n = n + 1 WHERE id = 1"); });
    EXPECT_EQ(small->read_one("SELECT n FROM counter")->integer(0), 2 * i);
  }
}

TEST_P(DbAlone, a_database_around_another_runs_it_as_a_transaction) {
  testing_support::CountedDatabase counted(database());
  EXPECT_EQ(count_up(counted, 1)->integer(0), 1);
  EXPECT_EQ(counted.writes(), 1);
  EXPECT_EQ(counted.read_one("SELECT n FROM counter")->integer(0), 1);
}

TEST(PostgresAlone, a_statement_runs_at_read_committed_whatever_the_server_prefers) {
  const testing_support::FreshDatabase fresh("postgres", Schema::empty);
  const auto database = open(fresh.url() + "&options=-cdefault_transaction_isolation%3Dserializable", {});
  EXPECT_EQ(database->read_one("SELECT current_setting('transaction_isolation')")->text(0), "read committed");
  const auto level = [](Tx& tx) { return tx.one("SELECT current_setting('transaction_isolation')")->text(0); };
  EXPECT_EQ(database->read(level), "repeatable read");
  EXPECT_EQ(database->write(level), "serializable");
  EXPECT_EQ(database->write_locking(level), "read committed");
}

TEST_P(DbAlone, locking_writes_wait_for_the_row_that_another_holds_instead_of_starting_over) {
  database().run("INSERT INTO counter (id, n) VALUES (1, 0), (2, 0)");
  std::atomic<int> begun = 0;
  race(8, [&](int) {
    for (int i = 0; i < 10; ++i) {
      database().write_locking([&](Tx& tx) {
        ++begun;
        const auto n = tx.one("UPDATE counter SET n = n + 1 WHERE id = 1 RETURNING n")->integer(0);
        tx.run("UPDATE counter SET n = n + $1 WHERE id = 2", n);  // rests on the row that is held
      });
    }
  });
  EXPECT_EQ(begun, 80);
  EXPECT_EQ(database().read_one("SELECT n FROM counter WHERE id = 1")->integer(0), 80);
  EXPECT_EQ(database().read_one("SELECT n FROM counter WHERE id = 2")->integer(0), 80 * 81 / 2);
}

}  // namespace
}  // namespace cardea::db
