#include "session/touches.hpp"

#include <pthread.h>

#include <exception>
#include <utility>

#include "jobs/periodic.hpp"

namespace cardea::session {

Touches::Touches(db::Database& database, const Settings& settings, observe::Metrics& metrics)
    : database_(database),
      settings_(settings),
      failures_(metrics.counter("cardea_session_touch_failed_total", "Idle time-outs that could not be moved yet.")),
      thread_([this] { work(); }) {}

Touches::~Touches() {
  {
    const std::lock_guard lock{mutex_};
    is_ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
  flush();
}

Session Touches::touched(Session session, Time now) {
  {
    const std::lock_guard lock{mutex_};
    if (noted_.size() < most || noted_.contains(session.id)) noted_.insert_or_assign(session.id, now);
  }
  wake_.notify_one();
  return session::touched(std::move(session), settings_, now);
}

bool Touches::flush() noexcept {
  std::map<SessionId, Time> batch;
  {
    const std::lock_guard lock{mutex_};
    batch.swap(noted_);
  }
  if (batch.empty()) return true;
  try {
    write(batch);
    return true;
  } catch (const std::exception&) {
    failures_.add();
  }
  const std::lock_guard lock{mutex_};
  noted_.merge(batch);  // what was noted meanwhile is newer
  return false;
}

/// A few at a time, so that nobody waits long for SQLite's one writer.
void Touches::write(const std::map<SessionId, Time>& batch) {
  auto next = batch.begin();
  while (next != batch.end()) {
    const auto first = next;
    database_.write_locking([&](db::Tx& tx) {
      next = first;
      for (std::int64_t i = 0; i < jobs::batch_size && next != batch.end(); ++i, ++next) {
        touch(tx, next->first, settings_, next->second);
      }
    });
  }
}

void Touches::work() {
  pthread_setname_np(pthread_self(), "session-touch");
  std::unique_lock lock{mutex_};
  for (;;) {
    wake_.wait(lock, [this] { return is_ending_ || !noted_.empty(); });
    // A short time-out moves soon, or it would end before it was moved.
    wake_.wait_for(lock, std::min<Duration>(written_within, settings_.idle / 20), [this] { return is_ending_; });
    if (is_ending_) return;
    lock.unlock();
    const bool is_written = flush();
    lock.lock();
    if (!is_written) wake_.wait_for(lock, written_within, [this] { return is_ending_; });
    if (is_ending_) return;
  }
}

}  // namespace cardea::session
