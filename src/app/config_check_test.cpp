// What `config check` and `serve` say of settings that cannot be used: the same. And what the former finds around them.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/command_fixture.hpp"
#include "app/print.hpp"
#include "app/real_clock.hpp"
#include "db/database.hpp"
#include "edge/self_signed.hpp"
#include "tests/support/country_file.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class ConfigCheck : public testing::Test {
 protected:
  ConfigCheck() {
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error{"no folder"};
    write("secret", run_command({"secret", "generate"}).printed);
  }
  ~ConfigCheck() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string in_folder(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream{in_folder(name), std::ios::binary} << text;
    EXPECT_EQ(::chmod(in_folder(name).c_str(), 0600), 0);
  }
  /// A file of settings that are fine, whose first lines are the url, the secret and the database, without what is
  /// replaced, and with what is added behind.
  void settings(const std::string& url, const std::string& database, const std::string& more) const {
    write("cardea.toml", "url = " + url + "\nsecret_file = '" + in_folder("secret") + "'\ndatabase = " + database +
                             "\n" + more + "\n");
  }
  void settings(const std::string& more = "[server]\ntrusted_proxies = [\"127.0.0.1/32\"]") const {
    settings("\"https://auth.example.com\"", "\"sqlite:" + in_folder("data/cardea.db") + "\"", more);
  }
  [[nodiscard]] CommandRun check() const {
    return run_command({"config", "check", "--config", in_folder("cardea.toml")});
  }
  /// What both say of a problem that is found before anything is opened.
  [[nodiscard]] std::string both_say() const {
    const auto checked = check();
    const auto served = run_command({"serve", "--config", in_folder("cardea.toml")});
    EXPECT_EQ(checked.code, 1) << checked.complained;
    EXPECT_EQ(served.code, 1);
    EXPECT_EQ(checked.complained, served.complained);
    return checked.complained;
  }
  [[nodiscard]] std::string place(int line) const {
    return in_folder("cardea.toml") + ":" + std::to_string(line) + ": ";
  }

  std::string folder_ = fs::temp_directory_path() / "cardea-check-XXXXXX";
};

TEST_F(ConfigCheck, settings_that_are_fine_are_said_to_be) {
  settings();
  const auto checked = check();
  EXPECT_EQ(checked.code, 0) << checked.complained;
  EXPECT_TRUE(checked.complained.ends_with("The settings are fine.\n")) << checked.complained;
  EXPECT_FALSE(fs::exists(in_folder("data"))) << "it only looks";
}

TEST_F(ConfigCheck, everybody_behind_a_unix_socket_being_one_client_is_remarked_upon) {
  const std::string listen = "[server]\nlisten = \"unix:/run/cardea/cardea.sock\"\ntrusted_proxies = [\"127.0.0.1/32\"";
  settings(listen + "]");
  const auto checked = check();
  EXPECT_EQ(checked.code, 0) << checked.complained;
  EXPECT_NE(checked.complained.find("add \"unix:\" to server.trusted_proxies"), std::string::npos)
      << checked.complained;
  settings(listen + ", \"unix:\"]");
  EXPECT_EQ(check().complained.find("unix:"), std::string::npos);
}

TEST_F(ConfigCheck, and_serve_say_the_same_of_an_address) {
  for (const char* url : {"https://exämple.com",
                          "https://auth.example.com\\r",
                          "https://*.example.com",
                          "https://auth%2eexample.com",
                          "https://auth.example.com:0443",
                          "https://auth.example.com:99999",
                          "https://auth.example.com:0",
                          "https://auth.example.com:",
                          "https://auth.example.com:https",
                          "https://ann@auth.example.com",
                          "https://ann:pw@auth.example.com",
                          "https://auth.example.com?x=1",
                          "https://auth.example.com#x",
                          "https://auth.example.com.",
                          "https://auth..example.com",
                          "https://.example.com",
                          "https://auth.example.com/",
                          "https://auth.example.com/login",
                          "https://auth.example.com\\n",
                          " https://auth.example.com",
                          "https://auth.example.com ",
                          "https://-auth.example.com",
                          "https://auth_.example-.com",
                          "https://",
                          "https:///x",
                          "https:/auth.example.com",
                          "auth.example.com",
                          "ftp://auth.example.com",
                          "//auth.example.com",
                          "https://[::1",
                          "https://[::g]",
                          "https://[127.0.0.1]",
                          "https://::1",
                          "https://1.2.3.256",
                          "https://1.2.3",
                          "https://0x7f.1",
                          "https://a\\\\b.example.com",
                          "http://auth.example.com",
                          "https://auth.example.com:443:443",
                          "https://auth,example.com"}) {
    settings("\"" + std::string{url} + "\"", "\"sqlite:x.db\"", "[server]\ntrusted_proxies = [\"127.0.0.1/32\"]");
    const auto said = both_say();
    EXPECT_NE(said.find(place(1) + "url: "), std::string::npos) << url << ": " << said;
  }
  for (const char* url :
       {"https://AUTH.Example.com", "https://auth.example.com:443", "https://xn--exmple-cua.com:8443",
        "https://10.0.0.1", "https://[2001:db8::1]:8443", "HTTPS://auth.example.com", "https://auth-1.example.com"}) {
    settings("\"" + std::string{url} + "\"", "\"sqlite:" + in_folder("x.db") + "\"",
             "[server]\ntrusted_proxies = [\"127.0.0.1/32\"]");
    const auto checked = check();
    EXPECT_EQ(checked.code, 0) << url << ": " << checked.complained;
  }
}

