#pragma once
// A run of the server as the one that supervises it sees it: starting, serving, reloading, stopping. Without systemd
// nobody listens, and nothing of it happens.

#include <functional>
#include <memory>
#include <string>

#include "app/every.hpp"
#include "app/readiness.hpp"
#include "app/systemd_notifier.hpp"
#include "edge/server.hpp"
#include "observe/log.hpp"

namespace cardea::app {

class Supervised {
 public:
  /// Both outlive it.
  Supervised(const SystemdNotifier& notifier, observe::Log& log) : notifier_(notifier), log_(log) {}

  /// While what is returned lives, systemd is asked for more time again and again: a database is waited for, and
  /// migrations take as long as they take. After `longest_start` no more, so that a start that hangs is noticed.
  [[nodiscard]] std::unique_ptr<Every> starting();
  /// Ready. While what is returned lives, the watchdog hears of every time when all threads of `server` have answered,
  /// and `systemctl status` shows whether the parts of `readiness` work. Both outlive it.
  [[nodiscard]] std::unique_ptr<Every> serving(edge::Server& server, const Readiness& readiness);
  /// Runs `reload`, and tells when it has begun and ended. After serving().
  void reloading(const std::function<void()>& reload);
  /// It may take `most` from now.
  void stopping(Duration most);

  static constexpr Duration longest_start = std::chrono::hours{1};

 private:
  [[nodiscard]] std::string status() const;
  void beat();

  const SystemdNotifier& notifier_;
  observe::Log& log_;
  edge::Server* server_ = nullptr;
  const Readiness* readiness_ = nullptr;
  bool is_silent_ = false;  // some thread had not answered at the last beat
};

}  // namespace cardea::app
