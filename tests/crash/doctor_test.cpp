// `cardea doctor` beside the real program: it is well, it runs with other settings, it is down.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "app/free_port.hpp"
#include "edge/self_signed.hpp"
#include "encoding/value.hpp"
#include "tests/support/program.hpp"

namespace cardea::crash {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing_support::Folder;
using testing_support::Program;
using testing_support::run;

/// A server that speaks TLS itself, with a certificate that this machine trusts meanwhile.
class Doctor : public ::testing::Test {
 protected:
  Doctor() {
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    EXPECT_TRUE(edge::write_self_signed(path("c.pem"), path("k.pem"), now).ok());
    setenv("SSL_CERT_FILE", path("c.pem").c_str(), 1);
    std::ofstream{path("secret")} << "d2hhdGV2ZXIgaXQgaXMsIGl0IGlzIGxvbmcgZW5vdWdo\n";
    fs::permissions(path("secret"), fs::perms::owner_read | fs::perms::owner_write);
    write_settings("");
  }
  ~Doctor() override { unsetenv("SSL_CERT_FILE"); }

  void write_settings(const std::string& lines) const {
    std::ofstream{path("cardea.toml")} << "url = \"https://localhost:" << port_ << "\"\nsecret_file = \""
                                       << path("secret") << "\"\ndatabase = \"sqlite:" << path("data/cardea.db")
                                       << "\"\n[server]\nlisten = \"127.0.0.1:" << port_ << "\"\n"
                                       << lines << "\n[tls]\ncertificate_file = \"" << path("c.pem")
                                       << "\"\nkey_file = \"" << path("k.pem")
                                       << "\"\n[password]\nbreached = \"off\"\n";  // there is no list
  }
  [[nodiscard]] std::string path(std::string_view name) const { return folder_.path() / name; }
  /// Its exit code; what it printed is in `printed_`.
  int doctor(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"doctor", "--config", path("cardea.toml")});
    const int code = run(folder_, more);
    std::ostringstream text;
    text << std::ifstream{path("log-command")}.rdbuf();
    printed_ = text.str();
    return code;
  }
  [[nodiscard]] bool prints(std::string_view text) const { return printed_.find(text) != std::string::npos; }

  const Folder folder_;
  const int port_ = app::free_port("127.0.0.1:0").value().port;
  std::string printed_;
};

TEST_F(Doctor, finds_a_server_well_down_and_with_other_settings) {
  EXPECT_EQ(doctor(), 1);
  EXPECT_TRUE(prints("server.listen: no server answers at 127.0.0.1:")) << printed_;
  EXPECT_TRUE(prints("  fix: sudo systemctl start cardea\n")) << printed_;
  EXPECT_TRUE(prints("cardea.toml:1: url: nothing can be reached")) << printed_;

  Program program{folder_, {"serve", "--create", "--config", path("cardea.toml")}};
  ASSERT_TRUE(program.says("server.started")) << program.log();
  EXPECT_EQ(doctor(), 0) << printed_;
  EXPECT_TRUE(prints("the certificate has 29 days left")) << printed_;
  EXPECT_TRUE(prints("Everything is fine.\n")) << printed_;

  EXPECT_EQ(doctor({"--json"}), 0);
  const auto report = wire::parse(printed_);
  ASSERT_TRUE(report) << printed_;
  EXPECT_EQ(*report->find("ok")->get<bool>(), true);
  EXPECT_EQ(report->find("findings")->get<wire::Array>()->size(), 0U);
  EXPECT_EQ(*report->find("seen")->find("client")->get<std::string>(), "127.0.0.1");

  unsetenv("SSL_CERT_FILE");
  EXPECT_EQ(doctor(), 1);
  EXPECT_TRUE(prints("url: the certificate or TLS of localhost:")) << printed_;
  setenv("SSL_CERT_FILE", path("c.pem").c_str(), 1);

  write_settings("trusted_proxies = [\"127.0.0.1/32\"]\n");
  EXPECT_EQ(doctor({"--json"}), 1);
  EXPECT_TRUE(prints("another value of server.trusted_proxies")) << printed_;
  EXPECT_TRUE(prints("\"weight\":\"problem\"")) << printed_;

  std::ofstream{path("secret")} << "YW5vdGhlciBvbmUsIHdoaWNoIGlzIGxvbmcgZW5vdWdo\n";
  EXPECT_EQ(doctor(), 1);
  EXPECT_TRUE(prints("is not this server with this secret")) << printed_;
}

TEST_F(Doctor, says_what_config_check_says_and_ends_with_2_when_it_is_called_wrongly) {
  std::ofstream{path("cardea.toml")} << "url = \"http://localhost\"\nurk = 1\n";
  EXPECT_EQ(doctor(), 1);
  EXPECT_TRUE(prints("cardea.toml:2: urk: unknown key")) << printed_;
  EXPECT_EQ(doctor({"--json"}), 1);
  EXPECT_TRUE(wire::parse(printed_).ok()) << printed_;
  EXPECT_EQ(doctor({"--jsonn"}), 2);
}

}  // namespace
}  // namespace cardea::crash
