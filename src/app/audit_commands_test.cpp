// The commands on the audit trail, as the command line runs them, on a real SQLite file whose settings name a secret.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/command_fixture.hpp"
#include "app/database_check.hpp"
#include "app/house.hpp"
#include "app/real_clock.hpp"
#include "audit/retention.hpp"
#include "crypto/system_random.hpp"
#include "db/migrate.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* secret = "Zq7mVt2xKc9LwB4nRy8pHd3sGf6jUa1e";
constexpr std::chrono::hours day{24};

/// A database with five events of 500 days ago and three of now, all sealed.
class AuditCommands : public ::testing::Test {
 protected:
  AuditCommands() {
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error{"no folder"};
    settings.secret = Secret{std::string_view{secret}};
    write("secret", std::string{secret} + "\n");
    fs::permissions(in_folder("secret"), fs::perms::owner_read | fs::perms::owner_write);
    write("cardea.toml", "secret_file = '" + in_folder("secret") + "'\n");
    database = db::open(url(), {.readers = 1, .pool = 1});
    db::migrate(*database, db::embedded_migrations(), now);
    record(5, now - 500 * day);
    record(3, now);
  }
  ~AuditCommands() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string in_folder(const std::string& name) const { return folder_ + "/" + name; }
  [[nodiscard]] std::string url() const { return "sqlite:" + in_folder("cardea.db"); }
  void write(const std::string& name, const std::string& text) const { std::ofstream{in_folder(name)} << text; }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream in{in_folder(name)};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  void record(int count, Time at) {
    const audit::Trail trail{log, random, audit_sealing_key(settings)};
    database->write([&](db::Tx& tx) {
      for (int i = 0; i < count; ++i) trail.record(tx, {.now = at}, {.kind = {"note.created", {}}});
      audit::seal(tx);
    });
  }
  void remove_old() {
    ASSERT_TRUE(audit::Retention(*database, settings.audit, audit_key(settings), log).remove_old(now).ok());
  }
  template <class Work>
  void change(Work work) const {
    database->write([&](db::Tx& tx) { work(tx); });
  }

  int run(std::vector<std::string> words, bool has_secret = true) {
    words.insert(words.end(), {"--database", url()});
    if (has_secret) words.insert(words.end(), {"--config", in_folder("cardea.toml")});
    const auto run = run_command(std::move(words));
    said = run.printed + run.complained;
    printed = run.printed;
    return run.code;
  }
  [[nodiscard]] bool says(const std::string& part) const { return said.find(part) != std::string::npos; }

  std::string folder_ = fs::temp_directory_path() / "cardea-audit-XXXXXX";
  Settings settings;
  const Time now = RealClock{}.now();
  observe::Log log{observe::Format::json, observe::Level::error};
  crypto::SystemRandom random;
  std::unique_ptr<db::Database> database;
  std::string said;
  std::string printed;
};

TEST_F(AuditCommands, verify_goes_on_from_the_checkpoint_and_says_what_was_removed) {
  EXPECT_EQ(run({"audit", "verify"}), 0);
  EXPECT_TRUE(says("Events sealed: 8; the last has number 8 and hash ")) << said;
  EXPECT_FALSE(says("removed")) << said;
  remove_old();
  EXPECT_EQ(run({"audit", "verify"}), 0);
  EXPECT_TRUE(says("The chain is whole.\nEvents sealed: 3; the last has number 8 and hash ")) << said;
  EXPECT_TRUE(says("Events removed before these: 5, the last of them at ")) << said;
  EXPECT_TRUE(says("The checkpoint's signature is the server's.")) << said;
  EXPECT_EQ(run({"audit", "verify"}, false), 0);
  EXPECT_TRUE(says("signature is not checked: name the settings with --config")) << said;
  ASSERT_EQ(run({"audit", "key"}), 0);
  const auto key = printed.substr(0, printed.size() - 1);
  EXPECT_EQ(run({"audit", "verify", "--key", key}, false), 0);
  EXPECT_TRUE(says("signature is the server's.")) << said;
  change([](db::Tx& tx) { tx.run("UPDATE audit_checkpoint SET at = at + 1"); });
  EXPECT_EQ(run({"audit", "verify"}), 1);
  EXPECT_TRUE(says("The chain breaks at event 5: the checkpoint")) << said;
  EXPECT_EQ(run({"audit", "verify", "--key", key}, false), 1);
  change([](db::Tx& tx) { tx.run("DELETE FROM audit_checkpoint"); });
  EXPECT_EQ(run({"audit", "verify"}, false), 1);
  EXPECT_TRUE(says("The chain breaks at event 1: the event is missing")) << said;
}

