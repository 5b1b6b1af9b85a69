// PostgreSQL behind PgBouncer: what a pooler in transaction mode takes away is done without, and one that nobody told
// us of is found out when the database is opened.
#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "db/pooler.hpp"
#include "tests/support/ear.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/pgbouncer.hpp"
#include "tests/support/postgres.hpp"

namespace cardea::db {
namespace {

using namespace std::chrono_literals;
using testing_support::Ear;
using testing_support::FreshDatabase;
using testing_support::PgBouncer;
using testing_support::Postgres;
using testing_support::race;
using testing_support::Schema;

constexpr int few = 3;  // connections of the server's

class DbPooler : public ::testing::Test {
 protected:
  DbPooler() {
    direct_->write([](Tx& tx) {
      tx.run("CREATE TABLE thing (id BIGINT PRIMARY KEY, label TEXT, payload BYTEA, size BIGINT)");
      tx.run("INSERT INTO thing (id, size) VALUES (0, 0)");
    });
  }
  [[nodiscard]] std::string url() const { return pooler_.url(fresh_.place()); }
  [[nodiscard]] std::unique_ptr<Database> open(const Options& options = {}, std::string_view direct_url = {}) const {
    return db::open(url(), options, {.lending = Lending::by_transaction, .direct_url = direct_url});
  }
  /// Why it is refused; empty: it is not.
  static std::string refusal(const std::string& url, const Pooler& pooler = {}) try {
    (void)db::open(url, {}, pooler);
    return {};
  } catch (const DatabaseError& problem) {
    return problem.what();
  }

  /// What somebody else behind the same pooler is told, on the connection that was used last.
  [[nodiscard]] std::string told_to_others(const char* sql) const {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(url().c_str()), &PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> reply(PQexec(connection.get(), sql), &PQclear);
    return PQntuples(reply.get()) == 1 ? PQgetvalue(reply.get(), 0, 0) : PQerrorMessage(connection.get());
  }

  const FreshDatabase fresh_{"postgres", Schema::empty};
  const PgBouncer pooler_{Postgres::instance(), "transaction", few};
  const std::unique_ptr<Database> direct_ = db::open(fresh_.url(), {.pool = 2});
};

TEST_F(DbPooler, that_lends_by_transaction_is_found_out_and_named) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_NE(refusal(url()).find("database_pooler = true"), std::string::npos) << refusal(url());
  }
}

TEST_F(DbPooler, that_lends_by_transaction_is_found_out_while_others_use_it_and_with_one_connection) {
  const auto other = open();
  std::jthread busy{[&](const std::stop_token& stop) {
    while (!stop.stop_requested()) other->run("UPDATE thing SET size = size + 1 WHERE id = 0");
  }};
  for (int i = 0; i < 5; ++i) EXPECT_NE(refusal(url()).find("database_pooler = true"), std::string::npos);
  const PgBouncer narrow{Postgres::instance(), "transaction", 1};
  EXPECT_NE(refusal(narrow.url(fresh_.place())).find("database_pooler = true"), std::string::npos);
  const PgBouncer narrower{Postgres::instance(), "statement", few};
  EXPECT_FALSE(refusal(narrower.url(fresh_.place())).empty());
}

TEST_F(DbPooler, where_others_are_to_be_heard_is_found_out_too) {
  const auto direct = url();
  EXPECT_NE(refusal(url(), {.lending = Lending::by_transaction, .direct_url = direct}).find("database_direct"),
            std::string::npos);
}

TEST_F(DbPooler, that_lends_for_good_needs_nothing) {
  const PgBouncer pooler{Postgres::instance(), "session", 10};
  const auto database = db::open(pooler.url(fresh_.place()), {.pool = 4});
  Ear ear{database->bus()};
  database->bus().start();
  EXPECT_TRUE(ear.hears("regained", 1, 5s));
  direct_->write([](Tx& tx) { tx.announce("thing", "a"); });
  EXPECT_TRUE(ear.hears("thing:a"));
  race(16, [&](int) { database->run("UPDATE thing SET size = size + 1 WHERE id = 0"); });
  EXPECT_EQ(database->read_one("SELECT size FROM thing")->integer(0), 16);
}

