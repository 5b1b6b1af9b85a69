#include "app/database_watch.hpp"

namespace cardea::app {
namespace {

constexpr std::chrono::seconds between_lines{10};

}  // namespace

DatabaseWatch::DatabaseWatch(observe::Log& log, observe::Metrics& metrics)
    : log_(log),
      metrics_(metrics),
      waits_(metrics.histogram("cardea_database_connection_wait_seconds",
                               "Time that a transaction waited for a connection, opening one included.")),
      retries_(metrics.counter("cardea_database_retries_total",
                               "Transactions that began anew, because another was in their way.")) {
  for (const auto& [failure, text] : enum_texts(db::Failure{})) {
    counters_.at(static_cast<std::size_t>(failure)) = &metrics.counter(
        "cardea_database_errors_total", "Failures of the database by their kind.", {{"kind", std::string{text}}});
  }
  metrics.gauge("cardea_database_up", "1 while nothing is known to be wrong with the database.",
                [this] { return is_up_ ? 1.0 : 0.0; });
}

db::FailureObserver DatabaseWatch::observer() {
  return [this](const db::DatabaseError& problem) noexcept {
    try {
      count(problem);
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): it is counted
    }
  };
}

db::TransactionObserver DatabaseWatch::transactions() {
  return {.on_connection = [this](std::chrono::nanoseconds waited) { waits_.record(waited); },
          .on_retry = [this] { retries_.add(); }};
}

void DatabaseWatch::count(const db::DatabaseError& problem) {
  counters_.at(static_cast<std::size_t>(problem.failure()))->add();
  if (problem.failure() == db::Failure::busy) return;
  if (problem.failure() != db::Failure::refused) is_up_ = false;  // until somebody has looked again
  if (!is_news(problem.failure())) return;
  log_.error("database.failed", {{"kind", enum_text(problem.failure())}, {"detail", problem.what()}});
}

bool DatabaseWatch::is_news(db::Failure failure) {
  const std::lock_guard lock{mutex_};
  const auto now = std::chrono::steady_clock::now();
  if (said_ == failure && now - said_at_ < between_lines) return false;
  said_ = failure;
  said_at_ = now;
  return true;
}

void DatabaseWatch::measure_disk(const db::Database& database) {
  if (!database.free_bytes()) return;
  disk_of_ = &database;
  measure();
  metrics_.gauge("cardea_database_disk_free_bytes", "Room on the disk of the SQLite database.",
                 [this] { return free_bytes_.load(); });
}

void DatabaseWatch::measure() {
  const auto free = disk_of_ == nullptr ? std::nullopt : disk_of_->free_bytes();
  if (free) free_bytes_ = static_cast<double>(*free);
}

void DatabaseWatch::heard(const std::optional<db::Failure>& failure) {
  measure();
  if (failure == db::Failure::busy) return;  // what the load does is no news of the database
  const bool was_up = is_up_.exchange(!failure);
  if (!was_up && !failure) log_.info("database.recovered");
}

}  // namespace cardea::app