TEST_F(AuditCommands, what_is_looked_through_before_a_restore_has_a_checkpoint_of_this_server) {
  Progress quiet{false};
  remove_old();
  EXPECT_TRUE(check_database(*database, settings, quiet).problems.empty());
  change([](db::Tx& tx) { tx.run("UPDATE audit_checkpoint SET at = at + 1"); });
  EXPECT_EQ(check_database(*database, settings, quiet).problems.size(), 1U);
}

TEST_F(AuditCommands, verify_reads_a_copy_of_an_earlier_version) {
  Progress quiet{false};
  change([this](db::Tx& tx) {
    tx.run("DELETE FROM audit_event");
    for (int i = 0; i < 8; ++i) {
      tx.run(
          "INSERT INTO audit_event (id, at, kind, account_id, reason, subject, address, request_id) "
          "VALUES ($1, $2, 'note.created', $3, '', '', '192.0.2.9', '')",
          EventId::make(now, random), now, AccountId::make(now, random));
    }
    audit::seal(tx);
    tx.run("DROP INDEX audit_event_account_pseudonym");
    tx.run("ALTER TABLE audit_event DROP COLUMN account_pseudonym");
    tx.run("ALTER TABLE audit_event DROP COLUMN actor_pseudonym");
    tx.run("ALTER TABLE audit_event DROP COLUMN account_sealed");
    tx.run("ALTER TABLE audit_event DROP COLUMN actor_sealed");
    tx.run("DROP TABLE audit_key");
    tx.run("DROP TABLE audit_month_key");
    tx.run("DELETE FROM migration WHERE name >= '0052'");
  });
  EXPECT_EQ(run({"audit", "verify"}), 0) << said;
  EXPECT_TRUE(says("Events sealed: 8;")) << said;
  change([](db::Tx& tx) {
    tx.run("DROP INDEX audit_event_flood");
    tx.run("ALTER TABLE audit_event DROP COLUMN flood");
    tx.run("ALTER TABLE audit_event DROP COLUMN count");
    tx.run("ALTER TABLE audit_event DROP COLUMN last_at");
    tx.run("DROP TABLE audit_checkpoint");
    tx.run("DELETE FROM migration WHERE name >= '0022'");
  });
  EXPECT_EQ(run({"audit", "verify"}), 0) << said;
  EXPECT_TRUE(says("Events sealed: 8;")) << said;
  EXPECT_TRUE(check_database(*database, settings, quiet).problems.empty());
  change([](db::Tx& tx) { tx.run("UPDATE audit_event SET reason = 'x' WHERE number = 2"); });
  EXPECT_EQ(run({"audit", "verify"}), 1);
}

TEST_F(AuditCommands, export_prints_lines_that_verify_reads_without_a_database) {
  remove_old();
  ASSERT_EQ(run({"audit", "export"}), 0) << said;
  EXPECT_EQ(std::count(printed.begin(), printed.end(), '\n'), 5);
  write("printed", printed);
  ASSERT_EQ(run({"audit", "export", in_folder("file")}), 0) << said;
  EXPECT_EQ(said, "");
  const auto rights = fs::status(in_folder("file")).permissions();
  EXPECT_EQ(rights, fs::perms::owner_read | fs::perms::owner_write);
  for (const char* name : {"printed", "file"}) {
    const auto verified =
        run_command({"audit", "verify", "--file", in_folder(name), "--config", in_folder("cardea.toml")});
    EXPECT_EQ(verified.code, 0) << verified.complained;
    EXPECT_TRUE(
        verified.printed.starts_with("The export is whole.\nEvents: 3, with numbers 6 to 8; the last has hash "))
        << verified.printed;
    EXPECT_NE(verified.printed.find("Events removed before these were exported: 5."), std::string::npos);
    EXPECT_NE(verified.printed.find("Its signature is the server's."), std::string::npos);
  }
  const auto unchecked = run_command({"audit", "verify", "--file", in_folder("file")});
  EXPECT_EQ(unchecked.code, 0);
  EXPECT_NE(unchecked.printed.find("Its signature is not checked"), std::string::npos) << unchecked.printed;
}

