// What the operator does to accounts, sessions and events on the command line, each on a real SQLite file.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "account/account.hpp"
#include "app/audit_list.hpp"
#include "app/command_fixture.hpp"
#include "app/house.hpp"
#include "app/real_clock.hpp"
#include "app/secret_in_folder.hpp"
#include "authn/authn.hpp"
#include "crypto/system_random.hpp"
#include "encoding/wire.hpp"
#include "identity/identity.hpp"
#include "session/session.hpp"

namespace cardea::app {
namespace {

using namespace std::chrono_literals;

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// A folder with a database, ann with a session, and mallory, who signed up with somebody else's address.
class Operator : public ::testing::Test {
 protected:
  Operator() {
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error{"no folder"};
    EXPECT_EQ(run({"migrate", "up"}), 0);
    open([&](db::Tx& tx) {
      const identity::Draft draft{.name = "Ann Lee", .uid = "ann", .email = "ann@example.org", .profile = {}};
      ann = identity::create(tx, draft, now, random).value().id;
      const identity::Draft other{.name = "Mallory", .uid = "mallory", .email = "boss@example.com", .profile = {}};
      mallory = identity::create(tx, other, now + 1ms, random).value().id;
      const Assurance shown{.shown = {{AuthMethod::password, now}}};
      session = session::open(tx, {.now = now, .origin = {.address = "192.0.2.9", .user_agent = "lynx\x1b[2J"}}, ann,
                              shown, {}, random)
                    .session.id;
    });
  }
  ~Operator() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  int run(std::vector<std::string> words) {
    words.insert(words.end(), {"--database", "sqlite:" + folder_ + "/cardea.db", "--config", secret.config_file()});
    const auto run = run_command(std::move(words));
    printed = run.printed;
    complained = run.complained;
    return run.code;
  }
  template <class Work>
  void open(Work work) const {
    db::open("sqlite:" + folder_ + "/cardea.db", {.readers = 1, .pool = 1})->write([&](db::Tx& tx) { work(tx); });
  }
  void record(const audit::Event& event, Time at, const std::string& address = "192.0.2.9") {
    observe::Log log{observe::Format::human, observe::Level::error};
    const audit::Trail trail{log, random, audit_sealing_key(secret.settings())};
    open([&](db::Tx& tx) { trail.record(tx, {.now = at, .origin = {.address = address}}, event); });
  }
  [[nodiscard]] Role role_of(const AccountId& id) const {
    Role role{};
    open([&](db::Tx& tx) { role = identity::find(tx, id)->role; });
    return role;
  }
  /// The lines that were printed, as JSON.
  [[nodiscard]] std::vector<wire::Value> objects() const {
    std::vector<wire::Value> all;
    std::istringstream lines{printed};
    for (std::string line; std::getline(lines, line);) all.push_back(wire::parse(line).value());
    return all;
  }
  static std::string text(const wire::Value& object, std::string_view member) {
    const auto* value = object.find(member);
    return value != nullptr && value->is<std::string>() ? *value->get<std::string>() : "";
  }

  std::string folder_ = std::filesystem::temp_directory_path() / "cardea-operator-XXXXXX";
  SecretInFolder secret;
  crypto::SystemRandom random;
  Time now = RealClock{}.now();
  AccountId ann;
  AccountId mallory;
  SessionId session;
  std::string printed;
  std::string complained;
};

TEST_F(Operator, names_somebody_by_whatever_any_tool_prints_of_them) {
  for (const auto& who :
       {ann.text(), std::string{"ann"}, std::string{"ANN"}, std::string{"ann@example.org"}, session.text()}) {
    EXPECT_EQ(run({"user", "get", who, "--json"}), 0) << who << complained;
    EXPECT_EQ(text(objects().at(0), "id"), ann.text()) << who;
    EXPECT_EQ(run({"session", "list", who, "--json"}), 0) << who;
    EXPECT_EQ(text(objects().at(0), "id"), session.text()) << who;
    EXPECT_EQ(run({"audit", "list", "--user", who}), 0) << who << complained;
  }
  for (const auto& who : {ann.text(), std::string{"ann"}, session.text()}) {
    EXPECT_EQ(run({"admin", "grant", who, "--yes"}), 0) << who << complained;
    EXPECT_EQ(run({"user", "unblock", who}), 0) << who << complained;
    EXPECT_EQ(run({"admin", "revoke", who}), 0) << who << complained;
  }
  EXPECT_EQ(run({"user", "block", ann.text()}), 0) << complained;
}

TEST_F(Operator, is_told_that_nobody_is_there_with_code_three) {
  const auto stranger = AccountId::make(now, random).text();
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"user", "get", stranger},
                                             {"user", "delete", "bob", "--yes"},
                                             {"user", "reset", "bob@example.org"},
                                             {"user", "set", "bob", "name=Bob"},
                                             {"session", "list", "bob"},
                                             {"session", "revoke", SessionId::make(now, random).text()},
                                             {"audit", "list", "--user", "bob"},
                                             {"admin", "grant", stranger, "--yes"}}) {
    EXPECT_EQ(run(words), 3) << words[0] << " " << words[1] << complained;
    EXPECT_TRUE(has(complained, "nobody has the ")) << complained;
  }
}

