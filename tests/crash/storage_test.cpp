// The storage of the real program is taken away, fills up, is not there yet, or is somebody else's: what it says, and
// to whom.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/support/postgres.hpp"
#include "tests/support/program.hpp"
#include "tests/support/visitor.hpp"
#include "tests/support/within.hpp"

namespace cardea::crash {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing_support::Folder;
using testing_support::held;
using testing_support::Program;
using testing_support::run;
using testing_support::Visitor;
using testing_support::within;

class Storage : public ::testing::Test {
 protected:
  ~Storage() override {
    if (is_mounted_) ::umount2((folder_.path() / "data").c_str(), MNT_DETACH);
  }
  bool mount_small_disk() {
    fs::create_directory(folder_.path() / "data");
    is_mounted_ = ::mount("tmpfs", (folder_.path() / "data").c_str(), "tmpfs", 0, "size=4m") == 0;
    return is_mounted_;
  }
  [[nodiscard]] std::string path(std::string_view name) const { return folder_.path() / name; }
  testing_support::RawAnswer get(std::uint16_t port, const std::string& target, const std::string& credential = {}) {
    const auto answer = Visitor{port}.ask("GET", target, {}, credential);
    if (!answer) throw std::runtime_error("no answer to " + target);
    return *answer;
  }
  std::string metrics(std::uint16_t port) {
    std::ostringstream token;
    token << std::ifstream{path("data/metrics_token")}.rdbuf();
    std::string line = token.str();
    line.erase(line.find_last_not_of('\n') + 1);
    return get(port, "/metrics", "Authorization: Bearer " + line).body;
  }
  /// Words of `cardea serve` with these lines in its file.
  std::vector<std::string> serve(const std::string& database, const std::string& lines = {}) {
    std::ofstream{path("secret")} << std::string("d2hhdGV2ZXIgaXQgaXMsIGl0IGlzIGxvbmcgZW5vdWdo\n");
    fs::permissions(path("secret"), fs::perms::owner_read | fs::perms::owner_write);
    std::ofstream{path("cardea.toml")}
        << "url = \"https://auth.example.com\"\nsecret_file = \"" << path("secret") << "\"\ndatabase = \"" << database
        << "\"\n"
        << lines << "\n[server]\nlisten = \"127.0.0.1:0\"\ntrusted_proxies = [\"127.0.0.1/32\"]\n";
    return {"serve", "--config", path("cardea.toml")};
  }

