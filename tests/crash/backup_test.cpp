// Backups as an operator takes and restores them: beside a server under load, after a crash, over a stale log.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/crash/crowd.hpp"
#include "tests/support/own_mount.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/program.hpp"
#include "tests/support/promises.hpp"

namespace cardea::crash {
namespace {

namespace fs = std::filesystem;
using testing_support::expect_kept;
using testing_support::expect_whole;
using testing_support::Folder;
using testing_support::held;
using testing_support::Held;
using testing_support::Ledger;
using testing_support::Program;
using testing_support::run;
using testing_support::Visitor;

class Backup : public ::testing::Test {
 protected:
  [[nodiscard]] std::string database() const { return "sqlite:" + file().string(); }
  [[nodiscard]] fs::path file() const { return folder_.path() / "data/cardea.db"; }
  [[nodiscard]] std::string path(std::string_view name) const { return folder_.path() / name; }
  int cardea(std::vector<std::string> words) {
    const int code = run(folder_, words);
    std::ostringstream text;
    text << std::ifstream{folder_.path() / "log-command"}.rdbuf();
    said_ = text.str();
    return code;
  }
  int status(std::uint16_t port, const std::string& target, const std::string& credential = {}) {
    const auto answer = Visitor{port}.ask("GET", target, {}, credential);
    return answer ? answer->status : 0;
  }
  std::size_t files(std::string_view start) const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator{folder_.path()}) {
      if (entry.path().filename().string().starts_with(start)) ++count;
    }
    return count;
  }

  const Folder folder_;
  std::string said_;
};

TEST_F(Backup, beside_a_server_under_load_is_whole_and_its_promises_are_kept_when_it_is_restored) {
  Ledger before;
  Ledger ledger;
  Held ended_later;
  {
    Program program{folder_};
    Visitor visitor{program.port()};
    for (const auto* uid : {"ann", "bob"}) before.account(uid, held(*visitor.sign_up(uid)));
    ended_later = held(*visitor.sign_in("ann"));
    Crowd crowd{program.port(), "one", 11, ledger};
    EXPECT_TRUE(ledger.wait_for(20));
    EXPECT_EQ(cardea({"backup", path("backup.db"), "--database", database()}), 0) << said_;
    EXPECT_NE(said_.find("the audit chain is whole"), std::string::npos) << said_;
    EXPECT_EQ(visitor.ask("DELETE", "/v1/me/sessions/" + ended_later.id, {}, "Cookie: " + ended_later.cookie)->status,
              204);
    EXPECT_TRUE(ledger.wait_for(60)) << "the server went on meanwhile";
    EXPECT_EQ(cardea({"restore", path("backup.db"), "--database", database()}), 5) << said_;
    EXPECT_NE(said_.find("stop it first"), std::string::npos) << said_;
    program.kill();
    crowd.wait();
  }
  EXPECT_EQ(cardea({"audit", "verify", "--database", "sqlite:" + path("backup.db")}), 0) << said_;
  EXPECT_EQ(cardea({"restore", path("backup.db"), "--database", database()}), 0) << said_;
  EXPECT_EQ(std::distance(fs::directory_iterator{folder_.path() / "data"}, {}), 4)
      << "two secrets, the database, the kept one";
  {
    const auto restored = db::open(database(), {.readers = 1, .pool = 1});
    expect_whole(*restored);
    const auto event = restored->read_one("SELECT reason, subject FROM audit_event WHERE kind = 'database.restored'");
    ASSERT_TRUE(event);
    EXPECT_EQ(event->text(0) + " " + event->text(1), "command backup.db");
    for (const auto& row :
         restored->read_all("SELECT count(*) FROM session UNION ALL SELECT count(*) FROM known_browser "
                            "UNION ALL SELECT count(*) FROM throttle")) {
      EXPECT_EQ(row.integer(0), 0);
    }
  }
  Program again{folder_};
  Visitor visitor{again.port()};
  for (const auto* uid : {"ann", "bob"}) EXPECT_EQ(visitor.sign_in(uid)->status, 200) << uid;
  EXPECT_EQ(status(again.port(), "/v1/session", "Cookie: " + ended_later.cookie), 401);
  for (const auto& session : before.live) {
    EXPECT_EQ(status(again.port(), "/v1/session", "Cookie: " + session.cookie), 401) << "ended by the restore";
  }
  again.send(SIGTERM);
  EXPECT_EQ(again.wait(), 0) << again.log();
  EXPECT_EQ(cardea({"audit", "verify", "--database", database()}), 0) << said_;
}

