#pragma once
// An end that comes in time, whatever hangs.

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "base/time.hpp"
#include "observe/log.hpp"

namespace cardea::app {

/// From `arm` on the process ends within `most`: by itself, or by force when something in it still waits for a database
/// or another party then. What was not committed is rolled back, as by a kill.
class EndInTime {
 public:
  /// Starts its thread, because at the end there may be no memory for one. The log outlives this.
  explicit EndInTime(observe::Log& log) : log_(log), thread_([this] { wait(); }) {}
  ~EndInTime();
  EndInTime(const EndInTime&) = delete;
  EndInTime& operator=(const EndInTime&) = delete;

  void arm(Duration most);

 private:
  void wait();

  observe::Log& log_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Duration> most_;
  bool is_over_ = false;
  std::thread thread_;  // last: uses all of the above
};

}  // namespace cardea::app
