#include "app/systemd_notifier.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "tests/support/notify_socket.hpp"

namespace cardea::app {
namespace {

using namespace std::chrono_literals;
using testing_support::NotifySocket;
using Variables = std::map<std::string, std::string, std::less<>>;

auto reading(const Variables& variables) {
  return [&variables](std::string_view name) -> std::optional<std::string> {
    const auto at = variables.find(name);
    return at == variables.end() ? std::nullopt : std::optional{at->second};
  };
}

TEST(SystemdNotifier, says_each_thing_in_one_message) {
  for (const auto kind : {NotifySocket::Kind::file, NotifySocket::Kind::abstract}) {
    NotifySocket systemd{kind};
    const Variables variables{{"NOTIFY_SOCKET", systemd.name()}};
    const SystemdNotifier notifier{reading(variables)};
    EXPECT_TRUE(notifier.is_heard());
    notifier.ready("Serving.");
    EXPECT_EQ(systemd.receive(), "READY=1\nSTATUS=Serving.");
    notifier.status("one\ntwo");
    EXPECT_EQ(systemd.receive(), "STATUS=one two") << "or the second line would be a message of its own";
    notifier.stopping("Ending.", 20s);
    EXPECT_EQ(systemd.receive(), "STOPPING=1\nEXTEND_TIMEOUT_USEC=20000000\nSTATUS=Ending.");
    notifier.extend(30s);
    EXPECT_EQ(systemd.receive(), "EXTEND_TIMEOUT_USEC=30000000");
    notifier.alive();
    EXPECT_EQ(systemd.receive(), "WATCHDOG=1");
    notifier.reloading();
    const std::string reloading = systemd.receive();
    EXPECT_TRUE(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC=")) << reloading;
  }
}

TEST(SystemdNotifier, without_a_socket_says_nothing) {
  for (const std::string& name : {std::string{}, std::string{"/nowhere/notify"}, std::string{"relative"},
                                  std::string{"vsock:2:1"}, std::string(200, 'x')}) {
    const Variables variables{{"NOTIFY_SOCKET", name}};
    const SystemdNotifier notifier{reading(variables)};
    EXPECT_FALSE(notifier.is_heard()) << name;
    notifier.ready("Serving.");
    notifier.alive();
  }
}

TEST(SystemdNotifier, does_not_wait_for_a_systemd_that_reads_nothing) {
  NotifySocket systemd;
  const Variables variables{{"NOTIFY_SOCKET", systemd.name()}};
  const SystemdNotifier notifier{reading(variables)};
  for (int i = 0; i < 5'000; ++i) notifier.alive();
}

TEST(SystemdNotifier, knows_the_watchdog_that_is_meant_for_it) {
  const std::string me = std::to_string(getpid());
  const auto watchdog = [](const Variables& variables) { return SystemdNotifier{reading(variables)}.watchdog(); };
  EXPECT_EQ(watchdog({{"WATCHDOG_USEC", "60000000"}, {"WATCHDOG_PID", me}}), 60s);
  EXPECT_EQ(watchdog({{"WATCHDOG_USEC", "60000000"}}), 60s);
  EXPECT_EQ(watchdog({{"WATCHDOG_USEC", "60000000"}, {"WATCHDOG_PID", "1"}}), std::nullopt);
  for (const char* none : {"", "0", "-5", "soon"}) EXPECT_EQ(watchdog({{"WATCHDOG_USEC", none}}), std::nullopt) << none;
}

}  // namespace
}  // namespace cardea::app