TEST_F(Backup, copied_over_the_file_beside_the_log_of_a_crash_is_refused_every_time) {
  Ledger ledger;
  {
    Program program{folder_};
    Crowd crowd{program.port(), "one", 12, ledger};
    EXPECT_TRUE(ledger.wait_for(30));
    const std::string quoted = "'" + file().string() + "'";
    ASSERT_EQ(std::system(("sqlite3 " + quoted + " '.timeout 10000' '.backup " + path("copied.db") + "'").c_str()), 0);
    ASSERT_EQ(std::system(("sqlite3 " + quoted + " 'VACUUM INTO \"" + path("vacuumed.db") + "\"'").c_str()), 0);
    EXPECT_EQ(cardea({"backup", path("ours.db"), "--database", database()}), 0) << said_;
    EXPECT_TRUE(ledger.wait_for(80));
    program.kill();
    crowd.wait();
  }
  const auto log = file().string() + "-wal";
  ASSERT_GT(fs::file_size(log), 0U);
  fs::copy(folder_.path() / "data", folder_.path() / "crashed");
  for (const auto* backup : {"copied.db", "vacuumed.db", "ours.db"}) {
    fs::copy_file(path(backup), file(), fs::copy_options::overwrite_existing);
    for (const auto& words : {std::vector<std::string>{"dev", "--data", path("data"), "--listen", "127.0.0.1:0"},
                              std::vector<std::string>{"user", "block", "ann", "--database", database()}}) {
      EXPECT_EQ(cardea(words), 1) << backup;
      EXPECT_NE(said_.find("cardea restore"), std::string::npos) << said_;
    }
    EXPECT_EQ(cardea({"restore", path(backup), "--database", database()}), 0) << backup << ": " << said_;
    Program program{folder_};
    EXPECT_EQ(status(program.port(), "/readyz"), 200);
    EXPECT_EQ(Visitor{program.port()}.sign_in(ledger.uids.front())->status, 200) << backup;
    program.kill();
    fs::remove_all(folder_.path() / "data");
    fs::copy(folder_.path() / "crashed", folder_.path() / "data");
  }
  Program program{folder_};  // the files of the crash themselves
  expect_kept(program.port(), ledger);
}

TEST_F(Backup, keeps_so_many_and_overwrites_nothing) {
  EXPECT_EQ(cardea({"backup", "--database", database()}), 1);
  EXPECT_NE(said_.find("there is no database at"), std::string::npos) << said_;
  ASSERT_EQ(cardea({"migrate", "up", "--database", database()}), 0) << said_;
  std::ofstream{path("notes.txt")} << "mine";
  EXPECT_EQ(cardea({"backup", path("notes.txt"), "--database", database()}), 5) << "a conflict";
  EXPECT_EQ(fs::file_size(path("notes.txt")), 4U);
  std::ofstream{path("nightly-of-somebody.db")} << "mine";
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(cardea({"backup", path("nightly.db"), "--keep", "3", "--database", database()}), 0) << said_;
  }
  EXPECT_EQ(files("nightly-2"), 3U);
  EXPECT_EQ(files("nightly"), 4U);
  EXPECT_EQ(cardea({"backup", folder_.path(), "--database", database()}), 0) << said_;
  EXPECT_EQ(files("cardea-2"), 1U);
  EXPECT_EQ(cardea({"backup", path("no/where.db"), "--database", database()}), 1);
  EXPECT_EQ(cardea({"backup", path("x.db"), "--keep", "0", "--database", database()}), 2);
}

