// A copy is taken while others write: it ends, and holds one instant.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "db/database.hpp"
#include "db/file_swap.hpp"
#include "db/migrate.hpp"
#include "db/sqlite_copy.hpp"

namespace cardea::db {
namespace {

namespace fs = std::filesystem;

class SqliteCopy : public ::testing::Test {
 protected:
  SqliteCopy() : folder_((fs::temp_directory_path() / "cardea-copy-XXXXXX").string()) {
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("cannot make " + folder_);
    database_ = open("sqlite:" + live().string(), {});
    migrate(*database_, embedded_migrations(), Time{});
    database_->write([](Tx& tx) {
      tx.run("CREATE TABLE entry (id BIGINT PRIMARY KEY, text TEXT NOT NULL)");
      tx.run("CREATE TABLE sum (entries BIGINT NOT NULL)");
      tx.run("INSERT INTO sum (entries) VALUES (0)");
    });
  }
  ~SqliteCopy() override {
    database_.reset();
    fs::remove_all(folder_);
  }
  [[nodiscard]] fs::path live() const { return path("live.db"); }
  [[nodiscard]] fs::path path(std::string_view name) const { return fs::path{folder_} / name; }
  /// A row of some pages, and the number of rows beside it.
  void write(std::size_t size) {
    database_->write([&](Tx& tx) {
      const auto entries = tx.one("SELECT entries + 1 FROM sum")->integer(0);
      tx.run("INSERT INTO entry (id, text) VALUES ($1, $2)", entries, std::string(size * 4000, 'x'));
      tx.run("UPDATE sum SET entries = $1", entries);
    });
  }
  static std::unique_ptr<Database> look(const fs::path& file) {
    return open("sqlite:" + file.string(), {.readers = 1, .use = Use::look});
  }
  static std::int64_t entries(Database& database) {
    return database.read([](Tx& tx) {
      const auto counted = tx.one("SELECT count(*) FROM entry")->integer(0);
      EXPECT_EQ(counted, tx.one("SELECT entries FROM sum")->integer(0));
      return counted;
    });
  }

