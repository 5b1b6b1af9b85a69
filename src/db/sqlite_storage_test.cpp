// What becomes of a database when its disk, its folder or its file does: each has a name of its own, is told, and is
// over when it is over.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "db/database.hpp"
#include "db/folder_lock.hpp"
#include "db/migrate.hpp"
#include "db/sqlite_failure.hpp"
#include "tests/support/within.hpp"

namespace cardea::db {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

using testing_support::within;

class SqliteStorage : public ::testing::Test {
 protected:
  SqliteStorage() : folder_((fs::temp_directory_path() / "cardea-storage-XXXXXX").string()) {
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("cannot make " + folder_);
  }
  ~SqliteStorage() override {
    database_.reset();
    if (is_mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] fs::path path(std::string_view name = "data/cardea.db") const { return fs::path{folder_} / name; }
  void start(Missing missing = Missing::make) {
    database_ = open("sqlite:" + path().string(), {.busy_timeout = 100ms,
                                                   .on_failure =
                                                       [this](const DatabaseError& problem) {
                                                         const std::lock_guard lock(mutex_);
                                                         ++told_[problem.failure()];
                                                       },
                                                   .missing = missing});
  }
  void make() {
    start();
    migrate(*database_, embedded_migrations(), Time{});
    database_->write([](Tx& tx) { tx.run("CREATE TABLE entry (id BIGINT, text TEXT)"); });
    write();
  }
  /// A disk of its own, of a megabyte and a half; false where that is not permitted.
  bool mount_small_disk() {
    is_mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=1536k") == 0;
    return is_mounted_;
  }
  void write(std::size_t size = 1) {
    database_->write([&](Tx& tx) {
      tx.run("INSERT INTO entry (id, text) VALUES ((SELECT coalesce(max(id), 0) + 1 FROM entry), $1)",
             std::string(size, 'x'));
    });
  }
  std::int64_t read() {
    return database_->read([](Tx& tx) { return tx.one("SELECT count(*) FROM entry")->integer(0); });
  }
  template <class Work>
  std::optional<Failure> failure_of(Work work) {
    try {
      work();
      return std::nullopt;
    } catch (const DatabaseError& problem) {
      return problem.failure();
    }
  }
  int told(Failure failure) {
    const std::lock_guard lock(mutex_);
    return told_[failure];
  }
  void expect_missing() {
    EXPECT_EQ(failure_of([&] { write(); }), Failure::missing);
    EXPECT_EQ(failure_of([&] { read(); }), Failure::missing);
    EXPECT_EQ(failure_of([&] { database_->run("DELETE FROM entry"); }), Failure::missing);
    EXPECT_EQ(database_->failure(), Failure::missing);
    EXPECT_GE(told(Failure::missing), 4);
  }

  std::string folder_;
  bool is_mounted_ = false;
  std::unique_ptr<Database> database_;
  std::mutex mutex_;
  std::map<Failure, int> told_;
};

TEST_F(SqliteStorage, of_a_healthy_database_has_no_failure) {
  make();
  EXPECT_EQ(database_->failure(), std::nullopt);
  EXPECT_TRUE(told_.empty());
}

TEST_F(SqliteStorage, with_a_full_disk_is_full_until_there_is_room) {
  if (!mount_small_disk()) GTEST_SKIP() << "mounting is not permitted here";
  make();
  std::ofstream{path("ballast")} << std::string(3'000'000, 'x');
  EXPECT_EQ(failure_of([&] { write(400'000); }), Failure::full);
  EXPECT_EQ(failure_of([&] { write(400'000); }), Failure::full);
  EXPECT_EQ(read(), 1);
  EXPECT_EQ(database_->failure(), Failure::full);
  EXPECT_GE(told(Failure::full), 2);
  fs::remove(path("ballast"));
  EXPECT_TRUE(within(5s, [&] { return database_->failure() == std::nullopt; }));
  write();
  EXPECT_EQ(read(), 2);
}

TEST_F(SqliteStorage, on_a_disk_without_changes_is_read_only) {
  if (!mount_small_disk()) GTEST_SKIP() << "mounting is not permitted here";
  make();
  database_.reset();
  ASSERT_EQ(::mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=1536k"), 0);
  EXPECT_EQ(failure_of([&] { start(); }), Failure::read_only);
}

TEST_F(SqliteStorage, with_a_spoiled_page_is_corrupt_for_good) {
  make();
  for (int i = 0; i < 50; ++i) write(3000);
  database_.reset();
  {
    std::fstream file{path(), std::ios::binary | std::ios::in | std::ios::out};
    file.seekp(static_cast<std::streamoff>(fs::file_size(path()) - 100'000));
    file << std::string(100'000, '\xee');
  }
  start();
  EXPECT_EQ(failure_of([&] { read(); }), Failure::corrupt);
  EXPECT_EQ(database_->failure(), Failure::corrupt);
  database_->write([](Tx& tx) { tx.run("UPDATE migration SET applied_at = 1"); });
  EXPECT_EQ(database_->failure(), Failure::corrupt) << "that something else can be written mends nothing";
}

TEST_F(SqliteStorage, that_was_deleted_is_missing) {
  make();
  fs::remove(path());
  expect_missing();
}

TEST_F(SqliteStorage, whose_folder_was_deleted_is_missing) {
  make();
  fs::remove_all(path().parent_path());
  expect_missing();
}

TEST_F(SqliteStorage, whose_folder_was_moved_is_missing_until_it_is_back) {
  make();
  fs::rename(path("data"), path("elsewhere"));
  expect_missing();
  fs::rename(path("elsewhere"), path("data"));
  EXPECT_EQ(database_->failure(), std::nullopt);
  write();
  EXPECT_EQ(read(), 2);
}

TEST_F(SqliteStorage, that_was_replaced_is_missing) {
  make();
  fs::copy_file(path(), path("data/other"));
  fs::rename(path("data/other"), path());
  expect_missing();
}

TEST_F(SqliteStorage, whose_log_was_deleted_is_missing) {
  make();
  fs::remove(path().string() + "-wal");
  expect_missing();
}

TEST_F(SqliteStorage, that_goes_is_noticed_while_nobody_asks) {
  make();
  database_->bus().start();
  ASSERT_TRUE(within(5s, [&] { return database_->bus().is_connected(); }));
  fs::remove(path());
  EXPECT_TRUE(within(2s, [&] { return told(Failure::missing) > 0 && !database_->bus().is_connected(); }));
}

TEST_F(SqliteStorage, that_is_not_there_is_made_only_when_it_may_be) {
  EXPECT_EQ(failure_of([&] { start(Missing::refuse); }), Failure::missing);
  EXPECT_TRUE(fs::is_empty(folder_));
  make();
  database_.reset();
  start(Missing::refuse);
  EXPECT_EQ(read(), 1);
}

TEST_F(SqliteStorage, in_use_keeps_the_folder_from_whoever_wants_it_alone) {
  make();
  FolderLock lock{path().parent_path()};
  EXPECT_FALSE(lock.try_alone());
  database_.reset();
  EXPECT_TRUE(lock.try_alone());
  EXPECT_EQ(failure_of([&] { start(); }), Failure::busy);
  EXPECT_TRUE(lock.try_together(0s));
  start();
  EXPECT_EQ(read(), 1);
}

TEST_F(SqliteStorage, that_others_hold_is_busy_and_nothing_is_wrong_with_it) {
  make();
  const auto other = open("sqlite:" + path().string(), {});
  other->write([&](Tx&) { EXPECT_EQ(failure_of([&] { write(); }), Failure::busy); });
  EXPECT_EQ(database_->failure(), std::nullopt);
  EXPECT_EQ(told(Failure::busy), 1);
}

// A function can be handed nothing.
int write_error = 0;
ssize_t fail_to_write(int, const void*, std::size_t, off_t) {
  errno = write_error;
  return -1;
}

/// While it lives, each write of SQLite's to a file fails with `error`.
class FailingWrites {
 public:
  explicit FailingWrites(int error) : system_(sqlite3_vfs_find(nullptr)) {
    write_error = error;
    for (const char* name : names) {
      system_->xSetSystemCall(system_, name, reinterpret_cast<sqlite3_syscall_ptr>(fail_to_write));
    }
  }
  ~FailingWrites() {
    for (const char* name : names) system_->xSetSystemCall(system_, name, nullptr);
  }
  FailingWrites(const FailingWrites&) = delete;
  FailingWrites& operator=(const FailingWrites&) = delete;

 private:
  static constexpr std::array names{"pwrite", "pwrite64"};  // whichever it was built with
  sqlite3_vfs* system_;
};

TEST_F(SqliteStorage, whose_commit_fails_has_the_kind_of_that_failure_not_of_an_earlier_one) {
  make();
  for (const auto& [error, kind] : std::vector<std::pair<int, Failure>>{{EIO, Failure::unreadable},
                                                                        {EROFS, Failure::read_only},
                                                                        {EDQUOT, Failure::full},
                                                                        {ENOSPC, Failure::full},
                                                                        {ESTALE, Failure::missing},
                                                                        {EIO, Failure::unreadable}}) {
    const FailingWrites failing{error};
    EXPECT_EQ(failure_of([&] { write(); }), kind) << error << ", in a transaction";
    EXPECT_EQ(failure_of([&] { database_->run("DELETE FROM entry"); }), kind) << error << ", alone";
    EXPECT_EQ(failure_of([&] { write(20'000'000); }), kind) << error << ", more than the cache holds";
    EXPECT_NE(database_->failure(), std::nullopt) << error;
  }
  EXPECT_TRUE(within(5s, [&] { return database_->failure() == std::nullopt; }));
  EXPECT_EQ(read(), 1);
}

TEST(SqliteFailure, is_told_by_code_and_by_what_the_system_said) {
  struct Case {
    int code;
    int system_error;
    Failure failure;
  };
  for (const auto& [code, system_error, failure] : std::vector<Case>{
           {SQLITE_FULL, 0, Failure::full},
           {SQLITE_IOERR_WRITE, EDQUOT, Failure::full},
           {SQLITE_IOERR_WRITE, ENOSPC, Failure::full},
           {SQLITE_IOERR_WRITE, EFBIG, Failure::full},
           {SQLITE_IOERR_SHMSIZE, ENOSPC, Failure::full},
           {SQLITE_CANTOPEN, ENOSPC, Failure::full},
           {SQLITE_CANTOPEN, EDQUOT, Failure::full},
           {SQLITE_IOERR_READ, EIO, Failure::unreadable},
           {SQLITE_IOERR_WRITE, EIO, Failure::unreadable},
           {SQLITE_IOERR_WRITE, 0, Failure::unreadable},
           {SQLITE_IOERR_CORRUPTFS, EIO, Failure::unreadable},
           {SQLITE_IOERR_CORRUPTFS, ENXIO, Failure::missing},
           {SQLITE_IOERR_DATA, 0, Failure::corrupt},
           {SQLITE_IOERR_FSYNC, EIO, Failure::unreadable},
           {SQLITE_IOERR_WRITE, EROFS, Failure::read_only},
           {SQLITE_IOERR_FSYNC, EROFS, Failure::read_only},
           {SQLITE_IOERR_TRUNCATE, EROFS, Failure::read_only},
           {SQLITE_IOERR_WRITE, EPERM, Failure::read_only},
           {SQLITE_IOERR_WRITE, EACCES, Failure::read_only},
           {SQLITE_IOERR_WRITE, ESTALE, Failure::missing},
           {SQLITE_IOERR_WRITE, ENODEV, Failure::missing},
           {SQLITE_IOERR_FSTAT, ENOTCONN, Failure::missing},
           {SQLITE_CANTOPEN, ESTALE, Failure::missing},
           {SQLITE_CANTOPEN, ENOENT, Failure::missing},
           {SQLITE_PERM, 0, Failure::read_only},
           {SQLITE_IOERR_NOMEM, 0, Failure::busy},
           {SQLITE_READONLY, 0, Failure::read_only},
           {SQLITE_READONLY_CANTLOCK, 0, Failure::read_only},
           {SQLITE_READONLY_DIRECTORY, 0, Failure::read_only},
           {SQLITE_READONLY_RECOVERY, 0, Failure::read_only},
           {SQLITE_READONLY_DBMOVED, 0, Failure::missing},
           {SQLITE_CANTOPEN, EROFS, Failure::read_only},
           {SQLITE_CANTOPEN, EACCES, Failure::unreachable},
           {SQLITE_CANTOPEN, EMFILE, Failure::busy},
           {SQLITE_CORRUPT_INDEX, 0, Failure::corrupt},
           {SQLITE_NOTADB, 0, Failure::corrupt},
           {SQLITE_BUSY_SNAPSHOT, 0, Failure::busy},
           {SQLITE_ERROR, 0, Failure::refused},
           {SQLITE_CONSTRAINT_UNIQUE, 0, Failure::refused},
       }) {
    EXPECT_EQ(sqlite::failure_of(code, system_error), failure) << code << " " << system_error;
  }
}

TEST(Failure, each_has_an_answer_and_none_but_busy_is_called_passing_load) {
  for (const auto& [failure, text] : enum_texts(Failure{})) {
    const ErrorKind* kind = kind_of(failure);
    EXPECT_EQ(kind == nullptr, failure == Failure::busy) << text;
    if (kind == nullptr) continue;
    EXPECT_EQ(kind->code, "storage." + std::string{text});
    EXPECT_EQ(kind->fault, failure == Failure::unreachable ? Fault::passing : Fault::lasting) << text;
  }
  EXPECT_EQ(storage_errors().size(), enum_texts(Failure{}).size() - 1);
}

}  // namespace
}  // namespace cardea::db