TEST_F(Backup, that_cannot_remove_an_older_one_has_done_a_part) {
  ASSERT_EQ(cardea({"migrate", "up", "--database", database()}), 0) << said_;
  fs::create_directory(path("copies"));
  const std::vector<std::string> backup{"backup", path("copies/nightly.db"), "--keep", "1", "--database", database()};
  const bool is_permitted = testing_support::with_own_mount(path("copies"), [&] {
    EXPECT_EQ(cardea(backup), 0) << said_;
    const auto old = fs::directory_iterator { path("copies") } -> path();
    EXPECT_EQ(::mount(old.c_str(), old.c_str(), nullptr, MS_BIND, nullptr), 0);  // what is mounted stays
    EXPECT_EQ(cardea(backup), 6) << said_;
    EXPECT_NE(said_.find("older ones than --keep permits are too"), std::string::npos) << said_;
    EXPECT_EQ(std::distance(fs::directory_iterator{path("copies")}, {}), 2);
  });
  if (!is_permitted) GTEST_SKIP() << "no mounts of its own here";
}

TEST_F(Backup, that_is_none_is_not_restored) {
  ASSERT_EQ(cardea({"migrate", "up", "--database", database()}), 0) << said_;
  const auto size = fs::file_size(file());
  std::ofstream{path("text.db")} << std::string(10'000, 'x');
  std::ofstream{path("empty.db")} << "";
  ASSERT_EQ(std::system(("sqlite3 " + path("other.db") + " 'CREATE TABLE thing (id INTEGER)'").c_str()), 0);
  ASSERT_EQ(cardea({"backup", path("newer.db"), "--database", database()}), 0) << said_;
  ASSERT_EQ(
      std::system(
          ("sqlite3 " + path("newer.db") + " \"INSERT INTO migration VALUES ('9999_later.sql', 'x', 1)\"").c_str()),
      0);
  ASSERT_EQ(cardea({"backup", path("short.db"), "--database", database()}), 0) << said_;
  fs::resize_file(path("short.db"), fs::file_size(path("short.db")) / 2);
  for (const auto* name : {"text.db", "empty.db", "other.db", "newer.db", "short.db", "nowhere.db", "."}) {
    EXPECT_EQ(cardea({"restore", path(name), "--database", database()}), 1) << name;
    EXPECT_NE(said_.find("cardea: "), std::string::npos) << said_;
  }
  EXPECT_EQ(cardea({"restore", file(), "--database", database()}), 1);
  EXPECT_EQ(cardea({"restore", "--database", database()}), 2);
  EXPECT_EQ(fs::file_size(file()), size);
  EXPECT_EQ(std::distance(fs::directory_iterator{folder_.path() / "data"}, {}), 1);
}

TEST_F(Backup, is_restored_where_nothing_was) {
  ASSERT_EQ(cardea({"migrate", "up", "--database", database()}), 0) << said_;
  ASSERT_EQ(cardea({"backup", path("backup.db"), "--database", database()}), 0) << said_;
  fs::remove_all(folder_.path() / "data");
  EXPECT_EQ(cardea({"restore", path("backup.db"), "--database", database()}), 0) << said_;
  EXPECT_EQ(cardea({"migrate", "status", "--database", database()}), 0) << said_;
}

TEST_F(Backup, of_postgres_is_pointed_at_its_own_tool) {
  auto& server = testing_support::Postgres::instance();
  const auto name = server.create_database();
  EXPECT_EQ(cardea({"backup", "--database", server.url(name)}), 1);
  EXPECT_NE(said_.find("pg_dump --format=custom"), std::string::npos) << said_;
  EXPECT_EQ(cardea({"restore", "x.dump", "--database", server.url(name)}), 1);
  EXPECT_NE(said_.find("pg_restore"), std::string::npos) << said_;
  ASSERT_EQ(cardea({"migrate", "up", "--database", server.url(name)}), 0) << said_;
  EXPECT_EQ(cardea({"restore", "--database", server.url(name)}), 0) << said_;
  EXPECT_NE(said_.find("0 sessions were ended"), std::string::npos) << said_;
  server.drop_database(name);
}

}  // namespace
}  // namespace cardea::crash
