// The real program under a systemd that is played: what it tells, and the sockets that it is passed.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "tests/support/notify_socket.hpp"
#include "tests/support/program.hpp"
#include "tests/support/raw_client.hpp"

namespace cardea::crash {
namespace {

namespace fs = std::filesystem;
using testing_support::Folder;
using testing_support::NotifySocket;
using testing_support::RawClient;

/// A listening socket, out of the way of the descriptors that are passed.
class Listening {
 public:
  Listening() {
    const int made = ::socket(AF_INET, SOCK_STREAM, 0);
    descriptor_ = ::fcntl(made, F_DUPFD_CLOEXEC, 100);
    ::close(made);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(descriptor_, 16), 0);
    EXPECT_EQ(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~Listening() { ::close(descriptor_); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  int descriptor_ = -1;
  std::uint16_t port_ = 0;
};

class Systemd : public ::testing::Test {
 protected:
  ~Systemd() override {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      (void)wait();
    }
  }

  /// Starts `cardea serve` on a SQLite database in the folder. `lines` are of its table [server].
  void serve(const std::string& lines, std::vector<std::string> variables, const std::vector<int>& passed = {},
             const std::string& more = {}) {
    std::ofstream{path("secret")} << "d2hhdGV2ZXIgaXQgaXMsIGl0IGlzIGxvbmcgZW5vdWdo\n";
    fs::permissions(path("secret"), fs::perms::owner_read | fs::perms::owner_write);
    std::ofstream{path("cardea.toml")} << "url = \"https://auth.example.com\"\nsecret_file = \"" << path("secret")
                                       << "\"\ndatabase = \"sqlite:" << path("cardea.db") << "\"\n[server]\n"
                                       << lines << "\ntrusted_proxies = [\"127.0.0.1/32\", \"unix:\"]\n"
                                       << more << "\n";
    for (char** entry = environ; *entry != nullptr; ++entry) {
      if (!std::string_view{*entry}.starts_with("CARDEA_")) variables.emplace_back(*entry);
    }
    // The number of the process is known to itself alone.
    start({"/bin/sh", "-c", "export LISTEN_PID=${LISTEN_PID-$$}; exec \"$0\" \"$@\"", CARDEA_PROGRAM, "serve",
           "--create", "--config", path("cardea.toml")},
          variables, passed);
  }

  void stop_well() {
    ::kill(child_, SIGTERM);
    EXPECT_EQ(wait(), 0) << log();
  }
  int wait() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  [[nodiscard]] std::string log() const {
    std::ostringstream text;
    text << std::ifstream{path("log")}.rdbuf();
    return text.str();
  }
  [[nodiscard]] std::string path(std::string_view name) const { return folder_.path() / name; }
  [[nodiscard]] std::string notify() const { return "NOTIFY_SOCKET=" + systemd_.name(); }

  const Folder folder_;
  const NotifySocket systemd_;
  pid_t child_ = -1;

 private:
  void start(std::vector<std::string> words, std::vector<std::string> variables, const std::vector<int>& passed) {
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> out;
      out.reserve(texts.size() + 1);
      for (auto& text : texts) out.push_back(text.data());
      out.push_back(nullptr);
      return out;
    };
    const auto arguments = pointers(words);
    const auto environment = pointers(variables);
    const std::string log_file = path("log");
    child_ = ::fork();
    if (child_ != 0) return;
    // From here to exec only async-signal-safe calls.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int file = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file < 0 || ::dup2(file, 1) < 0 || ::dup2(file, 2) < 0) ::_exit(126);
    for (std::size_t i = 0; i < passed.size(); ++i) {
      if (::dup2(passed[i], 3 + static_cast<int>(i)) < 0) ::_exit(126);
    }
    ::execve(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
  }
};

constexpr const char* somewhere = "listen = \"127.0.0.1:0\"";
constexpr std::string_view healthz = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(Systemd, hears_of_start_reload_and_end) {
  serve(somewhere, {notify()});
  EXPECT_EQ(systemd_.receive(), "STATUS=Preparing the database.");
  EXPECT_EQ(systemd_.receive(), "EXTEND_TIMEOUT_USEC=30000000");
  const std::string ready = systemd_.receive_from("READY=1");
  EXPECT_TRUE(ready.starts_with("READY=1\nSTATUS=Serving at http://127.0.0.1:")) << ready << log();
  ::kill(child_, SIGHUP);
  EXPECT_TRUE(systemd_.receive_from("RELOADING=1").starts_with("RELOADING=1\nMONOTONIC_USEC="));
  EXPECT_TRUE(systemd_.receive_from("READY=1").starts_with("READY=1\nSTATUS=Serving"));
  ::kill(child_, SIGTERM);
  const std::string stopping = systemd_.receive_from("STOPPING=1");
  EXPECT_TRUE(stopping.starts_with("STOPPING=1\nEXTEND_TIMEOUT_USEC=29000000\n")) << "the drain and what follows";
  EXPECT_EQ(wait(), 0) << log();
}

TEST_F(Systemd, watchdog_hears_it_again_and_again) {
  serve(somewhere, {notify(), "WATCHDOG_USEC=400000"});
  ASSERT_NE(systemd_.receive_from("READY=1"), "") << log();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(systemd_.receive_from("WATCHDOG=1"), "WATCHDOG=1");
  stop_well();
}

TEST_F(Systemd, status_says_what_does_not_work) {
  serve(somewhere, {notify(), "WATCHDOG_USEC=400000"});
  ASSERT_NE(systemd_.receive_from("READY=1"), "") << log();
  fs::rename(path("cardea.db"), path("away.db"));
  EXPECT_NE(systemd_.receive_from("STATUS=Not ready: "), "");
  fs::rename(path("away.db"), path("cardea.db"));
  EXPECT_NE(systemd_.receive_from("STATUS=Serving"), "");
  stop_well();
}

TEST_F(Systemd, passes_sockets_by_name) {
  const Listening web;
  const Listening also;
  const Listening metrics;
  serve("listen = \"systemd:\"", {notify(), "LISTEN_FDS=3", "LISTEN_FDNAMES=web:metrics:also"},
        {web.descriptor(), metrics.descriptor(), also.descriptor()}, "[metrics]\nlisten = \"systemd:metrics\"");
  ASSERT_NE(systemd_.receive_from("READY=1"), "") << log();
  for (const auto* one : {&web, &also}) EXPECT_EQ(RawClient{one->port()}.ask(healthz)->status, 200);
  RawClient scraper{metrics.port()};
  ASSERT_TRUE(scraper.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(scraper.receive_head()->status, 200);
  EXPECT_EQ(RawClient{metrics.port()}.ask(healthz)->status, 404) << "it is for metrics alone";
  stop_well();
}

TEST_F(Systemd, keeps_a_passed_socket_so_that_nobody_is_refused_during_a_restart) {
  const Listening web;
  const std::string lines = "listen = \"systemd:web\"";
  const std::vector<std::string> variables{notify(), "LISTEN_FDS=1", "LISTEN_FDNAMES=web"};
  serve(lines, variables, {web.descriptor()});
  ASSERT_NE(systemd_.receive_from("READY=1"), "") << log();
  stop_well();
  RawClient early{web.port()};
  ASSERT_TRUE(early.send(healthz));
  serve(lines, variables, {web.descriptor()});
  EXPECT_EQ(early.receive()->status, 200) << log();
  stop_well();
}

TEST_F(Systemd, start_ends_with_the_reason_when_sockets_and_settings_do_not_fit) {
  const Listening web;
  serve(somewhere, {"LISTEN_FDS=1", "LISTEN_FDNAMES=web"}, {web.descriptor()});
  EXPECT_EQ(wait(), 1);
  EXPECT_NE(log().find("systemd passed the socket \"web\", which no setting asks for"), std::string::npos) << log();
  serve("listen = \"systemd:other\"", {"LISTEN_FDS=1", "LISTEN_FDNAMES=web"}, {web.descriptor()});
  EXPECT_EQ(wait(), 1);
  EXPECT_NE(log().find("systemd passed no such socket"), std::string::npos) << log();
  std::ofstream{path("letter")};
  const int letter = ::fcntl(::open(path("letter").c_str(), O_RDONLY | O_CLOEXEC), F_DUPFD_CLOEXEC, 100);
  serve("listen = \"systemd:\"", {"LISTEN_FDS=1"}, {letter});
  ::close(letter);
  EXPECT_EQ(wait(), 1);
  EXPECT_NE(log().find("\"unknown\" is no stream socket"), std::string::npos) << log();
}

TEST_F(Systemd, sockets_for_another_process_are_not_taken) {
  serve(somewhere, {notify(), "LISTEN_FDS=1", "LISTEN_PID=1"});
  EXPECT_NE(systemd_.receive_from("READY=1"), "") << log();
  stop_well();
}

TEST_F(Systemd, start_at_a_unix_socket_is_served_and_its_file_goes_again) {
  serve("listen = \"unix:" + path("it.sock") + "\"\nsocket_mode = \"0600\"", {notify()});
  ASSERT_EQ(systemd_.receive_from("READY=1"), "READY=1\nSTATUS=Serving at unix:" + path("it.sock") + ".") << log();
  EXPECT_EQ(RawClient{path("it.sock")}.ask(healthz)->status, 200);
  ::kill(child_, SIGKILL);
  (void)wait();
  EXPECT_TRUE(fs::exists(path("it.sock"))) << "what a crash leaves behind";
  serve("listen = \"unix:" + path("it.sock") + "\"", {notify()});
  ASSERT_NE(systemd_.receive_from("READY=1"), "") << log();
  EXPECT_EQ(RawClient{path("it.sock")}.ask(healthz)->status, 200);
  stop_well();
  EXPECT_FALSE(fs::exists(path("it.sock")));
}

}  // namespace
}  // namespace cardea::crash
