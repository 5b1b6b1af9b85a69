#pragma once
// What the subscribers of one process's bus were told, in order.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "db/bus.hpp"

namespace cardea::testing_support {

/// Notes "thing:SUBJECT" and "other:SUBJECT" for those two topics, "lost" and "regained".
class Ear {
 public:
  explicit Ear(db::Bus& bus)
      : things_(bus.subscribe("thing", [this](BytesView subject) noexcept { note("thing:", as_text(subject)); })),
        others_(bus.subscribe("other", [this](BytesView subject) noexcept { note("other:", as_text(subject)); })),
        watch_(bus.watch([this]() noexcept { note("lost", {}); }, [this]() noexcept { note("regained", {}); })) {}

  [[nodiscard]] std::vector<std::string> heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  [[nodiscard]] std::ptrdiff_t count(std::string_view what) {
    const std::lock_guard lock(mutex_);
    return std::count(heard_.begin(), heard_.end(), what);
  }
  /// Waits until it was told `what` this often; false when `time` ends first.
  bool hears(std::string_view what, std::ptrdiff_t times = 1,
             std::chrono::milliseconds time = std::chrono::seconds{1}) {
    std::unique_lock lock(mutex_);
    return told_.wait_for(lock, time, [&] { return std::count(heard_.begin(), heard_.end(), what) >= times; });
  }

 private:
  void note(std::string_view what, std::string_view subject) noexcept {
    const std::lock_guard lock(mutex_);
    heard_.push_back(std::string{what} + std::string{subject});
    told_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable told_;
  std::vector<std::string> heard_;
  db::Bus::Subscription things_;
  db::Bus::Subscription others_;
  db::Bus::Subscription watch_;
};

}  // namespace cardea::testing_support
