#include "edge/lanes.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <exception>
#include <new>
#include <utility>

namespace cardea::edge {
namespace {

/// Password hashing saturates every core that it is given. At equal priority the scheduler would make an I/O thread
/// wait for its turn behind the hashes, and a session look-up of microseconds would take milliseconds.
///
/// Nice is a thread's own on Linux, although POSIX says it is the process's. A failure costs latency and nothing else.
void lower_priority() {
  constexpr int step = 5;
  const auto thread = static_cast<id_t>(gettid());
  (void)setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + step);
}

observe::Labels labels_of(const char* lane, const Lanes::Measures& measures) {
  observe::Labels labels{{"lane", lane}};
  labels.insert(labels.end(), measures.labels.begin(), measures.labels.end());
  return labels;
}

observe::Histogram& waits_of(const char* lane, const Lanes::Measures& measures) {
  return measures.metrics.histogram("cardea_lane_wait_seconds", "Time that a request waited for a thread of the lane.",
                                    labels_of(lane, measures));
}

void add_gauges(const char* lane, const Lanes::Measures& measures, const std::shared_ptr<const Load>& load) {
  measures.metrics.gauge(
      "cardea_lane_depth", "Requests waiting for a thread of the lane.",
      [load] { return static_cast<double>(load->waiting.load(std::memory_order_relaxed)); }, labels_of(lane, measures));
  measures.metrics.gauge(
      "cardea_lane_running", "Requests a thread of the lane works on.",
      [load] { return static_cast<double>(load->running.load(std::memory_order_relaxed)); }, labels_of(lane, measures));
}

}  // namespace

Pool::Pool(std::string name, std::size_t threads, std::size_t queue_limit, PoolOptions options)
    : name_(std::move(name)), options_(std::move(options)), queue_(queue_limit), most_threads_(threads) {
  threads_.reserve(threads);
  threads_.emplace_back([this] { work(); });
}

void Pool::start_if_short() noexcept {
  if (queue_.size() <= resting_ || threads_.size() >= most_threads_) return;
  try {
    threads_.emplace_back([this] { work(); });
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): no thread or memory; those that are there do it
  }
}

std::optional<WaitingJob> Pool::push(const Share& share, WaitingJob& job) noexcept {
  if (stopping_) return std::move(job);
  try {
    return queue_.push(share, job);
  } catch (const std::bad_alloc&) {
    return std::move(job);
  }
}

void Pool::add(const Share& share, std::unique_ptr<Job> job) {
  WaitingJob waiting{.job = std::move(job), .since = std::chrono::steady_clock::now()};
  std::optional<WaitingJob> dropped;
  {
    const std::lock_guard lock{mutex_};
    dropped = push(share, waiting);
    load_->waiting.store(static_cast<std::int64_t>(queue_.size()), std::memory_order_relaxed);
    start_if_short();
  }
  wake_.notify_one();
  if (dropped) dropped->job->drop();
}

Pool::Jobs Pool::take_waiting() {
  load_->waiting.store(0, std::memory_order_relaxed);
  return queue_.take_all();
}

void Pool::drop(Jobs waiting) {
  while (const auto next = waiting.pop()) next->job->drop();
}

void Pool::drop_waiting() {
  drop([this] {
    const std::lock_guard lock{mutex_};
    return take_waiting();
  }());
}

void Pool::stop() {
  drop([this] {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    return take_waiting();  // under the same lock, or a thread that comes free would begin one more
  }());
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

bool Pool::is_stopping() const {
  const std::lock_guard lock{mutex_};
  return stopping_;
}

void Pool::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto is_wanted = [this] { return stopping_ || !queue_.empty(); };
  ++resting_;
  if (options_.on_idle && !wake_.wait_for(lock, options_.idle_after, is_wanted)) {
    --resting_;
    lock.unlock();
    options_.on_idle();
    lock.lock();
    ++resting_;
  }
  wake_.wait(lock, is_wanted);
  --resting_;
}

void Pool::work() {
  pthread_setname_np(pthread_self(), name_.c_str());
  if (options_.priority == Priority::low) lower_priority();
  std::unique_lock lock{mutex_};
  for (;;) {
    wait_for_work(lock);
    auto next = queue_.pop();
    if (!next) return;
    load_->waiting.store(static_cast<std::int64_t>(queue_.size()), std::memory_order_relaxed);
    load_->running.fetch_add(1, std::memory_order_relaxed);
    lock.unlock();
    if (options_.waits != nullptr) options_.waits->record(std::chrono::steady_clock::now() - next->since);
    next->job->run();
    next.reset();
    load_->running.fetch_sub(1, std::memory_order_relaxed);
    lock.lock();
  }
}

Lanes::Lanes(const Sizes& sizes, const Measures& measures, std::function<void()> on_heavy_idle)
    : quick_("lane-quick", sizes.quick.threads, sizes.quick.queue, {.waits = &waits_of("quick", measures)}),
      heavy_("lane-heavy", sizes.heavy.threads, sizes.heavy.queue,
             {.priority = Priority::low, .on_idle = std::move(on_heavy_idle), .waits = &waits_of("heavy", measures)}) {
  add_gauges("quick", measures, quick_.load());
  add_gauges("heavy", measures, heavy_.load());
}

Pool* Lanes::pool(http::Lane lane) {
  switch (lane) {
    case http::Lane::instant: return nullptr;
    case http::Lane::quick: return &quick_;
    case http::Lane::heavy: return &heavy_;
  }
  return nullptr;
}

void Lanes::drop_waiting() {
  quick_.drop_waiting();
  heavy_.drop_waiting();
}

void Lanes::stop() {
  quick_.stop();
  heavy_.stop();
}

}  // namespace cardea::edge