TEST_F(ConfigCheck, and_serve_say_the_same_of_a_database) {
  fs::create_directory(in_folder("folder"));
  for (const std::string& database :
       {std::string{"mysql://localhost/cardea"}, std::string{"sqlite:"}, std::string{"sqlite:."},
        std::string{"sqlite:.."}, std::string{"sqlite:./"}, std::string{"sqlite:data/"},
        "sqlite:" + in_folder("folder"), std::string{"sqlite::memory:"}, std::string{"sqlite:file:x.db?mode=ro"},
        std::string{"sqlite://data/x.db"}, std::string{"sqlite3:x.db"}, std::string{"x.db"}, std::string{""},
        std::string{"SQLITE:x.db"}, std::string{"postgres:/localhost"},
        std::string{"postgres://ann:hunter2@localhost/x"}}) {
    settings("\"https://auth.example.com\"", "\"" + database + "\"", "[server]\ntrusted_proxies = [\"127.0.0.1/32\"]");
    const auto said = both_say();
    EXPECT_NE(said.find(place(3) + "database: "), std::string::npos) << database << ": " << said;
    EXPECT_EQ(said.find("hunter2"), std::string::npos);
  }
  write("url", "mysql://ann:hunter2@localhost/x\n");
  settings("database_file = '" + in_folder("url") + "'\n[server]\ntrusted_proxies = [\"127.0.0.1/32\"]");
  const auto said = both_say();
  EXPECT_NE(said.find(place(4) + "database_file: "), std::string::npos) << said;
  EXPECT_EQ(said.find("hunter2"), std::string::npos);
}

