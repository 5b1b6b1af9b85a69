// Statements that nobody waits for: in their order, all or nothing, and on PostgreSQL without round trips of their own.
#include <string>

#include "tests/support/cutting_proxy.hpp"
#include "tests/support/engines.hpp"

namespace cardea::db {
namespace {

using testing_support::CuttingProxy;
using testing_support::OnEngine;
using testing_support::Schema;

constexpr ErrorKind refused{"test.refused", 400, "No."};

void make_table(Database& database) {
  database.write([](Tx& tx) { tx.run("CREATE TABLE thing (id BIGINT PRIMARY KEY, label TEXT NOT NULL)"); });
}
std::int64_t count(Database& database) { return database.read_one("SELECT count(*) FROM thing")->integer(0); }

class DbDeferred : public OnEngine {
 protected:
  DbDeferred() : OnEngine(Schema::empty) { make_table(database()); }
  std::int64_t count() { return db::count(database()); }
};
INSTANTIATE_TEST_SUITE_P(engines, DbDeferred, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DbDeferred, they_are_done_before_the_next_statement_with_what_they_were_given) {
  database().write([](Tx& tx) {
    tx.later("INSERT INTO thing (id, label) VALUES ($1, $2)", 1, std::string(100, 'a'));
    tx.later("UPDATE thing SET label = $1", std::string(100, 'b'));
    EXPECT_EQ(tx.one("SELECT label FROM thing")->text(0), std::string(100, 'b'));
    tx.later("INSERT INTO thing (id, label) VALUES ($1, $2)", 2, "c");
    EXPECT_EQ(tx.run("DELETE FROM thing WHERE id > $1", 0), 2);
    tx.later("INSERT INTO thing (id, label) VALUES ($1, $2)", 3, "d");
    std::int64_t streamed = 0;
    tx.each("SELECT id FROM thing", [&](const RowView& row) { return streamed += row.integer(0), Next::go_on; });
    EXPECT_EQ(streamed, 3);
  });
  EXPECT_EQ(count(), 1);
}

TEST_P(DbDeferred, alone_they_are_committed) {
  for (int i = 0; i < 3; ++i) {
    database().write_locking([&](Tx& tx) { tx.later("INSERT INTO thing (id, label) VALUES ($1, 'x')", i); });
  }
  EXPECT_EQ(count(), 3);
}

TEST_P(DbDeferred, with_the_rest_they_are_rolled_back) {
  const auto answer = database().write([](Tx& tx) -> Result<Done> {
    tx.later("INSERT INTO thing (id, label) VALUES (1, 'x')");
    return refused;
  });
  EXPECT_FALSE(answer.ok());
  EXPECT_EQ(count(), 0);
  database().write([](Tx& tx) { tx.later("INSERT INTO thing (id, label) VALUES (2, 'x')"); });
  EXPECT_EQ(count(), 1) << "nothing is left of the one before";
}

TEST_P(DbDeferred, failure_of_one_rolls_back_all) {
  const auto fails_at_the_commit = [](Tx& tx) {
    tx.later("INSERT INTO thing (id, label) VALUES (1, 'x')");
    tx.later("INSERT INTO thing (id, label) VALUES (2, $1)", Null{});
    tx.later("INSERT INTO thing (id, label) VALUES (3, 'x')");
  };
  const auto fails_at_the_next = [&](Tx& tx) {
    fails_at_the_commit(tx);
    tx.one("SELECT count(*) FROM thing");
  };
  try {
    database().write(fails_at_the_commit);
    ADD_FAILURE() << "it is noticed";
  } catch (const OutcomeUnknown&) {
    ADD_FAILURE() << "it was certainly not committed";
  } catch (const DatabaseError&) {
  }
  EXPECT_THROW(database().write(fails_at_the_next), DatabaseError);
  EXPECT_EQ(count(), 0);
  database().write([](Tx& tx) { tx.later("INSERT INTO thing (id, label) VALUES (4, 'x')"); });
  EXPECT_EQ(count(), 1) << "the connections are usable again";
}

TEST_P(DbDeferred, more_of_them_than_stay_prepared) {
  const auto small = reopen({.pool = 1, .statements = 2});
  for (int round = 0; round < 3; ++round) {
    small->write([](Tx& tx) {
      tx.later("DELETE FROM thing");
      tx.later("INSERT INTO thing (id, label) VALUES (1, 'a')");
      tx.later("INSERT INTO thing (id, label) VALUES (2, 'b')");
      tx.later("UPDATE thing SET label = 'c' WHERE id = 1");
      tx.later("UPDATE thing SET label = 'd' WHERE id = 2");
      EXPECT_EQ(tx.all("SELECT id FROM thing WHERE label >= 'c'").size(), 2U);
      tx.later("DELETE FROM thing WHERE id = 1");
    });
    EXPECT_EQ(db::count(*small), 1);
  }
}

class DbDeferredOverNetwork : public ::testing::Test {
 protected:
  DbDeferredOverNetwork() { make_table(*direct_); }

  const testing_support::FreshDatabase fresh_{"postgres", Schema::empty};
  CuttingProxy proxy_{fresh_.url()};
  std::unique_ptr<Database> direct_ = open(fresh_.url(), {});
  std::unique_ptr<Database> database_ = open(proxy_.url(), {.pool = 1});
  int next_ = 0;

  void put_off(Tx& tx) { tx.later("INSERT INTO thing (id, label) VALUES ($1, 'x')", ++next_); }
};

TEST_F(DbDeferredOverNetwork, they_have_no_round_trip_of_their_own) {
  const auto trips = [&](const std::function<void(Tx&)>& work) {
    const int before = proxy_.round_trips();
    database_->write(work);
    return proxy_.round_trips() - before;
  };
  const auto three = [&](Tx& tx) { put_off(tx), put_off(tx), put_off(tx); };
  EXPECT_EQ(trips(three), 2);  // it is prepared apart, once per connection
  EXPECT_EQ(trips(three), 1);
  EXPECT_EQ(trips([&](Tx& tx) { three(tx), tx.announce("thing"); }), 1);
  const auto read_between = [&](Tx& tx) { three(tx), tx.one("SELECT count(*) FROM thing"), three(tx); };
  EXPECT_EQ(trips(read_between), 2);
  EXPECT_EQ(count(*direct_), 15);
}

TEST_F(DbDeferredOverNetwork, what_becomes_of_them_is_unknown_when_the_answer_to_their_commit_was_lost) {
  database_->write([&](Tx& tx) { put_off(tx); });
  proxy_.cut_next(CuttingProxy::Cut::after_commit);
  EXPECT_THROW(database_->write([&](Tx& tx) { put_off(tx); }), OutcomeUnknown);
  EXPECT_EQ(count(*direct_), 2);
  proxy_.cut_next(CuttingProxy::Cut::before_commit);
  EXPECT_THROW(database_->write([&](Tx& tx) { put_off(tx); }), OutcomeUnknown);
  EXPECT_EQ(count(*direct_), 2);
  database_->write([&](Tx& tx) { put_off(tx); });
  EXPECT_EQ(count(*direct_), 3);
}

}  // namespace
}  // namespace cardea::db
