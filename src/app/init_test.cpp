// `cardea init`: from options to files with which a server starts. The way from there through a proxy to an account is
// gone in tests/examples.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/command_fixture.hpp"
#include "app/talk.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

class InitCommand : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(mkdtemp(folder_.data()), nullptr); }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/new/" + name; }
  [[nodiscard]] CommandRun init(std::vector<std::string> more = {}, const std::string& proxy = "nginx") const {
    std::vector<std::string> words{"init",    "--no-input", "--url", "auth.example.com",
                                   "--proxy", proxy,        "--to",  folder_ + "/new"};
    words.insert(words.end(), more.begin(), more.end());
    return run_command(words);
  }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream in{path(name)};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  [[nodiscard]] unsigned mode(const std::string& name) const {
    struct stat found{};
    return ::stat(path(name).c_str(), &found) == 0 ? found.st_mode & 0777U : 0U;
  }
  static bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

  std::string folder_ = fs::temp_directory_path() / "cardea-init-XXXXXX";
};

TEST_F(InitCommand, writes_settings_that_pass_and_six_lines_of_what_is_left) {
  const auto run = init();
  ASSERT_EQ(run.code, 0) << run.complained;
  EXPECT_EQ(std::ranges::count(run.printed, '\n'), 6) << run.printed;
  EXPECT_TRUE(has(run.printed, "1. Keep a copy of")) << run.printed;
  EXPECT_TRUE(has(run.printed, "6. Sign up at https://auth.example.com/signup")) << run.printed;
  const auto check = run_command({"config", "check", "--config", path("cardea.toml")});
  EXPECT_EQ(check.code, 0) << check.complained;
  EXPECT_TRUE(has(check.complained, "The settings are fine.")) << check.complained;
  EXPECT_TRUE(has(content("nginx.conf"), "server_name auth.example.com;"));
  EXPECT_TRUE(has(content("cardea.service"), " serve --config " + path("cardea.toml")));
  EXPECT_TRUE(has(content("cardea.service"), "LoadCredential=secret:" + path("secret")));
  EXPECT_TRUE(has(content("cardea.service"), "ReadWritePaths=" + path("data")))
      << "the database is not where units have it";
}

TEST_F(InitCommand, lets_nobody_else_read_a_secret) {
  ASSERT_EQ(init({"--database", "postgres://cardea:seven%20pools@db.example.com/cardea"}).code, 0);
  EXPECT_EQ(mode("secret"), 0600U);
  EXPECT_EQ(mode("database"), 0600U);
  EXPECT_EQ(mode("cardea.toml"), 0644U) << "it holds none";
  EXPECT_FALSE(has(content("cardea.toml"), "pools")) << content("cardea.toml");
  EXPECT_TRUE(has(content("cardea.toml"), "database_file = ")) << content("cardea.toml");
  EXPECT_GE(content("secret").size(), 32U);
}

TEST_F(InitCommand, names_the_option_that_is_missing_and_writes_nothing) {
  for (const auto& [words, option] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"init", "--no-input", "--to", folder_ + "/new"}, "--url"},
           {{"init", "--no-input", "--url", "https://a.example", "--to", folder_ + "/new"}, "--proxy"},
           {{"init", "--no-input", "--url", "http://a.example", "--proxy", "nginx", "--to", folder_ + "/new"}, "--url"},
           {{"init", "--no-input", "--url", "a.example", "--proxy", "none", "--to", folder_ + "/new"}, "--certificate"},
           {{"init", "--no-input", "--url", "a.example", "--proxy", "nginx", "--to", folder_ + "/a b"}, "--to"},
           {{"init", "--no-input", "--url", "a.example", "--proxy", "nginx", "--database", "mysql://x", "--to",
             folder_ + "/new"},
            "--database"}}) {
    const auto run = run_command(words);
    EXPECT_EQ(run.code, exit_code::usage) << option;
    EXPECT_TRUE(has(run.complained, option)) << run.complained;
    EXPECT_FALSE(fs::exists(folder_ + "/new")) << option;
  }
}

TEST_F(InitCommand, writes_over_nothing_unless_told_and_never_over_a_secret) {
  ASSERT_EQ(init().code, 0);
  const auto secret = content("secret");
  std::ofstream{path("cardea.toml"), std::ios::app} << "# mine\n";
  fs::remove(path("nginx.conf"));
  const auto again = init();
  EXPECT_EQ(again.code, exit_code::conflict) << again.complained;
  EXPECT_TRUE(has(again.complained, path("cardea.toml"))) << again.complained;
  EXPECT_TRUE(has(content("cardea.toml"), "# mine"));
  EXPECT_FALSE(fs::exists(path("nginx.conf"))) << "nothing is written where anything is there";
  const auto forced = init({"--force"});
  EXPECT_EQ(forced.code, 0) << forced.complained;
  EXPECT_FALSE(has(content("cardea.toml"), "# mine"));
  EXPECT_EQ(content("secret"), secret) << "another one would shut the database";
  EXPECT_TRUE(has(forced.complained, "kept " + path("secret"))) << forced.complained;
}

TEST_F(InitCommand, says_when_it_wrote_a_part) {
  fs::create_directories(path("nginx.conf/in-the-way"));
  const auto run = init({"--force"});
  EXPECT_EQ(run.code, exit_code::partial) << run.complained;
  EXPECT_TRUE(has(run.complained, "wrote " + path("cardea.toml"))) << run.complained;
  EXPECT_TRUE(has(run.complained, "only the files above were written")) << run.complained;
}

TEST_F(InitCommand, knows_each_proxy_a_unix_socket_and_none) {
  for (const auto& [proxy, file] : std::vector<std::pair<std::string, std::string>>{
           {"nginx", "nginx.conf"}, {"caddy", "Caddyfile"}, {"haproxy", "haproxy.cfg"}}) {
    const auto run = init({"--listen", "unix:/run/cardea/cardea.sock", "--force"}, proxy);
    EXPECT_EQ(run.code, 0) << run.complained;
    EXPECT_TRUE(has(content(file), "/run/cardea/cardea.sock")) << proxy;
    EXPECT_TRUE(has(content("cardea.toml"), "trusted_proxies = [\"unix:\"]")) << content("cardea.toml");
  }
  EXPECT_EQ(init({"--force"}, "traefik").code, 0);
  EXPECT_EQ(init({"--force", "--listen", "unix:/run/x"}, "traefik").code, exit_code::usage);
  const auto protecting = init({"--force", "--protect", "app.example.com"}, "caddy");
  EXPECT_EQ(protecting.code, 0) << protecting.complained;
  EXPECT_TRUE(has(content("cardea.toml"), "hosts = [\"https://app.example.com\"]"));
  EXPECT_TRUE(has(content("Caddyfile"), "forward_auth"));
}

TEST_F(InitCommand, without_a_proxy_wants_the_certificate_that_it_names) {
  const auto run = init({"--certificate", "/etc/ssl/none.pem", "--key", "/etc/ssl/none.key"}, "none");
  EXPECT_EQ(run.code, exit_code::partial) << "the files are there, but these settings start no server";
  EXPECT_TRUE(has(run.complained, "tls.certificate_file")) << run.complained;
  EXPECT_TRUE(has(content("cardea.toml"), "listen = \"0.0.0.0:443\"")) << content("cardea.toml");
}

}  // namespace
}  // namespace cardea::app
