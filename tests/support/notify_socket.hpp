#pragma once
// What systemd listens at for sd_notify(3), without systemd. Header only, for tests of one module too.

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cardea::testing_support {

class NotifySocket {
 public:
  enum class Kind { file, abstract };
  explicit NotifySocket(Kind kind = Kind::file)
      : name_((kind == Kind::abstract ? "@cardea-notify-" : "/tmp/cardea-notify-") + std::to_string(::getpid()) + "-" +
              std::to_string(next_number())),
        descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name_.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    if (kind == Kind::abstract) address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) != 0) throw std::runtime_error(name_);
  }
  ~NotifySocket() {
    ::close(descriptor_);
    if (name_.front() == '/') ::unlink(name_.c_str());
  }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  /// For NOTIFY_SOCKET.
  [[nodiscard]] const std::string& name() const { return name_; }

  /// The next message; empty when none comes within so many seconds.
  [[nodiscard]] std::string receive(int seconds = 15) const {
    const timeval patience{.tv_sec = seconds, .tv_usec = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::array<char, 4096> message{};
    const ssize_t size = ::recv(descriptor_, message.data(), message.size(), 0);
    return size < 0 ? std::string{} : std::string{message.data(), static_cast<std::size_t>(size)};
  }

  /// Passes over messages until one begins with `start`; that one, or empty when none does.
  [[nodiscard]] std::string receive_from(std::string_view start) const {
    for (int i = 0; i < 1'000; ++i) {
      std::string message = receive();
      if (message.empty() || message.starts_with(start)) return message;
    }
    return {};
  }

 private:
  static int next_number() {
    static std::atomic<int> number{0};
    return ++number;
  }

  std::string name_;
  int descriptor_;
};

}  // namespace cardea::testing_support
