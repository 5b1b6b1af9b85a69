#pragma once
// What systemd is told of this process, by its protocol of one datagram for each message (sd_notify(3)).

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace cardea::app {

/// Sends messages to the socket that NOTIFY_SOCKET names; without one, none. What cannot be sent is dropped: nothing
/// waits for systemd. Any thread.
class SystemdNotifier {
 public:
  /// `variable` reads the environment.
  explicit SystemdNotifier(const std::function<std::optional<std::string>(std::string_view)>& variable);
  ~SystemdNotifier();
  SystemdNotifier(const SystemdNotifier&) = delete;
  SystemdNotifier& operator=(const SystemdNotifier&) = delete;

  [[nodiscard]] bool is_heard() const { return descriptor_ >= 0; }
  /// Within which alive() must be called again and again (WatchdogSec=); absent when nobody watches.
  [[nodiscard]] std::optional<Duration> watchdog() const { return watchdog_; }

  /// READY=1: started, or done with reloading.
  void ready(std::string_view status) const;
  /// RELOADING=1, until ready().
  void reloading() const;
  /// STOPPING=1, and that it may take `most` until the end.
  void stopping(std::string_view status, Duration most) const;
  /// STATUS=…, what `systemctl status` shows.
  void status(std::string_view text) const;
  /// EXTEND_TIMEOUT_USEC=…: whatever systemd waits for at present may take so long from now on.
  void extend(Duration span) const;
  /// WATCHDOG=1.
  void alive() const;

 private:
  void send(const std::string& message) const;

  int descriptor_ = -1;
  std::optional<Duration> watchdog_;
};

}  // namespace cardea::app
