// Whether a log is the file's own. A crash image is a copy of the file and its log at some instant, which is what a
// process that is killed leaves behind; it must open. The same log beside anything else must not.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>

#include "db/database.hpp"
#include "db/migrate.hpp"
#include "db/sqlite_copy.hpp"
#include "db/sqlite_log.hpp"

namespace cardea::db {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

/// What the sqlite3 tool would do.
void by_sqlite3(const fs::path& file, const std::string& sql) {
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open_v2(file.c_str(), &connection, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
  char* complaint = nullptr;
  EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &complaint), SQLITE_OK) << complaint;
  sqlite3_free(complaint);
  sqlite3_close(connection);
}
void back_up_by_sqlite3(const fs::path& from, const fs::path& to) {
  sqlite3* source = nullptr;
  sqlite3* target = nullptr;
  ASSERT_EQ(sqlite3_open_v2(from.c_str(), &source, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
  ASSERT_EQ(sqlite3_open(to.c_str(), &target), SQLITE_OK);
  sqlite3_backup* backup = sqlite3_backup_init(target, "main", source, "main");
  ASSERT_EQ(sqlite3_backup_step(backup, -1), SQLITE_DONE);
  sqlite3_backup_finish(backup);
  sqlite3_close(target);
  sqlite3_close(source);
}

class SqliteLog : public ::testing::Test {
 protected:
  SqliteLog() : folder_((fs::temp_directory_path() / "cardea-log-XXXXXX").string()) {
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("cannot make " + folder_);
    start();
    migrate(*database_, embedded_migrations(), Time{});
    database_->write([](Tx& tx) { tx.run("CREATE TABLE entry (id BIGINT PRIMARY KEY, text TEXT NOT NULL)"); });
  }
  ~SqliteLog() override {
    database_.reset();
    fs::remove_all(folder_);
  }
  [[nodiscard]] fs::path path(std::string_view name) const { return fs::path{folder_} / name; }
  void start() { database_ = open("sqlite:" + path("live.db").string(), {}); }

  /// A row that takes several pages; `size` of them.
  void write(std::size_t size = 1) {
    const std::string text(size * 4000, static_cast<char>('a' + rows_ % 26));
    const std::int64_t id = ++rows_;
    database_->write([&](Tx& tx) { tx.run("INSERT INTO entry (id, text) VALUES ($1, $2)", id, text); });
  }
  /// The files as a killed process leaves them, as `name`.
  fs::path crash(std::string_view name) const {
    for (const auto* ending : {"", "-wal"}) {
      fs::copy_file(path("live.db").string() + ending, path(name).string() + ending,
                    fs::copy_options::overwrite_existing);
    }
    fs::remove(path(name).string() + "-shm");
    return path(name);
  }
  /// The log of the present instant beside a copy of `file`.
  fs::path log_beside(const fs::path& file) const {
    const auto there = crash("there.db");
    fs::copy_file(file, there, fs::copy_options::overwrite_existing);
    return there;
  }
  void expect_opens(const fs::path& file) const {
    ASSERT_FALSE(sqlite::has_foreign_log(file));
    const auto again = open("sqlite:" + file.string(), {});
    EXPECT_EQ(again->read([](Tx& tx) { return tx.one("SELECT count(*) FROM entry")->integer(0); }), rows_);
    EXPECT_EQ(find_damage(*again), std::vector<std::string>{});
  }
  static void expect_refused(const fs::path& file) {
    const std::string before = read(file);
    const std::string log = read(file.string() + "-wal");
    try {
      open("sqlite:" + file.string(), {});
      ADD_FAILURE() << "opened";
    } catch (const DatabaseError& problem) {
      EXPECT_EQ(problem.failure(), Failure::corrupt);
      EXPECT_NE(std::string{problem.what()}.find("cardea restore"), std::string::npos) << problem.what();
    }
    EXPECT_EQ(read(file), before);
    EXPECT_EQ(read(file.string() + "-wal"), log);
  }

  std::string folder_;
  std::unique_ptr<Database> database_;
  std::int64_t rows_ = 0;
};

TEST_F(SqliteLog, of_a_crash_at_any_instant_is_the_files_own) {
  std::minstd_rand random{20261126};  // NOLINT(cert-msc51-cpp): the same each time
  for (int round = 0; round < 25; ++round) {
    write(1 + random() % 120);  // some thousand pages in all, so that the log is written back many times
    if (random() % 8 == 0) {
      database_.reset();
      start();
    }
    if (random() % 4 == 0) {
      // A reader keeps part of the log from being written back.
      database_->read([&](Tx& tx) {
        (void)tx.one("SELECT count(*) FROM entry");
        write(400);
        write(1);
        expect_opens(crash("there.db"));
      });
    }
    expect_opens(crash("there.db"));
  }
}

TEST_F(SqliteLog, of_a_crash_while_another_process_writes_is_the_files_own) {
  auto other = open("sqlite:" + path("live.db").string(), {});
  for (int round = 0; round < 12; ++round) {
    write(90);
    std::swap(database_, other);
    expect_opens(crash("there.db"));
  }
}

TEST_F(SqliteLog, beside_a_backup_is_foreign) {
  struct Case {
    const char* name;
    std::function<void(const fs::path&)> make;
  };
  const auto live = path("live.db");
  const std::vector<Case> ways{
      {"sqlite3 .backup", [&](const fs::path& to) { back_up_by_sqlite3(live, to); }},
      {"VACUUM INTO", [&](const fs::path& to) { by_sqlite3(live, "VACUUM INTO '" + to.string() + "'"); }},
      {"cardea backup",
       [&](const fs::path& to) {
         std::ofstream{to} << "";
         copy_sqlite(live, to, {});
       }},
  };
  for (const auto& [name, make] : ways) {
    SCOPED_TRACE(name);
    for (const std::size_t since : {std::size_t{0}, std::size_t{1}, std::size_t{300}, std::size_t{1200}}) {
      SCOPED_TRACE(since);
      write();
      const auto backup = path("backup.db");
      fs::remove(backup);
      make(backup);
      if (since > 0) write(since);
      expect_refused(log_beside(backup));
    }
  }
}

TEST_F(SqliteLog, beside_a_file_copied_while_nothing_ran_is_foreign) {
  write(100);
  database_.reset();
  fs::copy_file(path("live.db"), path("cold.db"));
  start();
  for (int i = 0; i < 6; ++i) write(300);  // the log is begun anew
  expect_refused(log_beside(path("cold.db")));
}

TEST_F(SqliteLog, beside_another_installations_file_is_foreign) {
  const auto other = path("other/live.db");
  {
    const auto theirs = open("sqlite:" + other.string(), {});
    migrate(*theirs, embedded_migrations(), Time{});
    theirs->write([](Tx& tx) { tx.run("CREATE TABLE entry (id BIGINT PRIMARY KEY, text TEXT NOT NULL)"); });
  }
  write();
  expect_refused(log_beside(other));
}

TEST_F(SqliteLog, beside_an_empty_file_is_foreign) {
  write();
  std::ofstream{path("empty.db")} << "";
  expect_refused(log_beside(path("empty.db")));
  const auto there = crash("there.db");
  fs::remove(there);
  EXPECT_THROW(open("sqlite:" + there.string(), {}), DatabaseError);  // which would make an empty one
  EXPECT_TRUE(fs::exists(there.string() + "-wal"));
}

TEST_F(SqliteLog, that_an_older_version_wrote_passes) {
  const auto old = path("old.db");
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(old.c_str(), &connection), SQLITE_OK);
  const auto run = [&](const char* sql) {
    ASSERT_EQ(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(connection);
  };
  run("PRAGMA journal_mode=WAL; CREATE TABLE entry (id BIGINT); INSERT INTO entry VALUES (7)");
  for (const auto* ending : {"", "-wal"}) fs::copy_file(old.string() + ending, path("there.db").string() + ending);
  sqlite3_close(connection);
  const auto again = open("sqlite:" + path("there.db").string(), {});
  EXPECT_EQ(again->read([](Tx& tx) { return tx.one("SELECT id FROM entry")->integer(0); }), 7);
  again->write([](Tx& tx) { tx.run("INSERT INTO entry VALUES (8)"); });
  EXPECT_FALSE(sqlite::has_foreign_log(path("there.db")));
}

TEST_F(SqliteLog, of_the_first_start_is_the_files_own_at_each_of_its_steps) {
  const auto fresh = open("sqlite:" + path("fresh.db").string(), {});
  for (int i = 1; i <= 12; ++i) {
    fresh->write([&](Tx& tx) {
      if (i == 1) tx.run("CREATE TABLE entry (id BIGINT)");
      tx.run("INSERT INTO entry VALUES ($1)", i);
    });
    for (const auto* ending : {"", "-wal"}) {
      fs::copy_file(path("fresh.db").string() + ending, path("there.db").string() + ending,
                    fs::copy_options::overwrite_existing);
    }
    fs::remove(path("there.db").string() + "-shm");
    rows_ = i;
    expect_opens(path("there.db"));
  }
}

}  // namespace
}  // namespace cardea::db
