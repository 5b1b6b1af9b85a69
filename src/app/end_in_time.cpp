#include "app/end_in_time.hpp"

#include <unistd.h>

namespace cardea::app {

EndInTime::~EndInTime() {
  {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void EndInTime::arm(Duration most) {
  {
    const std::lock_guard lock{mutex_};
    most_ = most;
  }
  wake_.notify_all();
}

void EndInTime::wait() {
  std::unique_lock lock{mutex_};
  wake_.wait(lock, [this] { return is_over_ || most_; });
  if (is_over_ || wake_.wait_for(lock, *most_, [this] { return is_over_; })) return;
  log_.error("server.end_forced",
             {{"after_ms", std::chrono::duration_cast<std::chrono::milliseconds>(*most_).count()}});
  log_.flush(std::chrono::milliseconds{500});
  _exit(0);
}

}  // namespace cardea::app
