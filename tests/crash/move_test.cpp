// `cardea move` as an operator uses it: between the engines and back, interrupted at any point, refused where it has to
// be.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include <fmt/format.h>

#include "app/move_target.hpp"
#include "app/talk.hpp"
#include "db/move_lock.hpp"
#include "tests/crash/crowd.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/program.hpp"
#include "tests/support/promises.hpp"

namespace cardea::crash {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing_support::expect_kept;
using testing_support::expect_whole;
using testing_support::Folder;
using testing_support::Ledger;
using testing_support::Postgres;
using testing_support::Program;
using testing_support::run;
using testing_support::Visitor;

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

class Move : public ::testing::Test {
 protected:
  ~Move() override { Postgres::instance().drop_database(name_); }
  [[nodiscard]] std::string path(std::string_view name) const { return folder_.path() / name; }
  [[nodiscard]] std::string sqlite(std::string_view name = "data/cardea.db") const { return "sqlite:" + path(name); }
  [[nodiscard]] std::string postgres() const { return Postgres::instance().url(name_); }

  int cardea(std::vector<std::string> words) {
    const int code = run(folder_, words);
    said_ = text_of(folder_.path() / "log-command");
    return code;
  }
  int move(const std::string& from, const std::string& to, const std::string& secret = {}) {
    std::vector<std::string> words{"move", "--from", from, "--to", to};
    if (!secret.empty()) {
      std::ofstream{path("move.toml")} << "secret_file = \"" << secret << "\"\n";
      words.insert(words.end(), {"--config", path("move.toml")});
    }
    return cardea(words);
  }
  [[nodiscard]] bool says(std::string_view words) const { return said_.find(words) != std::string::npos; }

  /// A migrated SQLite database with so many accounts that others refer to.
  void fill(std::int64_t accounts) {
    ASSERT_EQ(cardea({"migrate", "up", "--database", sqlite()}), 0) << said_;
    const auto database = db::open(sqlite(), {.readers = 1});
    database->write([&](db::Tx& tx) {
      tx.run(
          "INSERT INTO account (id, uid, uid_key, uid_look_alike, name, status, created_at, updated_at) "
          "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) "
          "SELECT randomblob(16), 'u' || i, 'u' || i, 'u' || i, 'Zoë ' || i, 'active', i, -i FROM n",
          accounts);
      tx.run("INSERT INTO password (account_id, phc, changed_at) SELECT id, 'x' || uid, created_at FROM account");
      tx.run(
          "INSERT INTO note (id, account_id, text, image, created_at, updated_at) "
          "SELECT randomblob(16), id, '', CASE created_at % 2 WHEN 0 THEN randomblob(100) END, "
          "9223372036854775807 - created_at, 0 FROM account");
    });
  }
  /// What is in three tables, in a form of its own.
  static std::map<std::string, std::string> content(const std::string& url) {
    std::map<std::string, std::string> rows;
    const auto database = db::open(url, {.readers = 1});
    database->read([&](db::Tx& tx) {
      tx.each(
          "SELECT a.uid, a.name, a.updated_at, p.phc, n.image, n.created_at FROM account a "
          "JOIN password p ON p.account_id = a.id JOIN note n ON n.account_id = a.id",
          [&](const db::RowView& row) {
            rows[std::string{row.text(0)}] =
                fmt::format("{}|{}|{}|{}|{}", row.text(1), row.integer(2), row.text(3),
                            row.is_null(4) ? "NULL" : as_text(row.bytes(4)), row.integer(5));
            return db::Next::go_on;
          });
    });
    return rows;
  }
  /// Begins the move again and again, each time killed a little later, until it ends by itself; how often it was.
  int move_under_fire(const std::string& from, const std::string& to) {
    std::chrono::milliseconds delay{10};
    for (int kills = 0;; ++kills, delay = delay * 3 / 2) {
      Program program{folder_, {"move", "--from", from, "--to", to}};
      std::this_thread::sleep_for(delay);
      program.send(SIGKILL);
      if (program.wait() == 0) return kills;
    }
  }

