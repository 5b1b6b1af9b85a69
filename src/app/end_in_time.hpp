#pragma once
// An end that comes in time, whatever hangs.

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/time.hpp"
#include "observe/log.hpp"

namespace cardea::app {

/// From `arm` on the process ends within `most`: by itself, or by force when something in it still waits for a database
/// or another party then. What was not committed is rolled back, as by a kill.
class EndInTime {
 public:
  /// The log outlives this.
  explicit EndInTime(observe::Log& log) : log_(log) {}
  ~EndInTime();
  EndInTime(const EndInTime&) = delete;
  EndInTime& operator=(const EndInTime&) = delete;

  void arm(Duration most);

 private:
  observe::Log& log_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace cardea::app
