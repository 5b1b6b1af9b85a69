#include "app/systemd_notifier.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <ctime>

#include "base/text.hpp"

namespace cardea::app {
namespace {

/// A socket that is connected to `name`: a path, or @ and a name in the abstract space. Negative when it cannot be.
int connected_to(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool is_known = name.starts_with('/') || name.starts_with('@');
  if (!is_known || name.size() >= sizeof address.sun_path) return -1;
  name.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
  if (name.front() == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0 || ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), size) == 0) {
    return descriptor;
  }
  ::close(descriptor);
  return -1;
}

std::int64_t micros(Duration span) { return std::chrono::duration_cast<std::chrono::microseconds>(span).count(); }

/// The clock that systemd compares RELOADING=1 with.
std::int64_t monotonic_micros() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

/// On one line, because a line is a message of its own.
std::string status_line(std::string_view text) {
  std::string line = "STATUS=";
  for (const char c : text) line += c == '\n' ? ' ' : c;
  return line;
}

}  // namespace

SystemdNotifier::SystemdNotifier(const std::function<std::optional<std::string>(std::string_view)>& variable)
    : descriptor_(connected_to(variable("NOTIFY_SOCKET").value_or(""))) {
  const auto watchdog = text::parse_integer(variable("WATCHDOG_USEC").value_or(""));
  const auto pid = text::parse_integer(variable("WATCHDOG_PID").value_or(std::to_string(::getpid())));
  if (watchdog && *watchdog > 0 && pid == ::getpid()) watchdog_ = std::chrono::microseconds{*watchdog};
}

SystemdNotifier::~SystemdNotifier() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void SystemdNotifier::send(const std::string& message) const {
  if (descriptor_ >= 0) (void)::send(descriptor_, message.data(), message.size(), MSG_NOSIGNAL);
}

void SystemdNotifier::ready(std::string_view status) const { send("READY=1\n" + status_line(status)); }

void SystemdNotifier::reloading() const {
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_micros()) + "\nSTATUS=Reloading the certificate.");
}

void SystemdNotifier::stopping(std::string_view status, Duration most) const {
  send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + std::to_string(micros(most)) + "\n" + status_line(status));
}

void SystemdNotifier::status(std::string_view text) const { send(status_line(text)); }

void SystemdNotifier::extend(Duration span) const { send("EXTEND_TIMEOUT_USEC=" + std::to_string(micros(span))); }

void SystemdNotifier::alive() const { send("WATCHDOG=1"); }

}  // namespace cardea::app