TEST_F(Operator, makes_nobody_administrator_by_an_address_that_anybody_can_sign_up_with) {
  for (const char* who : {"boss@example.com", "Boss@Example.com", "boss＠example.com"}) {
    EXPECT_EQ(run({"admin", "grant", who, "--yes"}), 2) << who;
    EXPECT_TRUE(has(complained, mallory.text()) && has(complained, "user id mallory, Mallory")) << complained;
  }
  EXPECT_EQ(role_of(mallory), Role::user);
}

TEST_F(Operator, is_shown_whom_a_role_goes_to_and_asked) {
  EXPECT_EQ(run({"admin", "grant", "ann", "--no-input"}), 2);
  EXPECT_TRUE(has(complained, "--yes")) << complained;
  for (const std::string& part : {ann.text(), std::string{"user id ann"}, std::string{"Ann Lee"}, std::string{"made "},
                                  std::string{"last seen "}}) {
    EXPECT_TRUE(has(complained, part)) << complained;
  }
  EXPECT_EQ(role_of(ann), Role::user);
  EXPECT_EQ(run({"admin", "grant", "ann", "--yes"}), 0);
  EXPECT_TRUE(has(complained, ann.text())) << "also where nobody is asked";
  EXPECT_EQ(role_of(ann), Role::owner);
}

TEST_F(Operator, deletes_somebody_only_after_agreeing) {
  EXPECT_EQ(run({"user", "delete", "ann", "--no-input"}), 2);
  EXPECT_EQ(run({"user", "get", "ann"}), 0);
  EXPECT_EQ(run({"user", "delete", "ann", "--yes", "--now"}), 0);
  EXPECT_EQ(run({"user", "get", "ann"}), 3);
  EXPECT_EQ(run({"audit", "list", "--user", ann.text(), "--json"}), 0);
  EXPECT_TRUE(objects().empty()) << "nothing leads from who is gone to their events";
  EXPECT_EQ(run({"audit", "list", "--json"}), 0);
  EXPECT_EQ(text(objects().at(0), "kind"), "user.deleted");
  const auto pseudonym = text(objects().at(0), "user_pseudonym");
  EXPECT_TRUE(pseudonym.starts_with("psn_")) << pseudonym;
  EXPECT_EQ(run({"audit", "list", "--user", pseudonym}), 0);
  EXPECT_TRUE(has(printed, "user.deleted\t" + pseudonym)) << printed;
}