TEST_F(ConfigCheck, and_serve_say_the_same_of_everything_else) {
  struct Case {
    const char* more;
    int line;
    const char* key;
  };
  for (const auto& [more, line, key] : {
           Case{"[server]\nlisten = \"foo\"\ntrusted_proxies = [\"10.0.0.1\"]", 5, "server.listen: "},
           Case{"[server]\nlisten = \"127.0.0.1:70000\"\ntrusted_proxies = [\"10.0.0.1\"]", 5, "server.listen: "},
           Case{"[server]\nlisten = \"auth.example.com:443\"\ntrusted_proxies = [\"10.0.0.1\"]", 5, "server.listen: "},
           Case{"[server]\ntrusted_proxies = [\"10.0.0.1/33\"]", 5, "server.trusted_proxies: "},
           Case{"[server]\ntrusted_proxies = [\"proxy\"]", 5, "server.trusted_proxies: "},
           Case{"[server]\ntrusted_proxies = [\"0.0.0.0/0\"]", 5, "server.trusted_proxies: "},
           Case{"server.trusted_proxies = [\"10.0.0.1\"]\nmetrics.listen = \"foo\"", 5, "metrics.listen: "},
           Case{"server.trusted_proxies = [\"10.0.0.1\"]\nmetrics.listen = \"127.0.0.1:8025\"", 5, "metrics.listen: "},
           Case{"server.trusted_proxies = [\"10.0.0.1\"]\nmetrics.listen = \"0.0.0.0:8025\"", 5, "metrics.listen: "},
           Case{"server.trusted_proxies = [\"10.0.0.1\"]\ncookie.same_site = \"none\"", 5, "cookie.same_site: "},
           Case{"server.trusted_proxies = [\"10.0.0.1\"]\ncookie.same_site = \"none\"\ncors.origins = []", 5,
                "cookie.same_site: "},
           Case{"cookie.same_site = \"none\"\ncors.origins = [\"https://a.example.\"]", 5, "cors.origins: "},
           Case{"cookie.same_site = \"none\"\ncors.origins = [\"*\"]", 5, "cors.origins: "},
           Case{"tls.certificate_file = \"c.pem\"", 4, "tls.certificate_file: "},
           Case{"tls.key_file = \"k.pem\"", 4, "tls.key_file: "},
           Case{"tls.certificate_file = \"absent.pem\"\ntls.key_file = \"absent.key\"", 4, "tls.certificate_file: "},
           Case{"server.trusted_proxies = [\"10.0.0.1\"]\ntls.redirect_listen = \"0.0.0.0:80\"", 5,
                "tls.redirect_listen: "},
           Case{"keyring.rotate_every = \"1d\"\nkeyring.overlap = \"1d\"", 4, "keyring.rotate_every"},
           Case{"[signup]\nuid = \"optional\"", 0, "signup: "},
           Case{"server.trusted_proxies = [\"10.0.0.1\"]\nbranding.accent = \"#ffdd00\"", 5, "branding.accent: words"},
           Case{"server.trusted_proxies = [\"10.0.0.1\"]\nbranding.logo = \"absent.svg\"", 5,
                "branding.logo: the file"},
           Case{"server.trusted_proxies = [\"10.0.0.1\"]\nbranding.home_url = \"/\"", 5, "branding.home_url: "},
           Case{"server.trusted_proxies = [\"10.0.0.1\"]\nbranding.home_url = \"https://AUTH.example.com:443/?a\"", 5,
                "branding.home_url: this is the start page itself"},
           Case{"", 0, "tls.certificate_file: there is no TLS"},
           Case{"[server]\nlisten = 8025", 5, "server.listen: "},
           Case{"[servr]\nlisten = \"x\"", 4, "servr: "},
       }) {
    settings(more);
    const auto said = both_say();
    EXPECT_NE(said.find((line > 0 ? place(line) : "") + key), std::string::npos) << more << ": " << said;
  }
}

TEST_F(ConfigCheck, and_serve_say_the_same_of_a_secret) {
  for (const char* secret : {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "0123456789abcdef0123456789abcdef",
                             "qwertyuiopasdfghjklzxcvbnm123456", "change-me-change-me-change-me-now", "short", "\n"}) {
    write("secret", secret);
    settings();
    EXPECT_NE(both_say().find(place(2) + "secret_file: "), std::string::npos) << secret;
  }
}

TEST_F(ConfigCheck, finds_a_certificate_that_is_not_good) {
  const auto certificate = [&](Duration made) {
    EXPECT_TRUE(edge::write_self_signed(in_folder("c.pem"), in_folder("k.pem"), RealClock{}.now() + made).ok());
    settings("\"https://localhost\"", "\"sqlite:" + in_folder("x.db") + "\"",
             "tls.certificate_file = '" + in_folder("c.pem") + "'\ntls.key_file = '" + in_folder("k.pem") + "'");
    return check();
  };
  EXPECT_EQ(certificate(0s).code, 0);
  const auto soon = certificate(-20 * 24h);
  EXPECT_EQ(soon.code, 0);
  EXPECT_NE(soon.complained.find("tls.certificate_file: it has 9 days left"), std::string::npos) << soon.complained;
  const auto expired = certificate(-40 * 24h);
  EXPECT_EQ(expired.code, 1);
  EXPECT_NE(expired.complained.find(place(4) + "tls.certificate_file: it expired on "), std::string::npos);
  EXPECT_EQ(certificate(2h).code, 1);
  certificate(0s);
  settings("\"https://auth.example.com\"", "\"sqlite:" + in_folder("x.db") + "\"",
           "tls.certificate_file = '" + in_folder("c.pem") + "'\ntls.key_file = '" + in_folder("k.pem") + "'");
  const auto other = check();
  EXPECT_EQ(other.code, 1);
  EXPECT_NE(other.complained.find("it does not name auth.example.com"), std::string::npos) << other.complained;
}

