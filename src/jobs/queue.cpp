#include "jobs/queue.hpp"

#include <algorithm>
#include <stdexcept>

namespace cardea::jobs {

JobId Queue::put(db::Tx& tx, std::string_view kind, std::string_view payload, Time now, Duration wait) {
  if (payload.size() > max_payload) throw std::length_error("a payload for the queue is too large");
  const Duration bounded = std::clamp(wait, Duration{0}, max_wait);
  const auto id = JobId::make(now, random_);
  tx.run("INSERT INTO job (id, kind, payload, run_at, wait, created_at) VALUES ($1, $2, $3, $4, $5, $6)", id, kind,
         payload, now + bounded, bounded, now);
  wake_after_commit(tx, std::string{kind});
  return id;
}

bool Queue::retry(db::Tx& tx, JobId id, Time now) {
  const auto kind = tx.one(
      "UPDATE job SET dead_at = NULL, attempts = 0, run_at = $2, wait = 0 "
      "WHERE id = $1 AND dead_at IS NOT NULL RETURNING kind",
      id, now);
  if (!kind) return false;
  wake_after_commit(tx, kind->text(0));
  return true;
}

void Queue::wake_after_commit(db::Tx& tx, std::string kind) {
  tx.after_commit([this, kind = std::move(kind)] { wake(kind); });
}

void Queue::wake(std::string_view kind) {
  const std::lock_guard lock(mutex_);
  const auto found = told_.find(kind);
  if (found != told_.end()) found->second();
}

void Queue::on_wake(std::string_view kind, std::function<void()> told) {
  const std::lock_guard lock(mutex_);
  if (told) {
    told_.insert_or_assign(std::string{kind}, std::move(told));
  } else if (const auto found = told_.find(kind); found != told_.end()) {
    told_.erase(found);
  }
}

std::vector<DeadLetter> dead(db::Tx& tx, const std::optional<DeadLetter>& after, std::int64_t limit) {
  const Time from = after ? after->dead_at : Time::min();
  std::vector<DeadLetter> letters;
  for (const auto& row : tx.all("SELECT id, kind, payload, attempts, last_error, created_at, dead_at FROM job "
                                "WHERE dead_at IS NOT NULL AND (dead_at, id) > ($1, $2) ORDER BY dead_at, id LIMIT $3",
                                from, after ? after->id : JobId{}, limit)) {
    letters.push_back({.id = row.id<JobId>(0),
                       .kind = row.text(1),
                       .payload = row.text(2),
                       .attempts = static_cast<int>(row.integer(3)),
                       .last_error = row.text(4),
                       .created_at = row.time(5),
                       .dead_at = row.time(6)});
  }
  return letters;
}

}  // namespace cardea::jobs
