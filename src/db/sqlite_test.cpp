#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "db/database.hpp"
#include "db/migrate.hpp"
#include "db/sqlite_connection.hpp"
#include "db/sqlite_file.hpp"
#include "tests/support/no_writes_beyond.hpp"

namespace cardea::db {
namespace {

namespace fs = std::filesystem;
using testing_support::NoWritesBeyond;

class Sqlite : public ::testing::Test {
 protected:
  Sqlite() : directory_((fs::temp_directory_path() / "cardea-sqlite-XXXXXX").string()) {
    if (::mkdtemp(directory_.data()) == nullptr) throw std::runtime_error("cannot make " + directory_);
  }
  ~Sqlite() override { fs::remove_all(directory_); }
  [[nodiscard]] std::string path(std::string_view name) const { return directory_ + "/" + std::string{name}; }
  static unsigned mode(const std::string& path) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
  }
  std::string directory_;
};

TEST_F(Sqlite, a_new_database_is_private) {
  const auto database = open("sqlite:" + path("deep/er/cardea.db"), {});
  database->write([](Tx& tx) { tx.run("CREATE TABLE a (id BIGINT)"); });
  EXPECT_EQ(mode(path("deep")), 0700U);
  EXPECT_EQ(mode(path("deep/er")), 0700U);
  EXPECT_EQ(mode(path("deep/er/cardea.db")), 0600U);
  EXPECT_EQ(mode(path("deep/er/cardea.db-wal")), 0600U);
  EXPECT_EQ(mode(path("deep/er/cardea.db-shm")), 0600U);
  EXPECT_EQ(std::distance(fs::directory_iterator(path("deep/er")), {}), 3);  // no temporary file stays
}

TEST_F(Sqlite, a_path_is_only_ever_a_path) {
  EXPECT_EQ(prepare_file(path("file:x?mode=memory")).string(), path("file:x?mode=memory"));
  EXPECT_TRUE(fs::exists(path("file:x?mode=memory")));
  EXPECT_THROW(prepare_file(""), DatabaseError);
}

TEST_F(Sqlite, a_file_that_is_no_database_is_refused) {
  std::ofstream(path("cardea.db")) << std::string(5000, 'x');
  EXPECT_THROW(open("sqlite:" + path("cardea.db"), {}), DatabaseError);
}

TEST_F(Sqlite, a_directory_that_cannot_be_made_is_named) {
  std::ofstream(path("plain")) << "x";
  try {
    open("sqlite:" + path("plain/cardea.db"), {});
    FAIL() << "opened";
  } catch (const DatabaseError& problem) {
    EXPECT_NE(std::string{problem.what()}.find("plain"), std::string::npos) << problem.what();
  }
}

TEST_F(Sqlite, connections_are_set_up_for_safety) {
  const auto file = prepare_file(path("cardea.db")).string();
  SqliteConnection writer(file, {.access = Access::write, .busy_timeout = std::chrono::seconds{1}});
  Tx& tx = writer;
  EXPECT_EQ(tx.one("PRAGMA journal_mode")->text(0), "wal");
  EXPECT_EQ(tx.one("PRAGMA synchronous")->integer(0), 2);
  EXPECT_EQ(tx.one("PRAGMA foreign_keys")->integer(0), 1);
  EXPECT_EQ(tx.one("PRAGMA trusted_schema")->integer(0), 0);
  EXPECT_EQ(tx.one("PRAGMA cell_size_check")->integer(0), 1);
  EXPECT_EQ(tx.one("PRAGMA query_only")->integer(0), 0);
  SqliteConnection reader(file, {.busy_timeout = std::chrono::seconds{1}});
  EXPECT_EQ(static_cast<Tx&>(reader).one("PRAGMA query_only")->integer(0), 1);
  EXPECT_THROW(tx.run("UPDATE sqlite_schema SET sql = ''"), DatabaseError);  // defensive
}

TEST_F(Sqlite, statements_are_prepared_once) {
  SqliteConnection connection(prepare_file(path("cardea.db")).string(),
                              {.access = Access::write, .busy_timeout = std::chrono::seconds{1}});
  Tx& tx = connection;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(tx.one("SELECT $1", i)->integer(0), i);
  EXPECT_EQ(connection.cached_statements(), 1U);
}

TEST_F(Sqlite, only_so_many_statements_stay_prepared) {
  SqliteConnection connection(
      prepare_file(path("cardea.db")).string(),
      {.access = Access::write, .busy_timeout = std::chrono::seconds{1}, .origin = "me", .statements = 3});
  Tx& tx = connection;
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(tx.one("SELECT 1")->integer(0), 1);
    EXPECT_EQ(tx.one("SELECT 2")->integer(0), 2);
    EXPECT_EQ(tx.one("SELECT 3")->integer(0), 3);
    EXPECT_EQ(tx.one("SELECT 4 + $1", round)->integer(0), 4 + round);
    EXPECT_EQ(connection.cached_statements(), 3U);
  }
}