TEST_F(ConfigCheck, finds_what_is_wrong_with_the_database) {
  settings();
  fs::create_directories(in_folder("data"));
  const std::string url = "sqlite:" + in_folder("data/cardea.db");
  ASSERT_EQ(run_command({"migrate", "up", "--database", url}).code, 0);
  EXPECT_EQ(check().code, 0);

  ASSERT_EQ(::chmod(in_folder("data/cardea.db").c_str(), 0644), 0);
  EXPECT_NE(check().complained.find("database: every user of this machine can get at "), std::string::npos);
  ASSERT_EQ(::chmod(in_folder("data/cardea.db").c_str(), 0600), 0);
  ASSERT_EQ(::chmod(in_folder("data").c_str(), 0777), 0);
  EXPECT_NE(check().complained.find("database: every user of this machine may write to "), std::string::npos);
  ASSERT_EQ(::chmod(in_folder("data").c_str(), 0700), 0);
  EXPECT_EQ(check().code, 0);

  const auto seen_by_a_job = [&](Time when) {
    db::open(url, {.readers = 1, .pool = 1})->write([&](db::Tx& tx) {
      tx.run(
          "INSERT INTO job_lease (name, next_run_at, runs, last_success_at) VALUES ('x', 0, 1, $1) "
          "ON CONFLICT (name) DO UPDATE SET last_success_at = $1",
          when);
    });
  };
  seen_by_a_job(RealClock{}.now() + 20h);
  const auto behind = check();
  EXPECT_EQ(behind.code, 1);
  EXPECT_NE(behind.complained.find("clock: this machine is "), std::string::npos) << behind.complained;
  seen_by_a_job(RealClock{}.now());
  EXPECT_EQ(check().code, 0);

  db::open(url, {.readers = 1, .pool = 1})->write([&](db::Tx& tx) {
    EXPECT_EQ(
        tx.run("UPDATE migration SET name = '9999_of_tomorrow.sql' WHERE name = (SELECT max(name) FROM migration)"), 1);
  });
  EXPECT_NE(check().complained.find("a newer program has written it"), std::string::npos);

  write("data/cardea.db", "this is no database, however long it goes on and on and on");
  const auto broken = check();
  EXPECT_EQ(broken.code, 1);
  EXPECT_NE(broken.complained.find(place(3) + "database: "), std::string::npos) << broken.complained;
}

TEST_F(ConfigCheck, finds_a_file_of_settings_that_everybody_may_change) {
  settings();
  ASSERT_EQ(::chmod(in_folder("cardea.toml").c_str(), 0666), 0);
  const auto checked = check();
  EXPECT_EQ(checked.code, 1);
  EXPECT_NE(checked.complained.find("cardea.toml: every user of this machine may write to it"), std::string::npos);
  ASSERT_EQ(::chmod(in_folder("cardea.toml").c_str(), 0644), 0);
  EXPECT_EQ(check().code, 0) << "to read it is no harm: secrets are in files of their own";
}

TEST_F(ConfigCheck, says_which_variables_it_ignored) {
  settings();
  setenv("CARDEA_PORT", "tcp://10.96.7.12:8025", 1);
  setenv("CARDEA_SERVICE_HOST", "10.96.7.12", 1);
  const auto checked = check();
  unsetenv("CARDEA_PORT");
  unsetenv("CARDEA_SERVICE_HOST");
  EXPECT_EQ(checked.code, 0) << checked.complained;
  EXPECT_NE(checked.complained.find("CARDEA_PORT"), std::string::npos);
  setenv("CARDEA_PORT", "8025", 1);
  EXPECT_NE(both_say().find("CARDEA_PORT: unknown variable"), std::string::npos);
  unsetenv("CARDEA_PORT");
}

TEST_F(ConfigCheck, file_of_countries_is_opened_and_its_age_told) {
  const auto check_with = [this](const std::string& file) {
    settings("[server]\ntrusted_proxies = [\"127.0.0.1/32\"]\n[signin]\ncountry_file = '" + in_folder(file) + "'");
    return check();
  };
  write("old.mmdb", testing_support::country_file({{"203.0.113.0", 24, "CH"}}));
  const auto old = check_with("old.mmdb");
  EXPECT_EQ(old.code, 0) << old.complained;
  EXPECT_NE(old.complained.find("signin.country_file: it was made "), std::string::npos) << old.complained;
  write("wrong.mmdb", "something else");
  const auto wrong = check_with("wrong.mmdb");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.complained.find("signin.country_file: " + in_folder("wrong.mmdb") + ": "), std::string::npos)
      << wrong.complained;
  EXPECT_EQ(check_with("gone.mmdb").code, 1);
}

}  // namespace
}  // namespace cardea::app
