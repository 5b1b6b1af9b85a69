#pragma once
// Runs this process's share of the periodic work and of the queue, under one lease.

#include <memory>
#include <vector>

#include "jobs/deps.hpp"
#include "jobs/periodic.hpp"
#include "jobs/queue.hpp"

namespace cardea::jobs {

/// What there is to run.
struct Work {
  std::vector<Periodic> periodic = {};
  std::vector<Worker> workers = {};
};

/// Threads: one per periodic job, those of each kind, and one that renews the lease and looks for dead processes.
class Runner {
 public:
  /// Throws std::logic_error when a name or kind occurs twice.
  Runner(Work work, Queue& queue, Deps deps);
  ~Runner();  // stops without a drain
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void start();
  /// Begins nothing new and waits up to `drain` for what is in progress. Then the items of the queue are asked to stop,
  /// and whatever still runs a second later loses its claim, so that another process may do it. Returns when every
  /// thread has ended.
  void stop(Duration drain);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cardea::jobs