  const Folder folder_;
  bool is_mounted_ = false;
};

TEST_F(Storage, that_is_taken_away_is_noticed_and_said) {
  Program program{folder_};
  const auto in = held(*Visitor{program.port()}.sign_up("ann"));
  EXPECT_EQ(get(program.port(), "/v1/session", "Cookie: " + in.cookie).status, 200);
  const auto before = metrics(program.port());
  EXPECT_NE(before.find("cardea_database_errors_total{kind=\"missing\"} 0"), std::string::npos) << before;
  EXPECT_NE(before.find("cardea_database_up 1"), std::string::npos);
  fs::rename(path("data"), path("gone"));
  EXPECT_TRUE(program.says("database.failed", 3s)) << "while nobody asks";
  ASSERT_TRUE(within(3s, [&] { return get(program.port(), "/readyz").status == 503; }));
  const auto ready = get(program.port(), "/readyz");
  EXPECT_NE(ready.body.find("\"storage.missing\""), std::string::npos) << ready.body;
  EXPECT_EQ(Visitor{program.port()}.sign_up("bob")->status, 503) << "a promise that cannot be kept";
  EXPECT_TRUE(within(3s, [&] { return get(program.port(), "/v1/session", "Cookie: " + in.cookie).status == 503; }));
  fs::rename(path("gone"), path("data"));
  EXPECT_TRUE(within(5s, [&] { return get(program.port(), "/readyz").status == 200; }));
  EXPECT_TRUE(program.says("database.recovered", 5s));
  const auto after = metrics(program.port());
  EXPECT_EQ(after.find("cardea_database_errors_total{kind=\"missing\"} 0"), std::string::npos) << after;
  EXPECT_EQ(Visitor{program.port()}.sign_up("bob")->status, 201);
  program.send(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
}

TEST_F(Storage, that_is_full_says_so_until_there_is_room) {
  if (!mount_small_disk()) GTEST_SKIP() << "mounting is not permitted here";
  Program program{folder_};
  Visitor visitor{program.port()};
  ASSERT_EQ(visitor.sign_up("ann")->status, 201);
  {
    std::ofstream ballast{path("data/ballast")};
    while (ballast << std::string(4096, 'x') << std::flush) {
    }
  }
  std::optional<testing_support::RawAnswer> refused;
  for (int i = 0; i < 200 && !refused; ++i) {
    std::string uid = "full";
    for (int rest = i + 20; rest > 0; rest /= 7) uid += static_cast<char>("bcdfghk"[rest % 7]);
    const auto answer = visitor.sign_up(uid);
    ASSERT_TRUE(answer);
    if (answer->status != 201) refused = answer;
  }
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_NE(refused->body.find("\"storage.full\""), std::string::npos) << refused->body;
  EXPECT_EQ(refused->body.find("busy"), std::string::npos);
  EXPECT_TRUE(within(3s, [&] { return get(program.port(), "/readyz").status == 503; }));
  EXPECT_TRUE(program.says("database.failed", 1s));
  EXPECT_EQ(metrics(program.port()).find("cardea_database_errors_total{kind=\"full\"} 0"), std::string::npos);
  fs::remove(path("data/ballast"));
  EXPECT_TRUE(within(5s, [&] { return get(program.port(), "/readyz").status == 200; }));
  EXPECT_EQ(visitor.sign_up("bob")->status, 201);
}

TEST_F(Storage, that_is_not_there_is_made_only_when_serve_is_told_to) {
  const auto words = serve("sqlite:" + path("data/cardea.db"));
  EXPECT_EQ(run(folder_, words), 1);
  EXPECT_FALSE(fs::exists(path("data")));
  {
    std::ifstream log{path("log-command")};
    const std::string said{std::istreambuf_iterator<char>{log}, {}};
    EXPECT_NE(said.find("there is no database at sqlite:" + path("data/cardea.db")), std::string::npos) << said;
    EXPECT_NE(said.find("cardea serve --create"), std::string::npos) << said;
  }
  auto creating = words;
  creating.emplace_back("--create");
  {
    Program program{folder_, creating};
    EXPECT_TRUE(program.says("server.started")) << program.log();
    EXPECT_TRUE(program.says("database.created", 0s));
    EXPECT_TRUE(program.says("\"migration.applied\",\"name\":\"0001_job.sql\"", 0s)) << program.log();
    program.send(SIGTERM);
    EXPECT_EQ(program.wait(), 0) << program.log();
  }
  Program program{folder_, words};
  EXPECT_TRUE(program.says("server.started")) << program.log();
  EXPECT_FALSE(program.says("migration.applied", 0s));
}

TEST_F(Storage, of_somebody_else_is_not_filled_with_ours) {
  auto& server = testing_support::Postgres::instance();
  const auto name = server.create_database();
  const auto words = serve(server.url(name));
  EXPECT_EQ(run(folder_, words), 1);
  auto creating = words;
  creating.emplace_back("--create");
  {
    Program program{folder_, creating};
    EXPECT_TRUE(program.says("server.started")) << program.log();
    program.send(SIGTERM);
    EXPECT_EQ(program.wait(), 0);
  }
  Program program{folder_, words};
  EXPECT_TRUE(program.says("server.started")) << program.log();
  program.kill();
  server.drop_database(name);
}

TEST_F(Storage, of_postgres_that_is_not_there_yet_is_waited_for) {
  const std::string nowhere = "postgres://ann@127.0.0.1:1/x";
  Program program{folder_, serve(nowhere)};
  EXPECT_TRUE(program.says("database.waiting")) << program.log();
  EXPECT_TRUE(program.says("Connection refused", 0s)) << program.log();
  const auto asked = std::chrono::steady_clock::now();
  program.send(SIGTERM);
  EXPECT_EQ(program.wait(), 0) << program.log();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, 2s);
  EXPECT_EQ(run(folder_, serve(nowhere, "database_wait = \"0s\"")), 1);
}

TEST_F(Storage, of_postgres_that_comes_late_is_taken) {
  testing_support::Postgres server{testing_support::Durability::none};
  const auto name = server.create_database();
  auto words = serve(server.url(name));
  words.emplace_back("--create");
  server.stop();
  Program program{folder_, words};
  EXPECT_TRUE(program.says("database.waiting")) << program.log();
  server.start();
  EXPECT_TRUE(program.says("server.started")) << program.log();
}

TEST_F(Storage, of_postgres_that_trying_again_does_not_help_ends_the_start_at_once) {
  auto& server = testing_support::Postgres::instance();
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(run(folder_, serve(server.url("no_such_database"))), 1);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 4s);
  std::ifstream log{path("log-command")};
  const std::string said{std::istreambuf_iterator<char>{log}, {}};
  EXPECT_NE(said.find("does not exist"), std::string::npos) << said;
}

TEST_F(Storage, that_two_processes_share_is_one_truth_within_a_second) {
  Program here{folder_};
  Program there{folder_};
  const auto in = held(*Visitor{here.port()}.sign_up("ann"));
  const std::string cookie = "Cookie: " + in.cookie;
  EXPECT_EQ(get(there.port(), "/v1/session", cookie).status, 200);
  EXPECT_EQ(Visitor{here.port()}.ask("DELETE", "/v1/me/sessions/" + in.id, {}, cookie)->status, 204);
  EXPECT_TRUE(within(1s, [&] { return get(there.port(), "/v1/session", cookie).status == 401; }));
}

}  // namespace
}  // namespace cardea::crash
