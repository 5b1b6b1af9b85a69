#include "app/end_in_time.hpp"

#include <unistd.h>

namespace cardea::app {

EndInTime::~EndInTime() {
  {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void EndInTime::arm(Duration most) {
  thread_ = std::thread{[this, most] {
    std::unique_lock lock{mutex_};
    if (wake_.wait_for(lock, most, [this] { return is_over_; })) return;
    log_.error("server.end_forced",
               {{"after_ms", std::chrono::duration_cast<std::chrono::milliseconds>(most).count()}});
    log_.flush(std::chrono::milliseconds{500});
    _exit(0);
  }};
}

}  // namespace cardea::app