TEST_F(Operator, closes_an_account_and_keeps_it_again) {
  EXPECT_EQ(run({"user", "restore", "ann"}), 5) << "it does not wait";
  EXPECT_EQ(run({"user", "delete", "ann", "--yes"}), 0) << complained;
  EXPECT_TRUE(has(printed, "will be erased at ")) << printed;
  EXPECT_EQ(run({"user", "list", "--json", "--status", "pending_deletion"}), 0);
  ASSERT_EQ(objects().size(), 1U) << printed;
  EXPECT_EQ(text(objects()[0], "uid"), "ann");
  EXPECT_NE(text(objects()[0], "erase_at"), "");
  EXPECT_EQ(run({"user", "list", "--json", "--status", "active"}), 0);
  EXPECT_EQ(objects().size(), 1U) << "who waits to be erased is not active";
  EXPECT_EQ(run({"session", "list", "ann", "--json"}), 0);
  EXPECT_EQ(printed, "");
  EXPECT_EQ(run({"user", "get", "ann"}), 0);
  EXPECT_TRUE(has(printed, "pending_deletion") && has(printed, "erased ")) << printed;
  EXPECT_EQ(run({"user", "restore", "ann"}), 0) << complained;
  EXPECT_EQ(run({"user", "list", "--json", "--status", "active"}), 0);
  EXPECT_EQ(objects().size(), 2U);
  EXPECT_EQ(run({"user", "delete", "ann", "--yes", "--json"}), 0);
  EXPECT_NE(text(objects().at(0), "erase_at"), "");
  EXPECT_EQ(run({"user", "delete", "ann", "--yes", "--now"}), 0) << "also of one that waits";
  EXPECT_EQ(run({"user", "get", "ann"}), 3);
}

TEST_F(Operator, lists_users_one_object_a_line) {
  EXPECT_EQ(run({"user", "list", "--json"}), 0);
  ASSERT_EQ(objects().size(), 2U) << printed;
  EXPECT_EQ(text(objects()[0], "uid"), "ann");
  EXPECT_EQ(text(objects()[1], "email"), "boss@example.com");
  EXPECT_EQ(run({"user", "list", "--json", "--limit", "1"}), 0);
  EXPECT_EQ(objects().size(), 1U);
  EXPECT_EQ(run({"user", "block", "mallory"}), 0);
  EXPECT_EQ(run({"user", "list", "--json", "--status", "disabled"}), 0);
  ASSERT_EQ(objects().size(), 1U);
  EXPECT_EQ(text(objects()[0], "uid"), "mallory");
  EXPECT_EQ(run({"user", "list"}), 0);
  EXPECT_TRUE(printed.starts_with(ann.text() + "\tann\tAnn Lee\t")) << printed;
}

TEST_F(Operator, makes_an_account_also_with_a_reserved_name_and_never_one_that_is_taken) {
  EXPECT_EQ(run({"user", "create", "support", "--name", "Support"}), 0) << complained;
  EXPECT_TRUE(printed.starts_with("usr_")) << printed;
  EXPECT_EQ(run({"user", "create", "Ann", "--name", "Another"}), 5) << complained;
  EXPECT_EQ(run({"user", "create", "bob"}), 1) << "a name is required by the settings";
  EXPECT_TRUE(has(complained, "Enter your name.")) << complained;
}

TEST_F(Operator, changes_what_is_held_and_says_what_is_wrong_with_it) {
  EXPECT_EQ(run({"user", "set", "ann", "name=Ann Müller", "coins=5", "--json"}), 0) << complained;
  EXPECT_EQ(text(objects().at(0), "name"), "Ann Müller");
  EXPECT_EQ(run({"user", "set", "ann", "email="}), 0) << complained;
  EXPECT_EQ(run({"user", "set", "ann", "shoe=44"}), 1);
  EXPECT_TRUE(has(complained, "shoe")) << complained;
  EXPECT_EQ(run({"user", "set", "ann", "name"}), 2);
  EXPECT_EQ(run({"user", "set", "ann", "email=boss@example.com"}), 5);
}

// ASVS 7.4.5
TEST_F(Operator, ends_one_session_or_all) {
  EXPECT_EQ(run({"session", "revoke", session.text()}), 0) << complained;
  EXPECT_EQ(run({"session", "list", "--json"}), 0);
  EXPECT_EQ(printed, "");
  EXPECT_EQ(run({"session", "revoke", "ann"}), 0) << complained;
}

TEST_F(Operator, sees_no_control_of_a_stranger_on_the_terminal) {
  EXPECT_EQ(run({"session", "list"}), 0);
  EXPECT_TRUE(has(printed, "lynx?[2J")) << printed;
}