  std::string folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(SqliteCopy, beside_writers_ends_and_is_one_instant_in_one_file) {
  for (int i = 0; i < 40; ++i) write(500);  // 80 MB
  std::atomic<int> written = 0;
  std::jthread writer([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      write(1);
      ++written;
    }
  });
  while (written < 3) std::this_thread::yield();
  const Draft draft{path("copy")};
  const int before = written;
  int steps = 0;
  int written_before = 0;
  std::int64_t last = 0;
  copy_sqlite(live(), draft.path(), [&](std::int64_t copied, std::int64_t all) {
    EXPECT_GE(copied, last);
    EXPECT_LE(copied, all);
    last = copied;
    if (steps++ == 0) written_before = written + 1;  // one may not have been counted yet
    // Between two steps somebody writes, every time: where that begins the copy anew, it never ends.
    for (const int seen = written; written == seen;) std::this_thread::yield();
    if (steps > 60) throw std::runtime_error("it was begun anew");
  });
  writer.request_stop();
  writer.join();
  EXPECT_GT(steps, 10);
  EXPECT_GE(written, written_before + steps - 1);
  const auto copy = look(draft.path());
  EXPECT_EQ(find_damage(*copy), std::vector<std::string>{});
  EXPECT_GE(entries(*copy), 40 + before);
  EXPECT_LE(entries(*copy), 40 + written_before) << "what was written after the first step is in it";
  EXPECT_FALSE(fs::exists(draft.path().string() + "-wal"));
  struct stat status{};
  ASSERT_EQ(::stat(draft.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(SqliteCopy, is_only_looked_at) {
  write(1);
  const Draft draft{path("copy")};
  copy_sqlite(live(), draft.path(), {});
  const auto copy = look(draft.path());
  EXPECT_EQ(entries(*copy), 1);
  EXPECT_THROW(copy->write([](Tx& tx) { tx.run("DELETE FROM entry"); }), DatabaseError);
  EXPECT_EQ(copy->failure(), Failure::read_only);
}

TEST_F(SqliteCopy, that_is_damaged_is_found_out) {
  for (int i = 0; i < 20; ++i) write(3);
  const Draft draft{path("copy")};
  copy_sqlite(live(), draft.path(), {});
  {
    std::fstream file{draft.path(), std::ios::binary | std::ios::in | std::ios::out};
    file.seekp(static_cast<std::streamoff>(fs::file_size(draft.path()) / 2));
    file << std::string(9000, '\xee');
  }
  const auto damage = [&]() -> std::vector<std::string> {
    try {
      return find_damage(*look(draft.path()));
    } catch (const DatabaseError& problem) {
      EXPECT_EQ(problem.failure(), Failure::corrupt);
      return {problem.what()};
    }
  }();
  EXPECT_FALSE(damage.empty());
}

TEST_F(SqliteCopy, that_refers_to_nothing_is_found_out) {
  const Draft draft{path("copy")};
  database_->write([](Tx& tx) {
    tx.run("CREATE TABLE whole (id BIGINT PRIMARY KEY)");
    tx.run("CREATE TABLE part (whole BIGINT REFERENCES whole (id))");
  });
  copy_sqlite(live(), draft.path(), {});
  const std::string sql = "sqlite3 " + draft.path().string() + " 'INSERT INTO part VALUES (7)'";
  ASSERT_EQ(std::system(sql.c_str()), 0);
  EXPECT_EQ(find_damage(*look(draft.path())),
            std::vector<std::string>{"1 rows of part refer to rows of whole that are not there"});
}

/// The folder of a database that nobody uses, whose log was left behind by a crash.
class FileSwap : public SqliteCopy {
 protected:
  void crash() {
    for (const auto* ending : {"", "-wal"}) fs::copy_file(live().string() + ending, path("db").string() + ending);
  }
};

TEST_F(FileSwap, keeps_what_was_there_with_what_its_log_held) {
  write(1);
  write(1);
  crash();
  const Draft fresh{path("db")};
  copy_sqlite(live(), fresh.path(), {});
  write(1);
  EXPECT_TRUE(replace_sqlite(fresh.path(), path("db"), path("kept")));
  EXPECT_FALSE(fs::exists(path("db-wal")));
  EXPECT_FALSE(fs::exists(path("db-shm")));
  EXPECT_EQ(entries(*look(path("db"))), 2);
  EXPECT_EQ(entries(*open("sqlite:" + path("kept").string(), {})), 2);
}

TEST_F(FileSwap, moves_a_foreign_log_out_of_the_way) {
  write(1);
  crash();
  const Draft other{path("db")};
  copy_sqlite(live(), other.path(), {});
  fs::copy_file(other.path(), path("db"), fs::copy_options::overwrite_existing);  // beside the log of another one
  write(1);
  const Draft fresh{path("db")};
  copy_sqlite(live(), fresh.path(), {});
  EXPECT_TRUE(replace_sqlite(fresh.path(), path("db"), path("kept")));
  EXPECT_TRUE(fs::exists(path("kept-wal")));
  EXPECT_FALSE(fs::exists(path("db-wal")));
  EXPECT_EQ(entries(*open("sqlite:" + path("db").string(), {})), 2);
}

TEST_F(FileSwap, fills_a_place_where_only_a_log_was_left) {
  write(1);
  crash();
  fs::remove(path("db"));
  const Draft fresh{path("db")};
  copy_sqlite(live(), fresh.path(), {});
  EXPECT_FALSE(replace_sqlite(fresh.path(), path("db"), path("kept")));
  EXPECT_TRUE(fs::exists(path("kept-wal")));
  EXPECT_EQ(entries(*open("sqlite:" + path("db").string(), {})), 1);
}

TEST_F(FileSwap, draft_takes_no_name_that_is_taken) {
  Draft draft{path("copy")};
  std::ofstream{path("taken")} << "mine";
  EXPECT_FALSE(draft.publish(path("taken")));
  EXPECT_EQ(fs::file_size(path("taken")), 4U);
  EXPECT_TRUE(draft.publish(path("free")));
  EXPECT_FALSE(fs::exists(draft.path()));
}

}  // namespace
}  // namespace cardea::db
