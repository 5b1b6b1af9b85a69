#pragma once
// What failed and has not been seen to work since. Internal to db.

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

#include "db/database.hpp"

namespace cardea::db {

/// Callable from any thread.
class Health {
 public:
  explicit Health(FailureObserver observer) : observer_(std::move(observer)) {}

  /// Runs `work`; a DatabaseError that leaves it is noted and told.
  template <class Work>
  void watch(Work&& work) {
    try {
      work();
    } catch (const DatabaseError& problem) {
      met(problem);
      throw;
    }
  }
  void met(const DatabaseError& problem) noexcept;

  /// What is wrong now. `ping` throws unless the engine answers; `write` unless it stores something. The latter is
  /// called only while what failed before could be over, and once a second, because anybody may ask how we are.
  [[nodiscard]] std::optional<Failure> ask(const std::function<void()>& ping,
                                           const std::function<void()>& write) noexcept;

 private:
  [[nodiscard]] std::optional<Failure> attempt(const std::function<void()>& work) noexcept;

  [[nodiscard]] bool may_write_now();

  const FailureObserver observer_;
  std::mutex mutex_;
  std::optional<Failure> standing_;
  std::chrono::steady_clock::time_point asked_at_ = {};
};

}  // namespace cardea::db
