#pragma once
// A queue, and workers that tell what they did.

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "jobs/queue_store.hpp"
#include "jobs/runner.hpp"
#include "tests/contract/jobs_fixture.hpp"

namespace cardea::jobs {

inline constexpr auto patience = 60s;  // for what must happen; only a failing test waits so long

/// Counts, and lets a test wait for a number.
class Tally {
 public:
  void add(const std::string& what) {
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(what);
    }
    changed_.notify_all();
  }
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return seen_.size() >= count; });
  }
  std::vector<std::string> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> seen_;
};

/// With threads: time really passes, and clocks agree unless a test sets one.
class OnQueue : public TwoProcesses {
 protected:
  OnQueue() {
    for (auto* process : {&ours, &theirs}) {
      process->deps.monotonic = monotonic_now;
      process->deps.poll = 200ms;
    }
  }
  JobId put(std::string_view kind, std::string_view payload, Duration wait = {}) {
    return database().write([&](db::Tx& tx) { return queue.put(tx, kind, payload, ours.watch.now(), wait); });
  }
  Worker telling(const std::string& kind = "test.item", int threads = 1) {
    return {.kind = kind,
            .work = [this](const Item& item) -> Result<Done> { return tally.add(item.payload), done; },
            .threads = threads};
  }
  std::int64_t count() {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM job")->integer(0); });
  }
  bool wait_until_empty() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (count() > 0) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(2ms);
    }
    return true;
  }
  Queue queue{ours.random};
  Queue other_queue{theirs.random};
  Tally tally;
};

}  // namespace cardea::jobs