TEST_F(DbPooler, values_and_transactions_are_what_they_are_without_it) {
  const auto database = open();
  const Bytes payload{0, 1, 255};
  const auto most = std::numeric_limits<std::int64_t>::max();
  database->write([&](Tx& tx) {
    tx.later("INSERT INTO thing (id, label, payload, size) VALUES ($1, $2, $3, $4)", 1, "Zoë", payload, most);
    tx.later("INSERT INTO thing (id) VALUES ($1)", 2);
    EXPECT_EQ(tx.run("UPDATE thing SET size = $1 WHERE id = 2", -most), 1);
  });
  EXPECT_THROW(database->write([](Tx& tx) {
    tx.run("INSERT INTO thing (id) VALUES (3)");
    throw std::domain_error("");
  }),
               std::domain_error);
  std::string seen;
  database->read([&](Tx& tx) {
    tx.each(
        "SELECT id, label, payload, size FROM thing WHERE id > $1 ORDER BY id",
        [&](const RowView& row) {
          seen += fmt::format("{}{} ", row.integer(0), row.maybe_text(1).value_or(""));
          if (row.integer(0) == 1) {
            EXPECT_EQ(to_bytes(row.bytes(2)), payload);
          }
          EXPECT_EQ(row.integer(3), row.integer(0) == 1 ? most : -most);
          return Next::go_on;
        },
        0);
  });
  EXPECT_EQ(seen, "1Zoë 2 ");
  EXPECT_FALSE(database->failure());
}

TEST_F(DbPooler, many_threads_over_few_connections_all_succeed) {
  const auto database = open({.pool = 32});
  race(96, [&](int i) {
    database->write([&](Tx& tx) {
      const auto size = tx.one("SELECT size FROM thing WHERE id = 0")->integer(0);
      tx.run("INSERT INTO thing (id) VALUES ($1)", i + 1);
      tx.run("UPDATE thing SET size = $1 WHERE id = 0", size + 1);
    });
    database->run("UPDATE thing SET size = size + 1 WHERE id = 0");
    EXPECT_TRUE(database->read_one("SELECT id FROM thing WHERE id = $1", i + 1));
  });
  EXPECT_EQ(direct_->read_one("SELECT size FROM thing WHERE id = 0")->integer(0), 192);
}

TEST_F(DbPooler, nothing_stays_behind_in_its_connections) {
  {
    const auto database = open({.pool = 8, .statement_timeout = 7s});
    race(16, [&](int) { database->run("UPDATE thing SET size = size + 1 WHERE id = 0"); });
    database->write([](Tx& tx) {
      EXPECT_EQ(tx.one("SELECT current_setting('statement_timeout')")->text(0), "7s");
      EXPECT_EQ(tx.one("SELECT current_setting('idle_in_transaction_session_timeout')")->text(0), "1min");
    });
  }
  EXPECT_EQ(told_to_others("SHOW statement_timeout"), "0");
  EXPECT_EQ(told_to_others("SHOW idle_in_transaction_session_timeout"), "0");
  EXPECT_EQ(told_to_others("SELECT count(*) FROM pg_prepared_statements"), "0");
}

TEST_F(DbPooler, others_are_heard_past_it_or_not_at_all) {
  const auto past = open({}, fresh_.url());
  const auto deaf = open();
  Ear hearing{past->bus()};
  Ear not_hearing{deaf->bus()};
  past->bus().start();
  deaf->bus().start();
  ASSERT_TRUE(hearing.hears("regained", 1, 5s));
  deaf->write([](Tx& tx) { tx.announce("thing", "a"); });
  EXPECT_TRUE(hearing.hears("thing:a"));
  EXPECT_TRUE(not_hearing.hears("thing:a")) << "its own";
  EXPECT_FALSE(deaf->bus().is_connected()) << "so nothing is answered from memory";
  EXPECT_EQ(not_hearing.count("regained"), 0);
}

}  // namespace
}  // namespace cardea::db
