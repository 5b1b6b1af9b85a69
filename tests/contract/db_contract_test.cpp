// What every engine does alike: values, transactions, snapshots.
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "tests/support/engines.hpp"
#include "tests/support/postgres.hpp"

namespace cardea::db {
namespace {

using testing_support::OnEngine;
using testing_support::Schema;

constexpr ErrorKind refused{"test.refused", 400, "No."};

class DbContract : public OnEngine {
 protected:
  DbContract() : OnEngine(Schema::empty) {
    database().write(
        [](Tx& tx) { tx.run("CREATE TABLE thing (id BIGINT PRIMARY KEY, label TEXT, payload BYTEA, size BIGINT)"); });
  }
  void put(std::int64_t id) {
    database().write([&](Tx& tx) { tx.run("INSERT INTO thing (id) VALUES ($1)", id); });
  }
  std::int64_t count() {
    return database().read([](Tx& tx) { return tx.one("SELECT count(*) FROM thing")->integer(0); });
  }
};
INSTANTIATE_TEST_SUITE_P(engines, DbContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DbContract, text_comes_back_as_it_was) {
  for (const std::string& text : {std::string{}, std::string{"it's \"quoted\"; -- $1 \\ %"}, std::string{"Zoë 漢字 🔑"},
                                  std::string{"line\nline\ttab"}, std::string(100'000, 'x'), std::string{"123"}}) {
    database().write([&](Tx& tx) {
      tx.run("DELETE FROM thing");
      tx.run("INSERT INTO thing (id, label) VALUES (1, $1)", text);
      const auto row = tx.one("SELECT label FROM thing WHERE label = $1", text);
      ASSERT_TRUE(row);
      EXPECT_EQ(row->text(0), text);
    });
  }
}

TEST_P(DbContract, text_with_a_nul_is_refused) {
  using namespace std::string_view_literals;
  const auto insert = [](Tx& tx) { tx.run("INSERT INTO thing (id, label) VALUES (1, $1)", "admin\0x"sv); };
  EXPECT_THROW(database().write(insert), DatabaseError);
  EXPECT_EQ(count(), 0);
}

TEST_P(DbContract, bytes_come_back_as_they_were) {
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  database().write([&](Tx& tx) {
    tx.run("INSERT INTO thing (id, payload) VALUES (1, $1)", all);
    EXPECT_EQ(tx.one("SELECT payload FROM thing WHERE payload = $1", all)->bytes(0), all);
  });
}

TEST_P(DbContract, empty_bytes_and_empty_text_are_not_null) {
  database().write([](Tx& tx) {
    tx.run("INSERT INTO thing (id, label, payload) VALUES (1, $1, $2)", std::string_view{}, BytesView{});
    tx.run("INSERT INTO thing (id, label, payload) VALUES (2, $1, $2)", Null{}, std::optional<Bytes>{});
    const auto empty = tx.one("SELECT label, payload FROM thing WHERE id = 1");
    EXPECT_FALSE(empty->is_null(0));
    EXPECT_FALSE(empty->is_null(1));
    EXPECT_EQ(empty->text(0), "");
    EXPECT_TRUE(empty->bytes(1).empty());
    const auto null = tx.one("SELECT label, payload FROM thing WHERE id = 2");
    EXPECT_TRUE(null->is_null(0));
    EXPECT_EQ(null->maybe_text(0), std::nullopt);
    EXPECT_TRUE(null->is_null(1));
  });
}

TEST_P(DbContract, integers_keep_all_64_bits) {
  for (const std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                                    std::numeric_limits<std::int64_t>::max()}) {
    database().write([&](Tx& tx) {
      tx.run("DELETE FROM thing");
      tx.run("INSERT INTO thing (id, size) VALUES ($1, $1)", number);
      const auto row = tx.one("SELECT size FROM thing WHERE id = $1", number);
      ASSERT_TRUE(row);
      EXPECT_EQ(row->integer(0), number);
    });
  }
}

TEST_P(DbContract, times_flags_and_ids_come_back) {
  const Time now = from_micros(1'764'000'000'123'456);
  const AccountId id{RawId{1, 2, 3, 0, 255}};
  database().write([&](Tx& tx) {
    tx.run("INSERT INTO thing (id, size, payload) VALUES ($1, $2, $3)", now, true, id);
    const auto row = tx.one("SELECT id, size, payload, size = 1, 2 > 3 FROM thing");
    EXPECT_EQ(row->time(0), now);
    EXPECT_TRUE(row->flag(1));
    EXPECT_EQ(row->id<AccountId>(2), id);
    EXPECT_TRUE(row->flag(3));
    EXPECT_FALSE(row->flag(4));
  });
}

TEST_P(DbContract, parameters_bind_by_number_whatever_their_order) {
  database().write([](Tx& tx) {
    tx.run("INSERT INTO thing (size, label, id) VALUES ($3, $2, $1)", 1, "two", 3);
    const auto row = tx.one("SELECT id, label, size FROM thing WHERE size = $2 AND id = $1 AND size = $2", 1, 3);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->integer(0), 1);
    EXPECT_EQ(row->text(1), "two");
  });
}

TEST_P(DbContract, a_column_read_as_another_type_throws) {
  put(1);
  database().read([](Tx& tx) {
    const auto row = tx.one("SELECT id, label FROM thing");
    EXPECT_THROW(static_cast<void>(row->text(0)), std::bad_variant_access);
    EXPECT_THROW(static_cast<void>(row->text(1)), std::bad_variant_access);
    EXPECT_THROW(static_cast<void>(row->integer(2)), std::out_of_range);
  });
}

TEST_P(DbContract, one_refuses_several_rows) {
  put(1);
  put(2);
  EXPECT_THROW(database().read([](Tx& tx) { return tx.one("SELECT id FROM thing"); }), std::logic_error);
}

TEST_P(DbContract, run_counts_changed_rows) {
  put(1);
  put(2);
  database().write([](Tx& tx) {
    EXPECT_EQ(tx.run("UPDATE thing SET size = 1"), 2);
    EXPECT_EQ(tx.run("UPDATE thing SET size = 1 WHERE id = 9"), 0);
    EXPECT_EQ(tx.run("CREATE TABLE other (id BIGINT PRIMARY KEY)"), 0);
    EXPECT_EQ(tx.run("DELETE FROM thing"), 2);
  });
}

TEST_P(DbContract, a_taken_key_is_an_empty_answer) {
  put(1);
  database().write([](Tx& tx) {
    EXPECT_FALSE(tx.one("INSERT INTO thing (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id", 1));
    EXPECT_TRUE(tx.one("INSERT INTO thing (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id", 2));
  });
}

TEST_P(DbContract, an_error_rolls_back) {
  const auto answer = database().write([](Tx& tx) -> Result<Done> {
    tx.run("INSERT INTO thing (id) VALUES (1)");
    return refused;
  });
  EXPECT_TRUE(answer.error().is(refused));
  EXPECT_EQ(count(), 0);
}

TEST_P(DbContract, an_exception_rolls_back_and_passes_through) {
  EXPECT_THROW(database().write([](Tx& tx) {
    tx.run("INSERT INTO thing (id) VALUES (1)");
    throw std::domain_error("surprise");
  }),
               std::domain_error);
  EXPECT_EQ(count(), 0);
}

TEST_P(DbContract, nothing_is_committed_after_a_swallowed_failure) {
  put(1);
  const auto work = [](Tx& tx) {
    tx.run("INSERT INTO thing (id) VALUES (2)");
    EXPECT_THROW(tx.run("INSERT INTO thing (id) VALUES (1)"), DatabaseError);
    EXPECT_THROW(tx.run("INSERT INTO thing (id) VALUES (3)"), DatabaseError);
  };
  EXPECT_THROW(database().write(work), DatabaseError);
  EXPECT_EQ(count(), 1);
  put(4);  // the connection is usable again
  EXPECT_EQ(count(), 2);
}

TEST_P(DbContract, after_commit_runs_once_and_only_after_a_commit) {
  int runs = 0;
  std::int64_t seen = -1;
  const auto act = [&] { ++runs, seen = count(); };  // takes a connection itself, and sees what was committed
  database().write([&](Tx& tx) {
    tx.run("INSERT INTO thing (id) VALUES (1)");
    tx.after_commit(act);
    EXPECT_EQ(runs, 0);
  });
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(seen, 1);
  const auto answer = database().write([&](Tx& tx) -> Result<Done> { return tx.after_commit(act), refused; });
  EXPECT_FALSE(answer.ok());
  EXPECT_THROW(database().write([&](Tx& tx) { tx.after_commit(act), throw std::domain_error(""); }), std::domain_error);
  put(2);
  EXPECT_EQ(runs, 1);
}

TEST_P(DbContract, a_read_sees_one_instant) {
  put(1);
  database().read([&](Tx& tx) {
    EXPECT_EQ(tx.one("SELECT count(*) FROM thing")->integer(0), 1);
    put(2);
    EXPECT_EQ(tx.one("SELECT count(*) FROM thing")->integer(0), 1);
  });
  EXPECT_EQ(count(), 2);
}

TEST_P(DbContract, a_read_cannot_write) {
  EXPECT_THROW(database().read([](Tx& tx) { tx.run("INSERT INTO thing (id) VALUES (1)"); }), DatabaseError);
  EXPECT_EQ(count(), 0);
}

TEST_P(DbContract, a_foreign_key_is_enforced) {
  database().write([](Tx& tx) { tx.run("CREATE TABLE part (thing BIGINT NOT NULL REFERENCES thing (id))"); });
  EXPECT_THROW(database().write([](Tx& tx) { tx.run("INSERT INTO part (thing) VALUES (7)"); }), DatabaseError);
}

TEST_P(DbContract, a_database_without_a_free_connection_is_not_ready) {
  const auto small = reopen({.readers = 1, .pool = 1, .busy_timeout = std::chrono::milliseconds{50}});
  EXPECT_EQ(small->failure(), std::nullopt);
  small->read([&](Tx&) { EXPECT_EQ(small->failure(), Failure::busy); });
  EXPECT_EQ(small->failure(), std::nullopt);
}

TEST_P(DbContract, each_engine_says_its_name) { EXPECT_EQ(database().engine(), GetParam()); }

TEST(PostgresContract, statements_are_prepared_once_per_connection) {
  const testing_support::FreshDatabase fresh("postgres", Schema::empty);
  const auto database = open(fresh.url(), {.pool = 1});
  for (int i = 0; i < 5; ++i) {
    database->read([](Tx& tx) { tx.one("SELECT 41 + 1"); });
  }
  const auto prepared = database->read([](Tx& tx) {
    return tx.one("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 41 + 1'")->integer(0);
  });
  EXPECT_EQ(prepared, 1);
}

TEST(PostgresContract, lost_idle_connections_are_replaced_unnoticed) {
  const testing_support::FreshDatabase fresh("postgres", Schema::empty);
  const auto database = open(fresh.url(), {});
  database->read([&](Tx&) { database->read([](Tx&) {}); });  // two connections are idle now
  testing_support::Postgres::instance().disconnect_all(fresh.place());
  EXPECT_EQ(database->read([](Tx& tx) { return tx.one("SELECT 1")->integer(0); }), 1);
  testing_support::Postgres::instance().disconnect_all(fresh.place());
  EXPECT_EQ(database->failure(), std::nullopt);
}

TEST(PostgresContract, a_database_of_another_encoding_is_refused_by_its_name) {
  auto& server = testing_support::Postgres::instance();
  const testing_support::FreshDatabase fresh("postgres", Schema::empty);
  const auto admin = open(fresh.url(), {});
  admin->run("CREATE DATABASE of_latin1 ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
  admin->run("CREATE DATABASE of_no_encoding ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
  for (const auto& [name, encoding] : {std::pair{"of_latin1", "LATIN1"}, std::pair{"of_no_encoding", "SQL_ASCII"}}) {
    try {
      open(server.url(name), {});
      ADD_FAILURE() << name << " was opened";
    } catch (const DatabaseError& problem) {
      EXPECT_EQ(problem.failure(), Failure::wrong_encoding);
      EXPECT_NE(std::string{problem.what()}.find(encoding), std::string::npos) << problem.what();
    }
    server.drop_database(name);
  }
}

TEST(PostgresContract, a_database_that_takes_no_changes_is_read_only_until_it_does) {
  auto& server = testing_support::Postgres::instance();
  const testing_support::FreshDatabase fresh("postgres", Schema::migrated);
  int told = 0;
  const auto database = open(fresh.url(), {.on_failure = [&](const DatabaseError& problem) {
                               EXPECT_EQ(problem.failure(), Failure::read_only);
                               ++told;
                             }});
  // What a transaction says of itself wins over this, so it is tried where the transaction says nothing.
  const auto write = [&] { database->run("UPDATE migration SET applied_at = applied_at"); };
  database->run("SET default_transaction_read_only = on");
  EXPECT_THROW(write(), DatabaseError);
  EXPECT_EQ(told, 1);
  server.disconnect_all(fresh.place());
  EXPECT_EQ(database->failure(), std::nullopt);
  write();
}

TEST(PostgresContract, a_standby_is_read_only_until_it_is_the_primary) {
  testing_support::Postgres server{testing_support::Durability::none};
  const auto url = server.url(server.create_database());
  const auto database = open(url, {});
  database->write([](Tx& tx) { tx.run("CREATE TABLE thing (id BIGINT)"); });
  server.stop();
  EXPECT_EQ(database->failure(), Failure::unreachable);
  server.set_standby(true);
  server.start();
  EXPECT_EQ(database->failure(), Failure::read_only);
  EXPECT_THROW(open(url, {}), DatabaseError);
  server.stop();
  server.set_standby(false);
  server.start();
  database->write([](Tx& tx) { tx.run("INSERT INTO thing VALUES (1)"); });
}

TEST(PostgresContract, a_connection_lost_in_a_transaction_is_an_exception) {
  const testing_support::FreshDatabase fresh("postgres", Schema::empty);
  const auto database = open(fresh.url(), {});
  int runs = 0;
  EXPECT_THROW(database->write([&](Tx& tx) {
    ++runs;
    testing_support::Postgres::instance().disconnect_all(fresh.place());
    tx.one("SELECT 1");
  }),
               DatabaseError);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(database->failure(), std::nullopt);
}

TEST(PostgresContract, a_result_of_a_foreign_type_is_refused) {
  const testing_support::FreshDatabase fresh("postgres", Schema::empty);
  const auto database = open(fresh.url(), {});
  EXPECT_THROW(database->read([](Tx& tx) { return tx.one("SELECT 1.5"); }), DatabaseError);
}

}  // namespace
}  // namespace cardea::db