TEST_F(Sqlite, a_statement_that_is_read_row_by_row_stays_prepared_and_is_not_pushed_out_meanwhile) {
  SqliteConnection connection(
      prepare_file(path("cardea.db")).string(),
      {.access = Access::write, .busy_timeout = std::chrono::seconds{1}, .origin = "me", .statements = 1});
  Tx& tx = connection;
  const auto sum_of = [&] {
    std::int64_t sum = 0;
    tx.each("SELECT column1 FROM (VALUES (1), (2), (3))", [&](const RowView& row) {
      sum += row.integer(0);
      EXPECT_EQ(tx.one("SELECT 5")->integer(0), 5);
      tx.each("SELECT column1 FROM (VALUES (1), (2), (3))", [&](const RowView& inner) {
        sum += 10 * inner.integer(0);
        return Next::go_on;
      });
      return Next::go_on;
    });
    return sum;
  };
  EXPECT_EQ(sum_of(), 6 + 180);
  EXPECT_EQ(sum_of(), 6 + 180);
  EXPECT_EQ(connection.cached_statements(), 1U);
  EXPECT_THROW(
      tx.each("SELECT column1 FROM (VALUES (1), (2))", [](const RowView&) -> Next { throw std::domain_error(""); }),
      std::domain_error);
  EXPECT_EQ(sum_of(), 6 + 180);
}

TEST_F(Sqlite, a_row_that_is_looked_at_tells_what_it_holds_and_nothing_else) {
  SqliteConnection connection(prepare_file(path("cardea.db")).string(),
                              {.access = Access::write, .busy_timeout = std::chrono::seconds{1}, .origin = "me"});
  Tx& tx = connection;
  int rows = 0;
  tx.each("SELECT NULL, 7, '', 'Zoë', x'', x'00ff'", [&](const RowView& row) {
    EXPECT_TRUE(row.is_null(0));
    EXPECT_EQ(row.maybe_text(0), std::nullopt);
    EXPECT_EQ(row.integer(1), 7);
    EXPECT_EQ(row.text(2), "");
    EXPECT_EQ(row.maybe_text(3), "Zoë");
    EXPECT_TRUE(row.bytes(4).empty());
    EXPECT_EQ(to_bytes(row.bytes(5)), (Bytes{0x00, 0xff}));
    EXPECT_THROW((void)row.text(1), std::bad_variant_access);
    EXPECT_THROW((void)row.integer(0), std::bad_variant_access);
    EXPECT_THROW((void)row.is_null(6), std::out_of_range);
    ++rows;
    return Next::go_on;
  });
  EXPECT_EQ(rows, 1);
  EXPECT_THROW(tx.each("SELECT 1.5", [](const RowView&) { return Next::go_on; }), DatabaseError);
}

TEST_F(Sqlite, a_disk_that_fails_in_the_commit_leaves_the_outcome_unknown_and_is_announced) {
  const auto database = open("sqlite:" + path("cardea.db"), {});
  migrate(*database, embedded_migrations(), Time{});
  int heard = 0;
  const auto subscription = database->bus().subscribe("thing", [&](BytesView) noexcept { ++heard; });
  int after_commit = 0;
  const auto write = [&] {
    database->write([&](Tx& tx) {
      tx.announce("thing");
      tx.after_commit([&] { ++after_commit; });
    });
  };
  {
    const NoWritesBeyond limit(fs::file_size(path("cardea.db-wal")));
    EXPECT_THROW(write(), OutcomeUnknown);
  }
  EXPECT_EQ(heard, 1);
  EXPECT_EQ(after_commit, 0);
  write();
  EXPECT_EQ(heard, 2);
  EXPECT_EQ(after_commit, 1);
}

TEST_F(Sqlite, a_writer_kept_waiting_too_long_gets_an_exception) {
  const auto url = "sqlite:" + path("cardea.db");
  const Options impatient{.busy_timeout = std::chrono::milliseconds{20}};
  const auto ours = open(url, impatient);
  const auto theirs = open(url, impatient);
  ours->write([&](Tx&) {
    int runs = 0;
    EXPECT_THROW(theirs->write([&](Tx&) { ++runs; }), DatabaseError);
    EXPECT_EQ(runs, 0);
  });
  theirs->write([](Tx& tx) { tx.run("CREATE TABLE a (id BIGINT)"); });
}

}  // namespace
}  // namespace cardea::db
