#pragma once
// Records what one thread sends to the database.

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "db/database.hpp"

namespace cardea::testing_support {

class StatementRecorder {
 public:
  /// For db::Options::on_statement; valid as long as the recorder.
  [[nodiscard]] db::StatementObserver observer() {
    return [this](std::string_view sql) {
      const std::lock_guard lock{mutex_};
      if (thread_ == std::this_thread::get_id()) statements_.emplace_back(sql);
    };
  }
  /// The statements that `work` sends on this thread, in order.
  [[nodiscard]] std::vector<std::string> record(const std::function<void()>& work) {
    set_thread(std::this_thread::get_id());
    work();
    set_thread(std::nullopt);
    const std::lock_guard lock{mutex_};
    return std::exchange(statements_, {});
  }

 private:
  void set_thread(std::optional<std::thread::id> thread) {
    const std::lock_guard lock{mutex_};
    thread_ = thread;
  }

  std::mutex mutex_;
  std::optional<std::thread::id> thread_;
  std::vector<std::string> statements_;
};

}  // namespace cardea::testing_support
