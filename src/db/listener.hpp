#pragma once
// How the bus hears other processes on one engine. Internal to db.

#include <vector>

#include "base/time.hpp"
#include "db/announcement.hpp"

namespace cardea::db {

/// Ends a wait from another thread. Once raised it stays raised.
class WakeUp {
 public:
  WakeUp();
  ~WakeUp();
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;

  void raise() const noexcept;
  /// Waits at most `time`; true when raised.
  [[nodiscard]] bool wait(Duration time) const noexcept;
  enum class Direction { read, write };
  /// Waits at most `time`, or until `descriptor` is ready; true when raised.
  [[nodiscard]] bool wait(Duration time, int descriptor, Direction direction) const noexcept;

 private:
  int descriptor_;
};

/// Used by one thread.
class Listener {
 public:
  virtual ~Listener() = default;
  /// Begins to listen: whatever another process commits after this has returned is heard, or `next` throws. Throws
  /// DatabaseError when that cannot be had within a few seconds, or when woken.
  virtual void open(const WakeUp& wake) = 0;
  /// What other processes have announced since; may be nothing after a while, or when woken. Throws DatabaseError as
  /// soon as something may have been missed, which includes an engine that does not answer.
  virtual std::vector<Announcement> next(const WakeUp& wake) = 0;
  virtual void close() noexcept = 0;
};

}  // namespace cardea::db