  const Folder folder_;
  const std::string name_ = Postgres::instance().create_database();
  std::string said_;
};

TEST_F(Move, to_the_other_engine_and_back_keeps_every_promise_and_leaves_the_source_as_it_was) {
  Ledger ledger;
  {
    Program program{folder_};
    Crowd crowd{program.port(), "one", 21, ledger};
    EXPECT_TRUE(ledger.wait_for(60));
    program.kill();  // its log and its leases stay
    crowd.wait();
  }
  const auto file = text_of(path("data/cardea.db"));
  const auto log = text_of(path("data/cardea.db-wal"));
  EXPECT_EQ(move(sqlite(), postgres(), path("data/secret")), 0) << said_;
  EXPECT_TRUE(says("signing keys open")) << said_;
  EXPECT_TRUE(says("audit_event ")) << said_;
  EXPECT_TRUE(text_of(path("data/cardea.db")) == file);
  EXPECT_TRUE(text_of(path("data/cardea.db-wal")) == log);
  {
    Program program{folder_, postgres()};
    expect_kept(program.port(), ledger);
    EXPECT_EQ(Visitor{program.port()}.sign_up("later")->status, 201);
    EXPECT_EQ(move(postgres(), sqlite("back/cardea.db")), app::exit_code::conflict) << said_;
    EXPECT_TRUE(says("a server")) << said_;
    program.send(SIGTERM);
    EXPECT_EQ(program.wait(), 0) << program.log();
  }
  EXPECT_EQ(cardea({"audit", "verify", "--database", postgres()}), 0) << said_;
  EXPECT_EQ(move(postgres(), sqlite("back/cardea.db"), path("data/secret")), 0) << said_;
  expect_whole(*db::open(sqlite("back/cardea.db"), {.readers = 1}));
  EXPECT_EQ(fs::status(path("back/cardea.db")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  {
    Program program{folder_, sqlite("back/cardea.db")};
    expect_kept(program.port(), ledger);
    EXPECT_EQ(Visitor{program.port()}.sign_in("later")->status, 200);
    program.send(SIGTERM);
    EXPECT_EQ(program.wait(), 0) << program.log();
  }
  EXPECT_EQ(cardea({"audit", "verify", "--database", sqlite("back/cardea.db")}), 0) << said_;
}

TEST_F(Move, killed_at_any_point_goes_on_where_it_was) {
  fill(10'000);
  const auto before = content(sqlite());
  ASSERT_EQ(before.size(), 10'000U);
  EXPECT_GT(move_under_fire(sqlite(), postgres()), 3);
  EXPECT_TRUE(content(postgres()) == before);
  EXPECT_GT(move_under_fire(postgres(), sqlite("back/cardea.db")), 3);
  EXPECT_TRUE(content(sqlite("back/cardea.db")) == before);
  EXPECT_GE(move_under_fire(sqlite(), sqlite("copy/cardea.db")), 0);
  EXPECT_TRUE(content(sqlite("copy/cardea.db")) == before);
  EXPECT_EQ(move(sqlite(), postgres()), 0) << said_;
  EXPECT_TRUE(says("had been moved before")) << said_;
  db::open(postgres(), {})->run("DELETE FROM note WHERE created_at % 7 = 0");
  EXPECT_EQ(move(sqlite(), postgres()), app::exit_code::conflict) << said_;
  EXPECT_TRUE(says("has changed since")) << said_;
}

TEST_F(Move, that_is_not_finished_is_opened_by_nobody_and_mends_what_does_not_belong_there) {
  fill(3'000);
  ASSERT_EQ(move(sqlite(), postgres()), 0) << said_;
  const auto identity = db::open(sqlite(), {.readers = 1})->read([](db::Tx& tx) { return app::identity_of(tx); });
  const auto mark = [&](const std::string& whose) {
    db::open(postgres(), {})->write([&](db::Tx& tx) {
      tx.run("DELETE FROM migration WHERE name = $1", db::unfinished_move);
      tx.run("INSERT INTO migration (name, checksum, applied_at) VALUES ($1, $2, 1)", db::unfinished_move, whose);
    });
  };
  mark("another one's");
  for (const auto& words :
       {std::vector<std::string>{"migrate", "up", "--database", postgres()},
        std::vector<std::string>{"dev", "--data", path("data"), "--database", postgres(), "--listen", "127.0.0.1:0"}}) {
    EXPECT_EQ(cardea(words), 1) << said_;
    EXPECT_TRUE(says("run the same `cardea move` again")) << said_;
  }
  EXPECT_EQ(move(sqlite(), postgres()), app::exit_code::conflict);
  EXPECT_TRUE(says("a move of another database into it was begun")) << said_;
  mark(identity);
  db::open(postgres(), {})->write([](db::Tx& tx) {
    tx.run("DELETE FROM note WHERE account_id IN (SELECT id FROM account WHERE created_at > 1000)");
    tx.run("UPDATE account SET name = 'else' WHERE created_at = 5");
    tx.run("DELETE FROM password");
  });
  EXPECT_EQ(move(sqlite(), postgres()), 0) << said_;
  EXPECT_TRUE(says("A move that was begun before goes on")) << said_;
  EXPECT_TRUE(content(postgres()) == content(sqlite()));
}

TEST_F(Move, is_refused_before_anything_is_made_where_it_cannot_be_right) {
  fill(3);
  const auto refused = [&](const std::string& from, const std::string& to, std::string_view words, int code = 1) {
    EXPECT_EQ(move(from, to), code) << said_;
    EXPECT_TRUE(says(words)) << words << " in: " << said_;
  };
  refused(sqlite("none.db"), postgres(), "there is no database at");
  refused(sqlite(), sqlite(), "both addresses name");
  fs::create_symlink(path("data/cardea.db"), path("data/link.db"));
  refused(sqlite(), sqlite("data/link.db"), "both addresses name");
  refused("mysql://x", postgres(), "--from: it begins with", 2);
  refused(sqlite(), "sqlite:", "--to: there is no path", 2);
  refused(sqlite(), sqlite("data"), "--to: it is a folder", 2);
  refused(sqlite(), Postgres::instance().url("nowhere"), "does not exist");
  // Into what is in use, not empty, or somebody else's.
  ASSERT_EQ(std::system(("sqlite3 " + path("theirs.db") + " 'CREATE TABLE thing (id INTEGER)'").c_str()), 0);
  refused(sqlite(), sqlite("theirs.db"), "tables in it that are not Cardea's, such as thing", app::exit_code::conflict);
  db::open(postgres(), {})->write([](db::Tx& tx) { tx.run("CREATE TABLE thing (id BIGINT PRIMARY KEY)"); });
  refused(sqlite(), postgres(), "tables in it that are not Cardea's, such as thing", app::exit_code::conflict);
  db::open(postgres(), {})->write([](db::Tx& tx) { tx.run("DROP TABLE thing"); });
  ASSERT_EQ(cardea({"migrate", "up", "--database", postgres()}), 0);
  db::open(postgres(), {})->run("INSERT INTO signing_key VALUES ('k', 'x', 'x', '', 1, 1, 1, 1)");
  refused(sqlite(), postgres(), "it is not empty: there are rows in signing_key", app::exit_code::conflict);
  db::open(postgres(), {})->run("DELETE FROM signing_key");
  {
    Program program{folder_, sqlite("busy/cardea.db")};
    refused(sqlite("busy/cardea.db"), postgres(), "stop it first", app::exit_code::conflict);
    refused(sqlite(), sqlite("busy/other.db"), "stop it first", app::exit_code::conflict);
  }
  // Out of what would not be the same afterwards.
  db::open(sqlite(), {.readers = 1})->run("DELETE FROM migration WHERE name = '0021_session_by_id.sql'");
  refused(sqlite(), sqlite("to/cardea.db"), "cardea migrate up");
  EXPECT_FALSE(fs::exists(path("to/cardea.db")));
}

TEST_F(Move, with_another_secret_says_so_before_it_begins) {
  {
    Program program{folder_};
    ASSERT_EQ(Visitor{program.port()}.sign_up("ann")->status, 201);
    program.send(SIGTERM);
    EXPECT_EQ(program.wait(), 0);
  }
  std::ofstream{path("other-secret")} << "b25lIHRoYXQgaXQgd2FzIG5ldmVyIG1hZGUgd2l0aA\n";
  fs::permissions(path("other-secret"), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(move(sqlite(), sqlite("to/cardea.db"), path("other-secret")), 1);
  EXPECT_TRUE(says("cannot be moved. Nothing was changed")) << said_;
  EXPECT_FALSE(fs::exists(path("to/cardea.db")));
  EXPECT_EQ(move(sqlite(), sqlite("to/cardea.db")), 0) << said_;
  EXPECT_TRUE(says("signing keys not tried")) << said_;
}

}  // namespace
}  // namespace cardea::crash
