// `cardea password-list import`, and what looks at the list afterwards.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/command_fixture.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

class PasswordList : public ::testing::Test {
 protected:
  PasswordList() {
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error{"no folder"};
    fs::create_directory(in_folder("data"));
    write("list.txt", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:9659365\n");
  }
  ~PasswordList() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string in_folder(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream{in_folder(name), std::ios::binary} << text;
  }
  [[nodiscard]] CommandRun import(const std::string& name, std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"password-list", "import", in_folder(name), "--data", in_folder("data")};
    words.insert(words.end(), more.begin(), more.end());
    return run_command(words);
  }
  [[nodiscard]] std::size_t files_of_data() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{in_folder("data")}, {}));
  }

  std::string folder_ = fs::temp_directory_path() / "cardea-list-XXXXXX";
  const std::string filter_ = "data/breached_passwords.filter";
};

TEST_F(PasswordList, is_made_beside_the_database_for_everybody_to_read) {
  const auto run = import("list.txt");
  EXPECT_EQ(run.code, 0) << run.complained;
  EXPECT_TRUE(has(run.printed, filter_ + ": 1 leaked passwords, 8.0 MiB")) << run.printed;
  struct stat facts{};
  ASSERT_EQ(::stat(in_folder(filter_).c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0644U);
  EXPECT_EQ(files_of_data(), 1U) << "no draft stays behind";
}

TEST_F(PasswordList, stays_when_another_is_refused) {
  EXPECT_EQ(import("list.txt").code, 0);
  const auto before = fs::last_write_time(in_folder(filter_));
  write("ntlm.txt", "32ED87BDB5FDC5E9CBA88547376818D4:24230577\n");
  const auto run = import("ntlm.txt");
  EXPECT_EQ(run.code, 1);
  EXPECT_TRUE(has(run.complained,
                  "ntlm.txt:1: it is an NTLM hash; download the list of SHA-1 hashes; nothing was "
                  "changed"))
      << run.complained;
  EXPECT_NE(import("nowhere.txt").code, 0);
  EXPECT_EQ(fs::last_write_time(in_folder(filter_)), before);
  EXPECT_EQ(files_of_data(), 1U);
}

TEST_F(PasswordList, goes_where_it_is_said) {
  EXPECT_EQ(import("list.txt", {"--to", in_folder("elsewhere")}).code, 0);
  EXPECT_TRUE(fs::exists(in_folder("elsewhere")));
  EXPECT_FALSE(fs::exists(in_folder(filter_)));
  const auto postgres = run_command({"password-list", "import", in_folder("list.txt"), "--database", "postgres://h/d"});
  EXPECT_EQ(postgres.code, 2);
  EXPECT_TRUE(has(postgres.complained, "--to FILE")) << postgres.complained;
}

TEST_F(PasswordList, is_looked_at_by_config_check) {
  write("secret", "bWFkZSBieSBjaGFuY2UgYW5kIGxvbmcgZW5vdWdoIDE3ODQ5\n");
  ::chmod(in_folder("secret").c_str(), 0600);
  const auto check = [&](const std::string& more) {
    write("cardea.toml", "url = \"https://auth.example.com\"\nsecret_file = \"" + in_folder("secret") +
                             "\"\ndatabase = \"sqlite:" + in_folder("data/cardea.db") +
                             "\"\n[server]\ntrusted_proxies = [\"127.0.0.1/32\"]\n[password]\n" + more);
    ::chmod(in_folder("cardea.toml").c_str(), 0600);
    return run_command({"config", "check", "--config", in_folder("cardea.toml")});
  };
  EXPECT_TRUE(has(check("").complained, "note: password.breached: there is no list of leaked passwords"));
  EXPECT_FALSE(has(check("breached = \"off\"\n").complained, "leaked"));
  EXPECT_EQ(import("list.txt").code, 0);
  EXPECT_TRUE(has(check("").complained, "note: password.breached_file: 1 leaked passwords, imported 0 days ago"));
  const std::string named = "breached_file = \"" + in_folder("other") + "\"\n";
  EXPECT_EQ(check(named).code, 1);
  write("other", "something else");
  EXPECT_EQ(check(named).code, 1);
  EXPECT_TRUE(has(check(named).complained, "it is no list that `cardea password-list import` made"));
}

}  // namespace
}  // namespace cardea::app
