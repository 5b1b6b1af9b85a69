// The commands that work on data, as the command line runs them, each on a real SQLite file: what they do, what they
// say with their exit code, and what they leave in the audit trail.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "app/command_fixture.hpp"
#include "app/house.hpp"
#include "app/print.hpp"
#include "app/real_clock.hpp"
#include "app/secret_in_folder.hpp"
#include "audit/audit.hpp"
#include "audit/listing.hpp"
#include "crypto/system_random.hpp"
#include "db/migrate.hpp"
#include "identity/identity.hpp"
#include "password/password.hpp"
#include "session/session.hpp"
#include "tests/support/own_mount.hpp"

namespace cardea::app {
namespace {

const Time noon = from_micros(1'795'435'200'000'000);

/// A folder with a database that `migrate up` made, and ann in it with two sessions.
class DataCommands : public ::testing::Test {
 protected:
  DataCommands() {
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error{"no folder"};
  }
  ~DataCommands() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string path() const { return folder_ + "/cardea.db"; }

  /// `cardea <words>` on this database; its exit code. What it printed is in `said`.
  int run(std::vector<std::string> words) {
    words.insert(words.end(), {"--database", "sqlite:" + path(), "--config", secret.config_file()});
    const auto run = run_command(std::move(words));
    said = run.printed + run.complained;
    return run.code;
  }

  void add_ann() {
    ASSERT_EQ(run({"migrate", "up"}), 0);
    open([&](db::Tx& tx) {
      const auto made = identity::create(tx, {.name = "Ann", .uid = "ann", .email = "ann@example.org"}, noon, random);
      ann = made.value().id;
      for (int i = 0; i < 2; ++i) {
        const Assurance shown{.shown = {{AuthMethod::password, noon}}};
        (void)session::open(tx, {.now = noon}, ann, shown, {}, random);
      }
    });
  }
  template <class Work>
  void open(Work work) const {
    db::open("sqlite:" + path(), {.readers = 1, .pool = 1})->write([&](db::Tx& tx) { work(tx); });
  }
  /// "active user, 2 sessions" and what is recorded: "user.blocked command", one after another.
  std::string state() const {
    std::string text;
    open([&](db::Tx& tx) {
      const auto account = identity::find(tx, ann).value();
      text = std::string{account.status == identity::Status::active ? "active " : "blocked "} +
             std::string{enum_text(account.role)} + ", " +
             std::to_string(tx.one("SELECT COUNT(*) FROM session")->integer(0)) + " sessions";
      crypto::SystemRandom here;
      const audit::Keys keys{audit_sealing_key(secret.settings()), here};
      for (const auto& event : audit::latest(tx, keys, {}, 1000)) {
        text += "; " + event.kind + " " + event.reason + (event.subject.empty() ? "" : " " + event.subject);
        EXPECT_EQ(event.account, ann);
        EXPECT_FALSE(event.actor);
      }
    });
    return text;
  }

  std::string folder_ = std::filesystem::temp_directory_path() / "cardea-data-XXXXXX";
  SecretInFolder secret;
  std::string said;
  crypto::SystemRandom random;
  AccountId ann;
};

TEST_F(DataCommands, migrate_up_that_ends_in_the_middle_says_how_far_it_came) {
  open([](db::Tx& tx) { tx.run("CREATE TABLE note (id INTEGER PRIMARY KEY)"); });  // somebody else's
  EXPECT_EQ(run({"migrate", "up"}), 6) << said;
  const auto all = db::embedded_migrations().size();
  EXPECT_NE(said.find("8 of " + std::to_string(all) + " migrations were applied"), std::string::npos) << said;
  open([](db::Tx& tx) { tx.run("DROP TABLE note"); });
  EXPECT_EQ(run({"migrate", "up"}), 0) << "the same command goes on: " << said;
  EXPECT_NE(said.find(std::to_string(all - 8) + " applied"), std::string::npos) << said;
}

TEST_F(DataCommands, make_no_database_where_none_is) {
  const std::vector<std::vector<std::string>> commands{{"migrate", "status"},
                                                       {"audit", "verify"},
                                                       {"user", "block", "ann"},
                                                       {"user", "unblock", "ann"},
                                                       {"user", "signout", "ann"},
                                                       {"user", "export", "ann"},
                                                       {"admin", "grant", "ann", "--yes"},
                                                       {"admin", "revoke", "ann"}};
  for (const auto& words : commands) {
    EXPECT_EQ(run(words), 1) << words[1];
    EXPECT_NE(said.find("there is no database at sqlite:" + path()), std::string::npos) << said;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(DataCommands, migrate_applies_everything_once_and_status_says_so) {
  const auto count = std::to_string(db::embedded_migrations().size());
  EXPECT_EQ(run({"migrate", "up"}), 0);
  EXPECT_EQ(said, count + " applied\n");
  EXPECT_EQ(run({"migrate", "up"}), 0);
  EXPECT_EQ(said, "0 applied\n");
  EXPECT_EQ(run({"migrate", "status"}), 0);
  EXPECT_EQ(said.find("missing"), std::string::npos) << said;
  EXPECT_EQ(std::to_string(std::count(said.begin(), said.end(), '\n')), count);
}

TEST_F(DataCommands, block_ends_the_sessions_and_unblock_lets_in_again) {
  add_ann();
  EXPECT_EQ(run({"user", "block", "ANN"}), 0);
  EXPECT_EQ(said, "ANN is blocked. A running server knows within a second.\n");
  EXPECT_EQ(state(), "blocked user, 0 sessions; user.blocked command");
  EXPECT_EQ(run({"user", "unblock", "ann@example.org"}), 0);
  EXPECT_EQ(state(), "active user, 0 sessions; user.blocked command; user.unblocked command");
}

TEST_F(DataCommands, signout_ends_every_session_once) {
  add_ann();
  EXPECT_EQ(run({"user", "signout", "ann"}), 0);
  EXPECT_EQ(said, "ann is signed out everywhere. A running server knows within a second.\n");
  EXPECT_EQ(state(), "active user, 0 sessions; session.revoked command all");
  EXPECT_EQ(run({"user", "signout", "ann"}), 0);
  EXPECT_EQ(state(), "active user, 0 sessions; session.revoked command all") << "there was none to end";
}

TEST_F(DataCommands, export_prints_what_is_held_line_by_line_and_no_secret) {
  add_ann();
  open([&](db::Tx& tx) {
    password::store(tx, ann, "$argon2id$secret", noon);
    session::revoke_all(tx, ann);
    (void)session::open(tx, {.now = RealClock{}.now(), .origin = {.user_agent = "lynx"}}, ann, {}, {}, random);
  });
  EXPECT_EQ(run({"user", "export", "ann@example.org"}), 0);
  EXPECT_TRUE(said.starts_with(R"({"kind":"account","data":{"id":")" + ann.text() + "\"")) << said;
  EXPECT_NE(said.find("\n{\"kind\":\"session\",\"data\":{\"id\":\"ses_"), std::string::npos) << said;
  EXPECT_NE(said.find("ann@example.org"), std::string::npos);
  EXPECT_NE(said.find("lynx"), std::string::npos);
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 2);
  EXPECT_EQ(said.find("argon2id"), std::string::npos);
}

TEST_F(DataCommands, grant_gives_a_role_and_revoke_takes_it) {
  add_ann();
  EXPECT_EQ(run({"admin", "grant", "ann", "--yes"}), 0);
  EXPECT_EQ(state(), "active owner, 2 sessions; admin.granted command owner");
  EXPECT_EQ(run({"admin", "revoke", "ann"}), 0);
  EXPECT_EQ(state(), "active user, 2 sessions; admin.granted command owner; admin.revoked command");
  EXPECT_EQ(run({"admin", "grant", "--role", "support", "ann", "--yes"}), 0);
  EXPECT_TRUE(said.starts_with("ann has the role support. A running server knows within a second.\n")) << said;
  EXPECT_TRUE(state().starts_with("active support, ")) << state();
  EXPECT_TRUE(state().ends_with("; admin.granted command support")) << state();
}

TEST_F(DataCommands, roles_that_are_none_are_wrong_usage) {
  add_ann();
  EXPECT_EQ(run({"admin", "grant", "--role", "user", "ann"}), 2);
  EXPECT_EQ(run({"admin", "grant", "--role", "root", "ann"}), 2);
  EXPECT_EQ(run({"user", "block"}), 2);
  EXPECT_EQ(state(), "active user, 2 sessions");
}

TEST_F(DataCommands, user_that_nobody_is_is_code_three_and_changes_nothing) {
  add_ann();
  for (const auto& words : std::vector<std::vector<std::string>>{{"user", "block", "bob"},
                                                                 {"user", "unblock", "bob"},
                                                                 {"user", "signout", "bob"},
                                                                 {"user", "export", "bob"},
                                                                 {"admin", "grant", "bob", "--yes"},
                                                                 {"admin", "revoke", "bob"}}) {
    EXPECT_EQ(run(words), 3) << words[1];
    EXPECT_EQ(said, "cardea: nobody has the user id or address \"bob\"\n");
  }
  EXPECT_EQ(state(), "active user, 2 sessions");
}

TEST_F(DataCommands, audit_verify_tells_a_whole_chain_from_a_broken_one) {
  add_ann();
  EXPECT_EQ(run({"user", "block", "ann"}), 0);
  EXPECT_EQ(run({"user", "unblock", "ann"}), 0);
  open([](db::Tx& tx) { EXPECT_EQ(audit::seal(tx), 2); });
  EXPECT_EQ(run({"audit", "verify"}), 0);
  EXPECT_TRUE(said.starts_with("The chain is whole.\nEvents sealed: 2; the last has number 2 and hash ")) << said;
  open([](db::Tx& tx) { EXPECT_EQ(tx.run("UPDATE audit_event SET kind = 'user.blocked' WHERE number = 2"), 1); });
  EXPECT_EQ(run({"audit", "verify"}), 1);
  EXPECT_NE(said.find("breaks at event 2"), std::string::npos) << said;
}

TEST_F(DataCommands, audit_verify_counts_what_is_not_sealed_and_finds_what_should_be) {
  add_ann();
  EXPECT_EQ(run({"user", "block", "ann"}), 0);
  open([](db::Tx& tx) {
    tx.run("UPDATE audit_event SET at = at - 1200000000");  // twenty minutes
    EXPECT_EQ(audit::seal(tx), 1);
  });
  EXPECT_EQ(run({"user", "unblock", "ann"}), 0);
  open([](db::Tx& tx) { tx.run("UPDATE audit_event SET at = at - 600000000 WHERE number IS NULL"); });
  EXPECT_EQ(run({"audit", "verify"}), 0) << "nothing came after it: a copy, or a server that was stopped";
  EXPECT_NE(said.find("Events sealed: 1;"), std::string::npos) << said;
  EXPECT_NE(said.find("Events not sealed yet: 1,"), std::string::npos) << said;
  open([](db::Tx& tx) {
    tx.run("INSERT INTO job_lease (name, next_run_at, runs, last_success_at) VALUES ('x', 0, 1, $1)",
           RealClock{}.now());
  });
  EXPECT_EQ(run({"audit", "verify"}), 1) << "other jobs have run since";
  EXPECT_NE(said.find("these were not"), std::string::npos) << said;
}

TEST_F(DataCommands, audit_verify_reads_a_copy_where_nothing_can_be_written) {
  add_ann();
  EXPECT_EQ(run({"user", "block", "ann"}), 0);
  open([](db::Tx& tx) { EXPECT_EQ(audit::seal(tx), 1); });
  const std::filesystem::path folder = folder_ + "/copy";
  std::filesystem::create_directory(folder);
  const bool is_permitted = testing_support::with_own_mount(folder, [&] {
    std::filesystem::copy_file(path(), folder / "cardea.db");
    ASSERT_TRUE(testing_support::make_read_only(folder));
    const auto verified = run_command({"audit", "verify", "--database", "sqlite:" + (folder / "cardea.db").string()});
    EXPECT_EQ(verified.code, 0) << verified.complained;
    EXPECT_NE(verified.printed.find("Events sealed: 1;"), std::string::npos) << verified.printed;
  });
  if (!is_permitted) GTEST_SKIP() << "mounting is not permitted here";
}

}  // namespace
}  // namespace cardea::app
