#include "jobs/worker_pool.hpp"

#include <algorithm>

#include "jobs/figures.hpp"

namespace cardea::jobs {
namespace {

constexpr Duration pause_after_failure = std::chrono::seconds{1};
constexpr Duration pause_without_memory = std::chrono::milliseconds{50};
constexpr Duration pause_after_rivals = std::chrono::milliseconds{100};

/// Bounded, so that no sum with a clock's present overflows.
Duration time_until(Duration instant, Duration now) {
  return std::clamp<Duration>(instant - now, std::chrono::milliseconds{1}, std::chrono::hours{1});
}

}  // namespace

/// What one transaction is to do, and what it did.
struct WorkerPool::Exchange {
  std::list<Outcome> ended;
  std::set<JobId> known;
  bool is_unsure = false;
  std::size_t most = 0;               // items to claim
  std::vector<Claimed> claimed = {};
  bool may_be_more = false;
  Duration quiet_for = {};            // nothing is due before
};

struct WorkerPool::Shown {
  std::atomic<std::int64_t> depth = 0;
  std::atomic<std::int64_t> dead = 0;
  std::atomic<std::int64_t> oldest_age = 0;     // micros
  std::atomic<std::int64_t> last_success = 0;   // micros since 1970
};

WorkerPool::WorkerPool(Worker worker, const Deps& deps, Lease& lease)
    : worker_(std::move(worker)),
      deps_(deps),
      lease_(lease),
      failures_(failure_counter(deps.metrics, worker_.kind)),
      shown_(std::make_shared<Shown>()) {
  auto& metrics = deps.metrics;
  success_gauge(metrics, worker_.kind, {shown_, &shown_->last_success});
  const observe::Labels labels{{"kind", worker_.kind}};
  const auto show = [&](std::string_view name, std::string_view help, const std::atomic<std::int64_t>& value,
                        double unit) {
    metrics.gauge(
        name, help, [keep = shown_, &value, unit] { return static_cast<double>(value.load()) / unit; }, labels);
  };
  show("cardea_queue_depth", "Items that wait or are worked on.", shown_->depth, 1);
  show("cardea_queue_dead", "Items that were given up.", shown_->dead, 1);
  show("cardea_queue_oldest_seconds", "Age of the oldest item that waits or is worked on.", shown_->oldest_age, 1e6);
}

WorkerPool::~WorkerPool() {
  stop_claiming();
  ask_to_stop(Duration::min());
}

void WorkerPool::start() {
  const Lock lock(mutex_);
  running_ = std::max(worker_.threads, 1);
  for (int i = 0; i < running_; ++i) threads_.emplace_back([this] { loop(); });
}

void WorkerPool::wake() {
  {
    const Lock lock(mutex_);
    is_woken_ = true;
  }
  changed_.notify_all();
}

bool WorkerPool::must_exchange() const {
  const Duration now = deps_.monotonic();
  // An instant further ahead than its own maximum is from before the clock began again.
  const auto is_ahead = [now](Duration instant, Duration most) { return instant > now && instant <= now + most; };
  if (is_exchanging_ || is_ahead(exchange_not_before_, pause_after_failure)) return false;
  if (!ended_.empty()) return true;
  return !is_stopping_ && (is_woken_ || !is_ahead(look_again_at_, deps_.poll));
}

void WorkerPool::loop() {
  Lock lock(mutex_);
  for (bool goes_on = true; goes_on;) {
    try {
      goes_on = go_on(lock);
    } catch (const std::bad_alloc&) {  // nothing was taken that is not there any more
      if (!lock.owns_lock()) lock.lock();
      changed_.wait_for(lock, pause_without_memory);
    }
  }
  --running_;
  lock.unlock();
  changed_.notify_all();
}

bool WorkerPool::go_on(Lock& lock) {
  if (is_stopping_) release_ready();
  if (is_stopping_ && !is_exchanging_ && (ended_.empty() || deps_.monotonic() >= give_up_at_)) return false;
  if (!ready_.empty()) {
    work_on_next(lock);
  } else if (must_exchange()) {
    exchange(lock);
  } else if (is_exchanging_) {
    changed_.wait(lock);
  } else {
    const bool is_open = ended_.empty() && !is_woken_;
    const Duration wait = time_until(is_open ? look_again_at_ : exchange_not_before_, deps_.monotonic());
    changed_.wait_for(lock, std::min(wait, std::max(deps_.poll, pause_after_failure)));
  }
  return true;
}

void WorkerPool::release_ready() {
  for (; !ready_.empty(); ready_.pop_front()) {
    const Claimed& item = ready_.front();
    ended_.push_back({.id = item.id, .attempt = item.attempt, .verdict = Verdict::released});
  }
}

void WorkerPool::work_on_next(Lock& lock) {
  // Its place is made first. Without memory for what became of the item it is given back.
  std::list<Outcome> place;
  place.push_back({.id = ready_.front().id, .attempt = ready_.front().attempt, .verdict = Verdict::released});
  const Claimed item = std::move(ready_.front());
  ready_.pop_front();
  lock.unlock();
  try {
    place.front() = perform(item);
  } catch (const std::bad_alloc&) {
    failures_.add();
  }
  lock.lock();
  ended_.splice(ended_.end(), place);
}

Outcome WorkerPool::judge_failure(const Claimed& item, std::string error) {
  Outcome outcome{.id = item.id, .attempt = item.attempt, .at = deps_.clock.now(), .error = plain(error)};
  if (stop_.stop_requested()) {
    outcome.verdict = Verdict::released;
    return outcome;
  }
  failures_.add();
  const bool is_last = item.attempt >= worker_.max_attempts;
  outcome.verdict = is_last ? Verdict::dead : Verdict::again;
  outcome.wait = is_last ? Duration{0} : back_off(item.attempt, deps_.random);
  const auto id = item.id.text();
  deps_.log.write(is_last ? observe::Level::error : observe::Level::warn, is_last ? "job.dead" : "job.item_failed",
                  {{"kind", worker_.kind}, {"id", id}, {"attempt", item.attempt}, {"what", outcome.error}});
  return outcome;
}

Outcome WorkerPool::perform(const Claimed& item) try {
  const auto result = worker_.work({.id = item.id,
                                    .payload = item.payload,
                                    .attempt = item.attempt,
                                    .created_at = item.created_at,
                                    .stop = stop_.get_token()});
  if (result.ok()) return {.id = item.id, .attempt = item.attempt, .verdict = Verdict::done};
  const auto& error = result.error();
  return judge_failure(item, std::string{error.kind->code} + (error.detail.empty() ? "" : ": " + error.detail));
} catch (const std::exception& problem) {
  return judge_failure(item, problem.what());
} catch (...) {
  return judge_failure(item, "an exception of an unknown type");
}

void WorkerPool::exchange(Lock& lock) {
  Exchange work{.ended = {}, .known = known_, .is_unsure = is_unsure_};
  work.ended.swap(ended_);
  is_exchanging_ = true;
  is_woken_ = false;
  if (!hold_) hold_.emplace(lease_.hold());
  const std::size_t busy = known_.size() - work.ended.size();
  work.most = is_stopping_ ? 0 : static_cast<std::size_t>(std::max(worker_.threads, 1)) - busy;
  lock.unlock();
  bool has_failed = false;
  try {
    exchange_rows(work);
  } catch (const std::exception& problem) {
    has_failed = true;
    deps_.log.warn("job.no_claim", {{"kind", worker_.kind}, {"what", problem.what()}});
  }
  lock.lock();
  is_exchanging_ = false;
  is_unsure_ = has_failed;
  const Duration now = deps_.monotonic();
  if (has_failed) {
    ended_.splice(ended_.begin(), work.ended);
    exchange_not_before_ = now + pause_after_failure;
    is_woken_ = true;
  } else {
    for (const auto& outcome : work.ended) known_.erase(outcome.id);
    if (work.may_be_more) is_woken_ = true;
    look_again_at_ = now + work.quiet_for;
    take_over(work);
  }
  if (known_.empty()) hold_.reset();
  changed_.notify_all();
}

void WorkerPool::take_over(Exchange& work) {
  for (auto& item : work.claimed) {
    try {
      known_.insert(item.id);
      ready_.push_back(std::move(item));
    } catch (const std::bad_alloc&) {
      known_.erase(item.id);
      is_unsure_ = true;  // so that it is released
      is_woken_ = true;
      exchange_not_before_ = deps_.monotonic() + pause_after_failure;
    }
  }
}

void WorkerPool::exchange_rows(Exchange& work) {
  const Time now = deps_.clock.now();
  work.quiet_for = deps_.poll;
  if (work.ended.empty() && !work.is_unsure) {
    // A look costs no lock, and mostly there is nothing.
    const auto next = deps_.database.read([&](db::Tx& tx) { return next_due(tx, worker_.kind); });
    if (!next || *next > now) {
      if (next) work.quiet_for = std::min(work.quiet_for, *next - now);
      return;
    }
  }
  std::vector<char> was_ours;
  deps_.database.write([&](db::Tx& tx) {
    was_ours.clear();
    if (work.is_unsure) release_all_but(tx, lease_, worker_.kind, work.known);
    for (const auto& outcome : work.ended) was_ours.push_back(settle(tx, lease_, outcome) ? 1 : 0);
    work.claimed.clear();
    if (work.most > 0) {
      work.claimed = claim(tx, lease_, worker_.kind, now, static_cast<std::int64_t>(work.most));
    }
  });
  auto is_settled = was_ours.begin();
  for (const auto& outcome : work.ended) {
    if (*is_settled++ == 0) {
      const auto id = outcome.id.text();
      deps_.log.warn("job.claim_lost", {{"kind", worker_.kind}, {"id", id}});
    } else if (outcome.verdict == Verdict::done) {
      shown_->last_success = to_micros(now);
    }
  }
  work.may_be_more = !work.ended.empty() || !work.claimed.empty();
  if (!work.may_be_more) work.quiet_for = pause_after_rivals;  // what was due, another process took
}

void WorkerPool::look_after() {
  const Time now = deps_.clock.now();
  const auto found = deps_.database.read([&](db::Tx& tx) { return figures(tx, worker_.kind, now); });
  shown_->depth = found.depth;
  shown_->dead = found.dead;
  shown_->oldest_age = found.oldest && *found.oldest < now ? (now - *found.oldest).count() : 0;
  if (!found.has_wrong_waits) return;
  deps_.database.write([&](db::Tx& tx) { bound_waits(tx, worker_.kind, now); });
  wake();
}

void WorkerPool::stop_claiming() {
  {
    const Lock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
}

bool WorkerPool::wait_until_ended(Duration until) {
  Lock lock(mutex_);
  while (running_ > 0) {
    const Duration now = deps_.monotonic();
    if (now >= until) return false;
    changed_.wait_for(lock, time_until(until, now));
  }
  return true;
}

void WorkerPool::ask_to_stop(Duration give_up_at) {
  {
    const Lock lock(mutex_);
    give_up_at_ = give_up_at;
    stop_.request_stop();
  }
  changed_.notify_all();
}

}  // namespace cardea::jobs