TEST_F(Operator, finds_out_who_failed_to_sign_in) {
  record({.kind = authn::signin_failed, .account = ann, .reason = "wrong_password"}, now - 1h);
  record({.kind = authn::signin_failed, .reason = "unknown_account"}, now - 2h, "198.51.100.7");
  record({.kind = authn::signin_failed, .account = ann, .reason = "wrong_password"}, now - 30h, "203.0.113.5");
  record({.kind = authn::signout_completed, .account = ann}, now - 1h);
  const auto count = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"audit", "list", "--json"});
    EXPECT_EQ(run(more), 0) << complained;
    return objects().size();
  };
  EXPECT_EQ(count({"--kind", "signin.failed", "--since", "24h"}), 2U);
  EXPECT_EQ(text(objects()[0], "address"), "198.51.100.7") << "the latest last";
  EXPECT_EQ(text(objects()[1], "user"), ann.text());
  EXPECT_EQ(text(objects()[1], "reason"), "wrong_password");
  EXPECT_EQ(count({"--kind", "signin.failed"}), 3U);
  EXPECT_EQ(count({"--kind", "signin"}), 3U);
  EXPECT_EQ(count({"--kind", "sign"}), 0U);
  EXPECT_EQ(count({"--user", "ann", "--since", "24h"}), 2U);
  EXPECT_EQ(count({"--address", "198.51.100.7"}), 1U);
  EXPECT_EQ(count({"--until", "24h"}), 1U);
  EXPECT_EQ(count({"--limit", "1"}), 1U);
  EXPECT_EQ(run({"audit", "list", "--since", "yesterday"}), 2);
  EXPECT_TRUE(has(complained, "--since")) << complained;
  EXPECT_EQ(run({"audit", "tail"}), 0);
  EXPECT_TRUE(has(printed, "signin.failed\t" + ann.text() + "\t192.0.2.9\tonce\twrong_password")) << printed;
}

TEST_F(Operator, gives_a_link_to_who_forgot_the_password) {
  EXPECT_EQ(run({"user", "reset", "ann", "--json"}), 0) << complained;
  const auto made = objects().at(0);
  EXPECT_TRUE(text(made, "url").starts_with("http://localhost:8025/password-reset?link=")) << printed;
  EXPECT_EQ(run({"user", "reset", "ann"}), 0);
  EXPECT_TRUE(printed.starts_with("http://localhost:8025/password-reset?link=")) << printed;
  EXPECT_EQ(printed.find('\n'), printed.size() - 1) << "the link alone can be piped";
  EXPECT_TRUE(has(complained, "once")) << complained;
  EXPECT_EQ(run({"audit", "list", "--kind", "user.reset.issued", "--json"}), 0);
  EXPECT_EQ(objects().size(), 2U);
  EXPECT_EQ(run({"user", "block", "ann"}), 0);
  EXPECT_EQ(run({"user", "reset", "ann"}), 5);
  EXPECT_TRUE(has(complained, "Unblock it first")) << complained;
}

TEST_F(Operator, leads_a_link_to_the_address_that_is_named) {
  EXPECT_EQ(run({"user", "reset", "ann", "--url", "https://Auth.example.com"}), 0) << complained;
  EXPECT_TRUE(printed.starts_with("https://auth.example.com/password-reset?link=")) << printed;
  EXPECT_FALSE(has(complained, "no `url` is set")) << complained;
  for (const char* wrong :
       {"auth.example.com", "javascript:alert(1)", "https://auth.example.com/path", "https://a@b"}) {
    EXPECT_NE(run({"user", "reset", "ann", "--url", wrong}), 0) << wrong;
    EXPECT_EQ(printed, "") << wrong;
  }
  EXPECT_EQ(run({"user", "block", "ann", "--url", "https://auth.example.com"}), 2) << "it prints no link";
}

TEST(Moment, is_a_span_back_a_day_or_an_instant) {
  const Time now = from_micros(1'795'435'200'000'000);
  EXPECT_EQ(parse_moment("24h", now), now - 24h);
  EXPECT_EQ(parse_moment("90m", now), now - 90min);
  EXPECT_EQ(parse_moment("7d", now), now - 168h);
  EXPECT_EQ(parse_moment("2026-11-23", now), from_micros(1'795'392'000'000'000));
  for (const char* text : {"", "h", "-1h", "24", "1w", "99999999999d", "today", "2026-02-30"}) {
    EXPECT_FALSE(parse_moment(text, now)) << text;
  }
}

}  // namespace
}  // namespace cardea::app
