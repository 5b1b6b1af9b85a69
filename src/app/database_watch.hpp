#pragma once
// Sees to it that what is wrong with the database is noticed, counted and said, also while nobody asks for anything.

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "db/database.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

namespace cardea::app {

class DatabaseWatch {
 public:
  /// Both outlive it.
  DatabaseWatch(observe::Log& log, observe::Metrics& metrics);

  /// To be given to db::open: counts every failure by its kind, and says at `error` what is not the load's.
  [[nodiscard]] db::FailureObserver observer();
  /// Asks `database` every two seconds for as long as the result lives. Both outlive that.
  [[nodiscard]] std::jthread start(db::Database& database);

 private:
  void count(const db::DatabaseError& problem);
  void look(db::Database& database);
  /// The same failure is said once in ten seconds, however many meet it.
  [[nodiscard]] bool is_news(db::Failure failure);

  observe::Log& log_;
  std::array<observe::Counter*, enum_texts(db::Failure{}).size()> counters_{};  // in the order of the enum
  std::mutex mutex_;
  std::optional<db::Failure> said_;
  std::chrono::steady_clock::time_point said_at_;
  std::atomic<bool> is_up_ = true;
};

}  // namespace cardea::app
