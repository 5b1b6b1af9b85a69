#pragma once
// Lanes: bounded pools of threads where handlers may block. A flood of sign-ins fills `heavy` and nothing else.
//
// Turns go round by the clients' networks, so that one client's requests wait behind each other and nobody else's.
//
// Never: unbounded queues. What has no place in one is refused in microseconds.

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/fair_queue.hpp"
#include "base/time.hpp"
#include "http/route.hpp"
#include "observe/metrics.hpp"

namespace cardea::edge {

/// One piece of work. Of the two one is called, once.
class Job {
 public:
  virtual ~Job() = default;
  /// On a thread of the pool. Must not throw.
  virtual void run() noexcept = 0;
  /// When it will not be run after all, on any thread. Must not throw.
  virtual void drop() noexcept = 0;
};

/// Jobs waiting and running; outlives its pool where a gauge still reads it.
struct Load {
  std::atomic<std::int64_t> waiting{0};
  std::atomic<std::int64_t> running{0};
};

/// What a pool's threads get of a busy processor.
enum class Priority { usual, low };

/// A job and since when it waits.
struct WaitingJob {
  std::unique_ptr<Job> job;
  std::chrono::steady_clock::time_point since;
};

struct PoolOptions {
  Priority priority = Priority::usual;
  /// Called by a thread that has had nothing to do for `idle_after`, once until its next job. Must not throw.
  std::function<void()> on_idle = {};
  Duration idle_after = std::chrono::seconds{1};
  observe::Histogram* waits = nullptr;  // of each job that is run, for its thread
};

class Pool {
 public:
  /// Begins with one thread, and starts others up to `threads` as jobs find none at rest. `name` is shown by ps and
  /// top; up to 15 bytes.
  Pool(std::string name, std::size_t threads, std::size_t queue_limit, PoolOptions options = {});
  ~Pool() { stop(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Queues a job, to be run when it is the turn of `share`. It is dropped when there is no place for it, at once or
  /// later, or the pool is stopping. Any thread.
  void add(const Share& share, std::unique_ptr<Job> job);

  /// Drops the jobs that wait; those that come later are taken. Any thread.
  void drop_waiting();
  /// Takes no more jobs, drops those queued, and joins the threads when the running ones are done.
  void stop();
  /// True once stop() has begun: no job is taken any more. Any thread.
  [[nodiscard]] bool is_stopping() const;

  [[nodiscard]] std::shared_ptr<const Load> load() const { return load_; }

 private:
  using Jobs = FairQueue<WaitingJob>;

  /// Empties the queue. Under the mutex.
  Jobs take_waiting();
  static void drop(Jobs waiting);
  /// What has no place, which may be `job`. Under the mutex.
  std::optional<WaitingJob> push(const Share& share, WaitingJob& job) noexcept;
  /// Starts a thread when the jobs in the queue are more than the threads at rest. Under the mutex.
  void start_if_short() noexcept;
  void work();
  void wait_for_work(std::unique_lock<std::mutex>& lock);

  std::string name_;
  PoolOptions options_;
  std::shared_ptr<Load> load_ = std::make_shared<Load>();  // shared with the metrics' gauges
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Jobs queue_;
  bool stopping_ = false;
  const std::size_t most_threads_;
  std::size_t resting_ = 0;  // threads that wait for a job
  std::vector<std::thread> threads_;
};

struct PoolSize {
  std::size_t threads;
  std::size_t queue;
};

/// The pools behind the lanes.
class Lanes {
 public:
  struct Sizes {
    PoolSize quick, heavy;
  };
  /// Where the lanes are measured: cardea_lane_depth, cardea_lane_running and cardea_lane_wait_seconds, labelled
  /// lane=… and `labels`.
  struct Measures {
    observe::Metrics& metrics;
    observe::Labels labels = {};
  };
  /// `on_heavy_idle` is called by a thread of the heavy lane that has nothing to do.
  Lanes(const Sizes& sizes, const Measures& measures, std::function<void()> on_heavy_idle = {});

  /// Null for the instant lane, which is the I/O thread itself.
  [[nodiscard]] Pool* pool(http::Lane lane);
  /// Drops what has not begun.
  void drop_waiting();
  void stop();

 private:
  Pool quick_;
  Pool heavy_;
};

}  // namespace cardea::edge
