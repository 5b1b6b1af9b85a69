// PostgreSQL over a network that cuts, hangs and delays.
#include <chrono>

#include "db/migrate.hpp"
#include "tests/support/cutting_proxy.hpp"
#include "tests/support/ear.hpp"
#include "tests/support/engines.hpp"

namespace cardea::db {
namespace {

using namespace std::chrono_literals;
using testing_support::CuttingProxy;
using testing_support::Ear;
using testing_support::Schema;
using Cut = CuttingProxy::Cut;

class DbNetwork : public ::testing::Test {
 protected:
  DbNetwork() {
    direct_->write([](Tx& tx) { tx.run("CREATE TABLE thing (id BIGINT PRIMARY KEY)"); });
  }
  std::int64_t count() {
    return direct_->read([](Tx& tx) { return tx.one("SELECT count(*) FROM thing")->integer(0); });
  }
  /// Adds a row, says so, and returns how often the after-commit action ran.
  static int insert(Database& database, std::int64_t id) {
    int after_commit = 0;
    database.write([&](Tx& tx) {
      tx.run("INSERT INTO thing (id) VALUES ($1)", id);
      tx.announce("thing", std::to_string(id));
      tx.after_commit([&] { ++after_commit; });
    });
    return after_commit;
  }

  const testing_support::FreshDatabase fresh_{"postgres", Schema::empty};
  CuttingProxy proxy_{fresh_.url()};
  std::unique_ptr<Database> direct_ = open(fresh_.url(), {});
  std::unique_ptr<Database> database_ = open(proxy_.url(), {});
};

TEST_F(DbNetwork, a_commit_whose_answer_was_lost_is_unknown_and_announced) {
  Ear ear(database_->bus());
  Ear elsewhere(direct_->bus());
  direct_->bus().start();
  ASSERT_TRUE(elsewhere.hears("regained", 1, 10s));
  proxy_.cut_next(Cut::after_commit);
  int after_commit = 0;
  EXPECT_THROW(after_commit = insert(*database_, 1), OutcomeUnknown);
  EXPECT_EQ(proxy_.cuts(), 1);
  EXPECT_EQ(count(), 1);  // it did happen
  EXPECT_EQ(ear.heard(), (std::vector<std::string>{"thing:1"}));
  EXPECT_TRUE(elsewhere.hears("thing:1"));
  EXPECT_EQ(after_commit, 0);
  EXPECT_EQ(insert(*database_, 2), 1);  // on another connection
}

TEST_F(DbNetwork, a_server_that_says_nothing_is_given_up) {
  const auto hasty = open(proxy_.url(), {.statement_timeout = 300ms});
  EXPECT_EQ(insert(*hasty, 1), 1);
  proxy_.freeze();
  EXPECT_THROW(hasty->read([](Tx& tx) { return tx.one("SELECT count(*) FROM thing")->integer(0); }), DatabaseError);
  EXPECT_THROW(insert(*hasty, 2), DatabaseError);
  EXPECT_TRUE(hasty->failure());
  proxy_.thaw();
  EXPECT_EQ(insert(*hasty, 3), 1) << "on another connection";
}

TEST_F(DbNetwork, a_statement_that_takes_too_long_is_ended_by_the_server) {
  const auto hasty = open(fresh_.url(), {.statement_timeout = 100ms});
  EXPECT_THROW(hasty->read([](Tx& tx) { return tx.one("SELECT count(*) FROM pg_sleep(60)")->integer(0); }),
               DatabaseError);
  EXPECT_EQ(insert(*hasty, 1), 1);
}

TEST_F(DbNetwork, a_commit_that_did_not_arrive_is_as_unknown) {
  Ear ear(database_->bus());
  proxy_.cut_next(Cut::before_commit);
  EXPECT_THROW(insert(*database_, 1), OutcomeUnknown);
  EXPECT_EQ(proxy_.cuts(), 1);
  EXPECT_EQ(count(), 0);  // it did not happen, which nobody here can know
  EXPECT_EQ(ear.heard(), (std::vector<std::string>{"thing:1"}));
}

TEST_F(DbNetwork, a_commit_that_announces_nothing_is_as_unknown) {
  for (const Cut cut : {Cut::before_commit, Cut::after_commit}) {
    proxy_.cut_next(cut);
    int after_commit = 0;
    EXPECT_THROW(database_->write([&](Tx& tx) {
      tx.run("INSERT INTO thing (id) VALUES (1)");
      tx.after_commit([&] { ++after_commit; });
    }),
                 OutcomeUnknown);
    EXPECT_EQ(after_commit, 0);
  }
  EXPECT_EQ(proxy_.cuts(), 2);
  EXPECT_EQ(count(), 1);
}

TEST_F(DbNetwork, a_connection_lost_before_the_commit_is_no_unknown_outcome) {
  Ear ear(database_->bus());
  try {
    database_->write([&](Tx& tx) {
      tx.announce("thing", "1");
      tx.run("INSERT INTO thing (id) VALUES (1)");
      proxy_.cut_next(Cut::any_answer);
      tx.run("INSERT INTO thing (id) VALUES (2)");
    });
    FAIL() << "committed";
  } catch (const OutcomeUnknown&) {
    FAIL() << "unknown";
  } catch (const DatabaseError&) {
    EXPECT_EQ(count(), 0);
  }
  EXPECT_TRUE(ear.heard().empty());
}

TEST_F(DbNetwork, a_commit_that_was_refused_is_neither_unknown_nor_announced) {
  Ear ear(database_->bus());
  direct_->write(
      [](Tx& tx) { tx.run("CREATE TABLE part (thing BIGINT REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED)"); });
  try {
    database_->write([](Tx& tx) {
      tx.run("INSERT INTO part (thing) VALUES (7)");
      tx.announce("thing", "part");
    });
    FAIL() << "committed";
  } catch (const OutcomeUnknown&) {
    FAIL() << "unknown";
  } catch (const DatabaseError& problem) {
    EXPECT_NE(std::string_view{problem.what()}.find("23503"), std::string_view::npos) << problem.what();
  }
  EXPECT_TRUE(ear.heard().empty());
}

TEST_F(DbNetwork, a_server_that_hangs_is_noticed_within_a_second_and_regained) {
  Ear ear(database_->bus());
  database_->bus().start();
  ASSERT_TRUE(ear.hears("regained", 1, 10s));
  proxy_.freeze();
  EXPECT_TRUE(ear.hears("lost", 1, 1500ms));  // half of it for a busy machine
  EXPECT_FALSE(database_->bus().is_connected());
  proxy_.thaw();
  EXPECT_TRUE(ear.hears("regained", 2, 10s));
  insert(*direct_, 3);
  EXPECT_TRUE(ear.hears("thing:3"));
}

TEST_F(DbNetwork, a_bus_that_cannot_connect_ends_promptly) {
  proxy_.freeze();
  database_->bus().start();
  const auto start = std::chrono::steady_clock::now();
  database_->bus().stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
}

TEST_F(DbNetwork, a_slow_network_loses_nothing) {
  Ear ear(database_->bus());
  proxy_.delay(40ms);
  database_->bus().start();
  ASSERT_TRUE(ear.hears("regained", 1, 10s));
  insert(*direct_, 1);
  EXPECT_TRUE(ear.hears("thing:1"));
  EXPECT_EQ(ear.count("lost"), 0);
}

TEST_F(DbNetwork, a_transaction_is_one_round_trip_for_each_statement_and_one_for_the_commit) {
  const auto database = open(proxy_.url(), {.pool = 1});
  const auto trips = [&](const std::function<void(Tx&)>& work) {
    const int before = proxy_.round_trips();
    database->write(work);
    return proxy_.round_trips() - before;
  };
  const auto one = [](Tx& tx) { tx.one("SELECT 1"); };
  const auto two = [](Tx& tx) { tx.one("SELECT 1"), tx.one("SELECT 2"); };
  EXPECT_EQ(trips(two), 3);  // preparing goes along as well
  EXPECT_EQ(trips(two), 3);
  EXPECT_EQ(trips(one), 2);
  EXPECT_EQ(trips([](Tx& tx) { tx.one("SELECT 1"), tx.announce("thing"); }), 2);
  EXPECT_EQ(trips([](Tx& tx) { tx.announce("thing"), tx.announce("other"); }), 1);
  EXPECT_EQ(trips([](Tx&) {}), 0);
}

TEST_F(DbNetwork, a_statement_alone_is_one_round_trip) {
  const auto database = open(proxy_.url(), {.pool = 1});
  const auto trips = [&](auto act) {
    const int before = proxy_.round_trips();
    act();
    return proxy_.round_trips() - before;
  };
  const auto change = [&] { database->run("UPDATE thing SET id = id + 1"); };
  const auto ask = [&] { database->read_one("SELECT id FROM thing"); };
  EXPECT_EQ(trips(change), 2);  // it is prepared apart, once per connection
  EXPECT_EQ(trips(change), 1);
  EXPECT_EQ(trips(ask), 2);
  EXPECT_EQ(trips(ask), 1);
}

TEST_F(DbNetwork, a_statement_alone_whose_answer_was_lost_is_unknown) {
  const auto insert_alone = [&](int id) { return database_->run("INSERT INTO thing (id) VALUES ($1)", id); };
  EXPECT_EQ(insert_alone(1), 1);
  proxy_.cut_next(Cut::any_answer);
  EXPECT_THROW(insert_alone(2), OutcomeUnknown);
  EXPECT_EQ(proxy_.cuts(), 1);
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(insert_alone(3), 1);
}

TEST_F(DbNetwork, a_read_alone_whose_answer_was_lost_is_asked_again) {
  const auto ask = [&] { return database_->read_one("SELECT count(*) FROM thing")->integer(0); };
  EXPECT_EQ(ask(), 0);
  proxy_.cut_next(Cut::any_answer);
  EXPECT_EQ(ask(), 0);
  EXPECT_EQ(proxy_.cuts(), 1);
}

std::optional<Failure> failure_of(const std::function<void()>& work) {
  try {
    work();
    return std::nullopt;
  } catch (const DatabaseError& problem) {
    return problem.failure();
  }
}

TEST_F(DbNetwork, a_database_in_the_place_of_ours_is_none) {
  direct_->run("DROP TABLE thing");
  EXPECT_EQ(failure_of([&] { insert(*database_, 1); }), Failure::missing);
  EXPECT_EQ(database_->failure(), Failure::missing) << "although the server answers";
}

TEST_F(DbNetwork, a_database_that_takes_no_changes_gets_none_and_what_is_over_is_over) {
  migrate(*direct_, embedded_migrations(), Time{});  // for what is written to see that it is over
  direct_->run(
      "DO 'BEGIN EXECUTE format(''ALTER DATABASE %I SET default_transaction_read_only = on'', current_database()); "
      "END'");
  const auto later = open(fresh_.url(), {.pool = 2});
  EXPECT_EQ(failure_of([&] { insert(*later, 1); }), Failure::read_only);
  EXPECT_EQ(failure_of([&] { later->run("INSERT INTO thing (id) VALUES (2)"); }), Failure::read_only);
  EXPECT_EQ(later->read_all("SELECT id FROM thing").size(), 0U);
  EXPECT_EQ(later->failure(), Failure::read_only);
  direct_->run(
      "DO 'BEGIN EXECUTE format(''ALTER DATABASE %I RESET default_transaction_read_only'', current_database()); END'");
  EXPECT_EQ(insert(*later, 3), 1);  // by a new connection
  EXPECT_EQ(later->run("INSERT INTO thing (id) VALUES (4)"), 1);
}

}  // namespace
}  // namespace cardea::db
