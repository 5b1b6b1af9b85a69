// What happens to the storage of an SQLite database, and to the same on PostgreSQL's side.
#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <thread>

#include "db/database.hpp"
#include "tests/fault/scene.hpp"

namespace cardea::fault {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class Disk : public Scene {
 protected:
  /// Writes fail with `error` until somebody has met a failure of that kind, and `/readyz` with it; then they work
  /// again. On PostgreSQL they are the server's, to its tables.
  std::string fail_writes(int error, const std::string& kind, Answers answers = {}) {
    const std::string code = "storage." + kind;
    const std::string sample = "cardea_database_errors_total{kind=\"" + kind + "\"}";
    disk_faults().fail_writes(error, is_sqlite() ? Faults::Files::all : Faults::Files::tables);
    EXPECT_TRUE(load().meets("503 " + code)) << program().log();
    EXPECT_TRUE(becomes_ready("503 " + code, 5s));
    EXPECT_TRUE(stays_unready("503 " + code, 3s)) << "nothing has been mended";
    EXPECT_GT(metric(sample), 0);
    EXPECT_TRUE(program().says("database.failed", 5s));
    disk_faults().fail_writes(0);
    EXPECT_TRUE(heals(30s)) << program().log();
    EXPECT_TRUE(program().says("database.recovered", 5s));
    answers.some = {"503 " + code};
    return expect(answers);
  }
  [[nodiscard]] std::string of_disk(const std::string& fault) const {
    return is_sqlite() ? fault : fault + ", for tables and indexes";
  }
};
INSTANTIATE_TEST_SUITE_P(engines, Disk, ::testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return each.param; });

TEST_P(Disk, full) {
  start();
  const auto clients = fail_writes(ENOSPC, "full");
  expect_everything_kept();
  row(of_disk("full disk"), clients, told("full"), "by itself, when there is room");
}

TEST_P(Disk, that_reports_errors) {
  start();
  const auto clients = fail_writes(EIO, "unreadable");
  expect_everything_kept();
  row(of_disk("the disk reports errors (EIO)"), clients, told("unreadable"),
      "by itself, when a change could be stored");
}

TEST_P(Disk, that_takes_no_changes) {
  start();
  if (is_sqlite()) {
    const auto clients = fail_writes(EROFS, "read_only");
    expect_everything_kept();
    return row("the file system becomes read-only (EROFS)", clients, told("read_only"), "by itself");
  }
  postgres().stop();
  postgres().set_standby(true);
  start_postgres();
  EXPECT_TRUE(load().meets("503 storage.read_only")) << program().log();
  EXPECT_TRUE(becomes_ready("503 storage.read_only", 10s));
  postgres().stop();
  postgres().set_standby(false);
  start_postgres();
  EXPECT_TRUE(heals(30s));
  const auto clients = expect({.some = {"503 storage.read_only"}, .also = {"503 storage.unreachable"}});
  expect_everything_kept();
  row("PostgreSQL becomes a standby", clients, told("read_only"), "by itself");
}

TEST_P(Disk, that_is_slow) {
  start();
  disk_faults().delay_syncs(1s);
  std::this_thread::sleep_for(3s);
  EXPECT_TRUE(load().goes_on(5));
  EXPECT_EQ(readiness().substr(0, 3), "200");
  disk_faults().delay_syncs(0s);
  EXPECT_TRUE(heals(20s));
  const auto clients = expect({.also = {"503 overloaded"}});
  expect_everything_kept();
  row("every fsync takes a second more", clients, "ready", "by itself");
}

TEST_P(Disk, of_which_others_hold_the_lock) {
  start();
  const auto other = db::open(database_url(), {.readers = 1, .pool = 1});
  other->write([&](db::Tx& tx) {
    if (!is_sqlite()) (void)tx.run("UPDATE ranking SET profile = profile");
    std::this_thread::sleep_for(3s);  // that is the fault
  });
  EXPECT_TRUE(heals(20s));
  const auto clients = expect({.also = {"503 overloaded"}});
  expect_everything_kept();
  row("somebody else holds locks for 3 s", clients, "ready", "by itself");
}

class File : public Scene {};
INSTANTIATE_TEST_SUITE_P(engines, File, ::testing::Values("sqlite"), [](const auto& each) { return each.param; });

TEST_P(File, with_damaged_pages) {
  start();
  load().stop();
  const testing_support::Folder commands;
  const auto backup = commands.path() / "backup.db";
  ASSERT_EQ(testing_support::run(commands, {"backup", backup, "--database", database_url()}), 0);
  const auto uids = ledger().uids;
  const auto file = data() / "cardea.db";
  ASSERT_EQ(std::system(("sqlite3 '" + file.string() + "' 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null").c_str()), 0);
  {
    std::fstream pages{file, std::ios::in | std::ios::out | std::ios::binary};
    pages.seekp(2 * 4096);
    pages << std::string(fs::file_size(file) - 2 * 4096, '\x5a') << std::flush;
  }
  load_more();
  EXPECT_TRUE(load().meets("503 storage.corrupt")) << program().log();
  EXPECT_TRUE(becomes_ready("503 storage.corrupt", 5s));
  EXPECT_GT(metric("cardea_database_errors_total{kind=\"corrupt\"}"), 0);
  EXPECT_TRUE(program().says("database.failed", 5s));
  const auto clients = expect({.some = {"503 storage.corrupt"}, .also = {"503 storage.refused", "503 overloaded"}});
  kill();
  ASSERT_EQ(testing_support::run(commands, {"restore", backup, "--database", database_url()}), 0);
  start_again();
  for (const auto& uid : uids) {
    const auto in = testing_support::Visitor{program().port()}.sign_in(uid);
    EXPECT_TRUE(in && in->status == 200) << uid;
  }
  row("damaged pages", clients, told_for_good("corrupt"), "by `cardea restore`", "what the backup has");
}

TEST_P(File, whose_folder_is_deleted) {
  start();
  const auto elsewhere = data().parent_path() / "elsewhere";
  fs::rename(data(), elsewhere);
  EXPECT_TRUE(load().meets("503 storage.missing")) << program().log();
  EXPECT_TRUE(becomes_ready("503 storage.missing", 5s));
  EXPECT_TRUE(program().says("database.failed", 5s));
  fs::rename(elsewhere, data());
  EXPECT_TRUE(heals(10s));
  EXPECT_GT(metric("cardea_database_errors_total{kind=\"missing\"}"), 0);
  const auto clients = expect({.some = {"503 storage.missing"}});
  expect_everything_kept();
  row("the folder is moved away", clients, told("missing"), "by itself, when it is back");
}

}  // namespace
}  // namespace cardea::fault
