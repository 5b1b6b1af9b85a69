// What one process announces, another hears: two handles on one database stand for two processes.
#include <algorithm>
#include <chrono>

#include "db/change_log.hpp"
#include "tests/support/ear.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/postgres.hpp"

namespace cardea::db {
namespace {

using namespace std::chrono_literals;
using testing_support::Ear;
using testing_support::OnEngine;
using testing_support::Schema;

constexpr ErrorKind refused{"test.refused", 400, "No."};

void announce(Database& database, std::string_view subject) {
  database.write([&](Tx& tx) { tx.announce("thing", subject); });
}

class DbBus : public OnEngine {
 protected:
  DbBus() {
    other_->bus().start();
    EXPECT_TRUE(there_.hears("regained", 1, 10s));
  }
  Ear here_{database().bus()};
  std::unique_ptr<Database> other_ = reopen();
  Ear there_{other_->bus()};
};
INSTANTIATE_TEST_SUITE_P(engines, DbBus, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DbBus, an_announcement_is_delivered_here_after_the_commit_and_before_write_returns) {
  database().write([&](Tx& tx) {
    tx.announce("thing", "a");
    tx.announce("other");
    EXPECT_TRUE(here_.heard().empty());
    tx.after_commit([&] { EXPECT_EQ(here_.heard().size(), 2U); });
  });
  EXPECT_EQ(here_.heard(), (std::vector<std::string>{"thing:a", "other:"}));
}

TEST_P(DbBus, an_announcement_reaches_another_process_within_a_second) {
  const AccountId id{RawId{1, 0, 255, ' ', ':'}};
  database().write([&](Tx& tx) { tx.announce("thing", id); });
  EXPECT_TRUE(there_.hears("thing:" + std::string{as_text(id.bytes())}));
  database().write([&](Tx& tx) { tx.announce("other"); });
  EXPECT_TRUE(there_.hears("other:"));
  EXPECT_TRUE(other_->bus().is_connected());
}

TEST_P(DbBus, what_is_forgotten_is_gone_and_what_follows_is_heard) {
  announce(database(), "first");
  announce(database(), "second");
  EXPECT_TRUE(there_.hears("thing:second"));
  const auto names = [&] {
    return database().read_one("SELECT count(*) FROM change_log WHERE subject <> $1", Bytes{}).value().integer(0);
  };
  const auto forget = [&](std::int64_t up_to) {
    return database().write([up_to](Tx& tx) { return forget_announcements(tx, up_to); });
  };
  const auto last = forget(0);
  EXPECT_EQ(names(), is_sqlite() ? 2 : 0);
  EXPECT_EQ(forget(last), last) << "numbers are never given twice";
  EXPECT_EQ(names(), 0);
  announce(database(), "third");
  EXPECT_TRUE(there_.hears("thing:third"));
  EXPECT_TRUE(other_->bus().is_connected());
  EXPECT_EQ(names(), is_sqlite() ? 1 : 0);
}

TEST_P(DbBus, what_is_rolled_back_is_not_announced) {
  const auto answer = database().write([](Tx& tx) -> Result<Done> { return tx.announce("thing", "error"), refused; });
  EXPECT_FALSE(answer.ok());
  EXPECT_THROW(database().write([](Tx& tx) { tx.announce("thing", "thrown"), throw std::domain_error(""); }),
               std::domain_error);
  EXPECT_THROW(database().write([](Tx& tx) {
    tx.announce("thing", "failed");
    tx.run("INSERT INTO no_such_table (id) VALUES (1)");
  }),
               DatabaseError);
  announce(database(), "kept");
  EXPECT_TRUE(there_.hears("thing:kept"));
  EXPECT_EQ(here_.heard(), (std::vector<std::string>{"thing:kept"}));
  EXPECT_EQ(there_.heard(), (std::vector<std::string>{"regained", "thing:kept"}));
}

TEST_P(DbBus, its_own_announcements_come_once) {
  announce(*other_, "mine");
  announce(database(), "yours");
  EXPECT_TRUE(there_.hears("thing:yours"));
  EXPECT_EQ(there_.heard(), (std::vector<std::string>{"regained", "thing:mine", "thing:yours"}));
}

TEST_P(DbBus, a_burst_is_heard_whole) {
  for (int transaction = 0; transaction < 50; ++transaction) {
    database().write([&](Tx& tx) {
      for (int i = 0; i < 100; ++i) tx.announce("thing", std::to_string(transaction * 100 + i));
    });
  }
  EXPECT_TRUE(there_.hears("thing:4999", 1, 10s));
  const auto heard = there_.heard();
  // Whoever fell behind was told to forget everything, which is as good as having heard it.
  if (std::ranges::count(heard, "lost") == 0) {
    EXPECT_EQ(heard.size(), 5001U);
  } else {
    EXPECT_TRUE(there_.hears("regained", 2));
  }
}

TEST_P(DbBus, a_subscription_ends_with_its_owner) {
  int heard = 0;
  {
    const auto subscription = database().bus().subscribe("thing", [&](BytesView) noexcept { ++heard; });
    announce(database(), "a");
  }
  announce(database(), "b");
  EXPECT_EQ(heard, 1);
}

TEST_P(DbBus, a_read_announces_nothing) {
  EXPECT_THROW(database().read([](Tx& tx) { tx.announce("thing", "a"); }), std::logic_error);
  announce(database(), "b");
  EXPECT_EQ(here_.heard(), (std::vector<std::string>{"thing:b"}));
}

TEST_P(DbBus, a_subject_has_a_limit) {
  announce(database(), std::string(max_subject_size, 'x'));
  EXPECT_TRUE(there_.hears("thing:" + std::string(max_subject_size, 'x')));
  EXPECT_THROW(announce(database(), std::string(max_subject_size + 1, 'x')), std::length_error);
}

TEST_P(DbBus, stopping_is_prompt_and_told) {
  const auto start = std::chrono::steady_clock::now();
  other_->bus().stop();
  EXPECT_FALSE(other_->bus().is_connected());
  EXPECT_EQ(there_.heard(), (std::vector<std::string>{"regained", "lost"}));
  EXPECT_THROW(other_->bus().start(), std::logic_error);
  for (int i = 0; i < 5; ++i) {
    const auto handle = reopen();
    handle->bus().start();  // and ended while it connects
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST_P(DbBus, many_processes_announce_at_once) {
  testing_support::race(6, [&](int thread) {
    const auto mine = reopen();
    for (int i = 0; i < 10; ++i) announce(*mine, std::to_string(thread * 10 + i));
  });
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(there_.hears("thing:" + std::to_string(i), 1, 10s)) << i;
  EXPECT_EQ(there_.count("lost"), 0);
}

class PostgresBus : public ::testing::Test {
 protected:
  const testing_support::FreshDatabase fresh_{"postgres", Schema::empty};
  std::unique_ptr<Database> database_ = open(fresh_.url(), {.pool = 1});
};

TEST_F(PostgresBus, a_lost_connection_is_told_and_regained) {
  Ear ear(database_->bus());
  database_->bus().start();
  ASSERT_TRUE(ear.hears("regained", 1, 10s));
  for (int round = 1; round <= 3; ++round) {
    testing_support::Postgres::instance().disconnect_all(fresh_.place());
    EXPECT_TRUE(ear.hears("lost", round));
    EXPECT_TRUE(ear.hears("regained", round + 1, 10s));
  }
  const auto other = open(fresh_.url(), {});
  announce(*other, "after");
  EXPECT_TRUE(ear.hears("thing:after"));
}

TEST_F(PostgresBus, a_notice_of_another_kind_makes_everything_forgotten) {
  Ear ear(database_->bus());
  database_->bus().start();
  ASSERT_TRUE(ear.hears("regained", 1, 10s));
  database_->write([](Tx& tx) { tx.run("SELECT pg_notify('cardea', 'what a newer program would say')"); });
  EXPECT_TRUE(ear.hears("lost"));
  EXPECT_TRUE(ear.hears("regained", 2, 10s));
}

TEST(SqliteBus, a_transaction_that_announces_nothing_writes_no_log) {
  const testing_support::FreshDatabase fresh("sqlite", Schema::migrated);
  const auto database = open(fresh.url(), {});
  const auto rows = [&] { return database->read_one("SELECT count(*) FROM change_log")->integer(0); };
  database->write([](Tx& tx) { tx.run("CREATE TABLE thing (id BIGINT)"); });
  EXPECT_EQ(rows(), 0);
  announce(*database, "a");
  EXPECT_EQ(rows(), 1);
}

TEST(SqliteBus, a_process_that_fell_too_far_behind_is_told) {
  const testing_support::FreshDatabase fresh("sqlite", Schema::migrated);
  const auto ours = open(fresh.url(), {});
  const auto theirs = open(fresh.url(), {});
  Ear ear(theirs->bus());
  theirs->bus().start();
  ASSERT_TRUE(ear.hears("regained", 1, 10s));
  ours->write([](Tx& tx) {
    for (int i = 0; i < 20'001; ++i) tx.announce("thing", "a");
  });
  EXPECT_TRUE(ear.hears("lost", 1, 10s));
  EXPECT_TRUE(ear.hears("regained", 2, 10s));
  const auto rows = ours->read([](Tx& tx) { return tx.one("SELECT count(*) FROM change_log")->integer(0); });
  EXPECT_EQ(rows, 20'000);  // and the log does not grow for ever
}

}  // namespace
}  // namespace cardea::db
