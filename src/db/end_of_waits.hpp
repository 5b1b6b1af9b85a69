#pragma once
// An end for every wait of a database for others: for a lock, a connection of the pool, a server's answer.

#include <algorithm>
#include <atomic>
#include <chrono>

#include "db/database.hpp"

namespace cardea::db {

using Deadline = std::chrono::steady_clock::time_point;

/// From `end` on nobody waits any longer: who waits is told that it does not come, as by its own deadline; what needs
/// no waiting goes on. For the end of a process. Any thread.
void end_waits_by(Database& database, Deadline end) noexcept;

/// Internal to db: until when the waits of one database may last. Callable from any thread.
class EndOfWaits {
 public:
  /// What a wait that begins afterwards may still take: enough for who answers at once.
  static constexpr std::chrono::milliseconds last_patience{250};

  void set(Deadline end) noexcept { end_ = end.time_since_epoch().count(); }
  /// When a wait has to end that began at `begun` and would end at `deadline`.
  [[nodiscard]] Deadline bound(Deadline deadline, Deadline begun) const noexcept {
    const Deadline end{Deadline::duration{end_.load()}};
    return std::min(deadline, std::max(end, begun + last_patience));
  }

 private:
  std::atomic<Deadline::rep> end_ = Deadline::max().time_since_epoch().count();
};

/// Internal to db: what the engines are besides.
class EndsWaits {
 public:
  virtual ~EndsWaits() = default;
  virtual void end_waits_by(Deadline end) noexcept = 0;
};

}  // namespace cardea::db
