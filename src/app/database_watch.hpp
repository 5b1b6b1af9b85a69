#pragma once
// What is wrong with the database, counted and said. Readiness asks it once a second, also while nobody else does.

#include <array>
#include <atomic>
#include <mutex>
#include <optional>

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
  /// To be given to it too: counts retries and measures waits.
  [[nodiscard]] db::TransactionObserver transactions();
  /// From now on the room on the disk is measured too, where the database knows it: whenever something is heard,
  /// because to ask a disk may take as long as it likes. `database` outlives what calls `heard`.
  void measure_disk(const db::Database& database);
  /// Takes what the database said when it was asked how it is.
  void heard(const std::optional<db::Failure>& failure);

 private:
  void measure();
  void count(const db::DatabaseError& problem);
  /// The same failure is said once in ten seconds, however many meet it.
  [[nodiscard]] bool is_news(db::Failure failure);

  observe::Log& log_;
  observe::Metrics& metrics_;
  const db::Database* disk_of_ = nullptr;
  std::atomic<double> free_bytes_ = 0;
  std::array<observe::Counter*, enum_texts(db::Failure{}).size()> counters_{};  // in the order of the enum
  observe::Histogram& waits_;
  observe::Counter& retries_;
  std::mutex mutex_;
  std::optional<db::Failure> said_;
  std::chrono::steady_clock::time_point said_at_;
  std::atomic<bool> is_up_ = true;
};

}  // namespace cardea::app