TEST_F(AuditCommands, verify_finds_what_was_changed_in_an_export) {
  ASSERT_EQ(run({"audit", "export", in_folder("file")}), 0);
  auto text = content("file");
  text.replace(text.find("note.created"), 12, "note.deleted");
  write("file", text);
  const auto verified = run_command({"audit", "verify", "--file", in_folder("file")});
  EXPECT_EQ(verified.code, 1);
  EXPECT_EQ(verified.complained, "The export breaks at event 1: the event does not match its hash\n");
  const auto none = run_command({"audit", "verify", "--file", in_folder("nothing")});
  EXPECT_EQ(none.code, 1);
  EXPECT_NE(none.complained.find("nothing is no file"), std::string::npos) << none.complained;
}

TEST_F(AuditCommands, export_takes_a_span_of_time) {
  const auto today = rfc3339(now - day);
  ASSERT_EQ(run({"audit", "export", "--since", today}), 0) << said;
  EXPECT_EQ(std::count(printed.begin(), printed.end(), '\n'), 5) << printed;
  ASSERT_EQ(run({"audit", "export", "--until", today.substr(0, 10)}), 0) << said;
  EXPECT_EQ(std::count(printed.begin(), printed.end(), '\n'), 7) << printed;
  EXPECT_EQ(run({"audit", "export", "--since", "yesterday"}), 2);
  EXPECT_TRUE(says("--since: write 7d, 2026-11-23, or 2026-11-23T12:00:00Z")) << said;
}

TEST_F(AuditCommands, export_overwrites_nothing_and_leaves_nothing_half_done) {
  write("file", "mine");
  EXPECT_EQ(run({"audit", "export", in_folder("file")}), 5) << "a conflict";
  EXPECT_TRUE(says("is there already, and is not overwritten")) << said;
  EXPECT_EQ(content("file"), "mine");
  EXPECT_EQ(run({"audit", "export", in_folder("no/file")}), 1);
  EXPECT_TRUE(says("there is no folder ")) << said;
  change([](db::Tx& tx) { tx.run("UPDATE audit_event SET reason = 'x' WHERE number = 7"); });
  EXPECT_EQ(run({"audit", "export", in_folder("other")}), 1);
  EXPECT_TRUE(says("it breaks at event 7")) << said;
  for (const auto& entry : fs::directory_iterator{folder_}) {
    EXPECT_FALSE(entry.path().filename().string().starts_with("other")) << entry.path();
  }
}

TEST_F(AuditCommands, keys_that_are_none_are_wrong_usage) {
  EXPECT_EQ(run({"audit", "verify", "--key", "abc"}), 2);
  EXPECT_TRUE(says("--key: it is no public key")) << said;
  EXPECT_EQ(run({"audit", "key"}, false), 1);
  EXPECT_TRUE(says("no secret is set")) << said;
}

TEST_F(AuditCommands, settings_of_the_trail_are_checked) {
  const auto check = [&](const std::string& lines) {
    write("cardea.toml", "secret_file = '" + in_folder("secret") + "'\n[audit]\n" + lines + "\n");
    return run({"audit", "verify"});
  };
  EXPECT_EQ(check("keep = '30d'"), 0) << said;
  EXPECT_EQ(check("keep = 'forever'"), 0) << said;
  EXPECT_EQ(check("export_before_removal = '" + folder_ + "'"), 0) << said;
  for (const char* wrong : {"keep = 'always'", "keep = ''", "keep = '12h'", "keep = '-1d'"}) {
    EXPECT_EQ(check(wrong), 1) << wrong;
    EXPECT_TRUE(says("audit.keep: ")) << said;
  }
  EXPECT_EQ(check("export_before_removal = '" + in_folder("none") + "'"), 1);
  EXPECT_TRUE(says("audit.export_before_removal: there is no folder")) << said;
}

}  // namespace
}  // namespace cardea::app
