// Rivals on one database: no lost update, one winner, and nothing half done after a crash.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>

#include "tests/support/engines.hpp"

namespace cardea::db {
namespace {

using testing_support::OnEngine;
using testing_support::race;
using testing_support::Schema;

class DbRace : public OnEngine {
 protected:
  DbRace() : OnEngine(Schema::empty) {
    database().write([](Tx& tx) { tx.run("CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)"); });
  }
  std::int64_t sum() {
    return database().read([](Tx& tx) {
      std::int64_t total = 0;
      for (const Row& row : tx.all("SELECT n FROM counter")) total += row.integer(0);
      return total;
    });
  }
};
INSTANTIATE_TEST_SUITE_P(engines, DbRace, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DbRace, no_increment_is_lost) {
  database().write([](Tx& tx) { tx.run("INSERT INTO counter (id, n) VALUES (1, 0)"); });
  constexpr int threads = 6;
  constexpr int rounds = 15;
  std::atomic<int> committed = 0;
  race(threads, [&](int) {
    for (int i = 0; i < rounds; ++i) {
      database().write([&](Tx& tx) {
        const auto n = tx.one("SELECT n FROM counter WHERE id = 1")->integer(0);
        tx.run("UPDATE counter SET n = $1 WHERE id = 1", n + 1);
        tx.after_commit([&] { ++committed; });
      });
    }
  });
  EXPECT_EQ(sum(), threads * rounds);
  EXPECT_EQ(committed, threads * rounds);  // an attempt that lost leaves no action behind
}

TEST_P(DbRace, each_beginning_anew_and_each_wait_for_a_connection_is_told) {
  database().write([](Tx& tx) { tx.run("INSERT INTO counter (id, n) VALUES (1, 0)"); });
  int retries = 0;
  int waits = 0;
  const auto mine = reopen(
      {.transactions = {.on_connection = [&](std::chrono::nanoseconds) { ++waits; }, .on_retry = [&] { ++retries; }}});
  const int at_start = waits;
  int tries = 0;
  mine->write([&](Tx& tx) {
    const auto n = tx.one("SELECT n FROM counter WHERE id = 1")->integer(0);
    // On SQLite writers take turns, so that nobody can come between.
    if (++tries == 1 && !is_sqlite()) database().run("UPDATE counter SET n = n + 1 WHERE id = 1");
    tx.run("UPDATE counter SET n = $1 WHERE id = 1", n + 1);
  });
  EXPECT_EQ(retries, is_sqlite() ? 0 : 1);
  EXPECT_EQ(tries, retries + 1);
  EXPECT_EQ(waits - at_start, tries);
}

TEST_P(DbRace, two_handles_on_one_database_lose_no_increment) {
  database().write([](Tx& tx) { tx.run("INSERT INTO counter (id, n) VALUES (1, 0)"); });
  const auto other = reopen();
  race(4, [&](int thread) {
    Database& mine = thread % 2 == 0 ? database() : *other;
    for (int i = 0; i < 15; ++i) {
      mine.write([](Tx& tx) { tx.run("UPDATE counter SET n = n + 1 WHERE id = 1"); });
    }
  });
  EXPECT_EQ(sum(), 60);
}

TEST_P(DbRace, of_many_kinds_of_writers_each_is_kept_refused_or_fails_by_itself) {
  // Some of them share a transaction on SQLite. Two handles, as two processes.
  constexpr int threads = 8;
  constexpr int rounds = 24;
  constexpr ErrorKind refused{"test.refused", 409, "No."};
  const auto other = reopen();
  std::atomic<int> followed = 0;
  race(threads, [&](int thread) {
    Database& mine = thread % 4 == 3 ? *other : database();
    for (int i = 0; i < rounds; ++i) {
      const std::int64_t id = std::int64_t{thread} * rounds + i;
      const auto insert = [&](Tx& tx) {
        tx.run("INSERT INTO counter (id, n) VALUES ($1, 1)", id);
        tx.after_commit([&] { ++followed; });
      };
      switch (i % 6) {
        case 0: mine.write(insert); break;
        case 1:
        case 2: mine.write_locking(insert); break;
        case 3: EXPECT_EQ(mine.run("INSERT INTO counter (id, n) VALUES ($1, 1)", id), 1); break;
        case 4:
          EXPECT_FALSE(mine.write_locking([&](Tx& tx) -> Result<Done> {
            insert(tx);
            return refused;
          }));
          break;
        default:
          EXPECT_THROW(mine.write_locking([&](Tx& tx) {
            insert(tx);
            throw std::domain_error("");
          }),
                       std::domain_error);
      }
    }
  });
  EXPECT_EQ(sum(), threads * rounds / 6 * 4);
  EXPECT_EQ(followed, threads * rounds / 6 * 3);
}

TEST_P(DbRace, one_of_many_deletes_the_row) {
  for (int round = 0; round < 5; ++round) {
    database().write([](Tx& tx) { tx.run("INSERT INTO counter (id, n) VALUES (7, 1)"); });
    std::atomic<int> winners = 0;
    race(6, [&](int) {
      const auto row = database().write([](Tx& tx) { return tx.one("DELETE FROM counter WHERE id = 7 RETURNING n"); });
      if (row) ++winners;
    });
    EXPECT_EQ(winners, 1);
  }
}

TEST_P(DbRace, one_of_many_takes_a_free_key) {
  std::atomic<int> winners = 0;
  race(6, [&](int thread) {
    const auto row = database().write([&](Tx& tx) {
      return tx.one("INSERT INTO counter (id, n) VALUES (1, $1) ON CONFLICT DO NOTHING RETURNING id", thread);
    });
    if (row) ++winners;
  });
  EXPECT_EQ(winners, 1);
}

TEST(PostgresRace, a_decision_that_another_commit_overtook_is_made_again) {
  // Write skew: each finds no row and inserts its own. Only serializable transactions see the clash. (On SQLite the
  // second could not even begin.)
  const testing_support::FreshDatabase fresh("postgres", Schema::empty);
  const auto database = open(fresh.url(), {});
  database->write([](Tx& tx) { tx.run("CREATE TABLE counter (id BIGINT PRIMARY KEY)"); });
  const auto insert_if_empty = [](Tx& tx, int id) {
    if (!tx.all("SELECT id FROM counter").empty()) return false;
    return tx.run("INSERT INTO counter (id) VALUES ($1)", id) == 1;
  };
  int attempts = 0;
  const bool won = database->write([&](Tx& tx) {
    const bool inserted = insert_if_empty(tx, 1);
    if (++attempts == 1) {
      EXPECT_TRUE(database->write([&](Tx& rival) { return insert_if_empty(rival, 2); }));
    }
    return inserted;
  });
  EXPECT_FALSE(won);
  EXPECT_EQ(attempts, 2);
}

TEST(SqliteRace, a_killed_writer_leaves_whole_transactions_only) {
  const testing_support::FreshDatabase fresh("sqlite", Schema::empty);
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto database = open(fresh.url(), {});
    database->write([](Tx& tx) { tx.run("CREATE TABLE counter (id BIGINT PRIMARY KEY)"); });
    database->write([](Tx& tx) { tx.run("INSERT INTO counter (id) VALUES (1)"); });
    database->write([&](Tx& tx) {
      tx.run("INSERT INTO counter (id) VALUES (2)");
      if (::write(ready[1], "x", 1) != 1) ::_exit(1);
      for (;;) ::pause();
    });
    ::_exit(1);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  ::close(ready[0]);
  ::close(ready[1]);

  const auto database = open(fresh.url(), {});
  const auto rows = database->read([](Tx& tx) { return tx.all("SELECT id FROM counter"); });
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].integer(0), 1);
  database->write([](Tx& tx) { tx.run("INSERT INTO counter (id) VALUES (2)"); });  // its lock died with it
}

}  // namespace
}  // namespace cardea::db
