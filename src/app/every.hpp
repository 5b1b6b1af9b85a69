#pragma once
// Something that is done again and again while other things go on.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/time.hpp"

namespace cardea::app {

/// Calls a function at once and then every so often, on a thread of its own, until it goes. It must not throw.
class Every {
 public:
  Every(Duration pause, std::function<void()> work)
      : thread_([this, pause, work = std::move(work)](const std::stop_token& stop) {
          std::unique_lock lock{mutex_};
          while (!stop.stop_requested()) {
            lock.unlock();
            work();
            lock.lock();
            wake_.wait_for(lock, stop, pause, [] { return false; });
          }
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last, so that it ends first
};

}  // namespace cardea::app
