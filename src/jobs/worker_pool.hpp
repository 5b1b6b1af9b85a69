#pragma once
// The threads of one kind. Each has at most one claimed item; when it ends, its outcome is committed before the place
// is given to another, together with whatever ended meanwhile, and with the next claims. Internal to jobs.

#include <condition_variable>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "jobs/queue_store.hpp"

namespace cardea::jobs {

class WorkerPool {
 public:
  WorkerPool(Worker worker, const Deps& deps, Lease& lease);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void start();
  /// There may be an item. Callable from any thread.
  void wake();
  /// Reads the figures and corrects waits. Throws DatabaseError.
  void look_after();

  /// Takes no new items from now on.
  void stop_claiming();
  /// Asks the items to stop; outcomes that cannot be written by `give_up_at` (monotonic) are left to be done again.
  void ask_to_stop(Duration give_up_at);
  /// Waits until that instant (monotonic) for every thread to end; true when they have.
  bool wait_until_ended(Duration until);

  [[nodiscard]] const std::string& kind() const { return worker_.kind; }

 private:
  using Lock = std::unique_lock<std::mutex>;
  struct Exchange;
  struct Shown;
  void loop();
  /// What there is to do, or a wait for it. False: the thread ends.
  [[nodiscard]] bool go_on(Lock& lock);
  void release_ready();
  void work_on_next(Lock& lock);
  [[nodiscard]] bool must_exchange() const;
  /// Settles what has ended and claims for the threads that are free. Holds `lock` at the start and at the end.
  void exchange(Lock& lock);
  void exchange_rows(Exchange& work);
  void take_over(Exchange& work);
  [[nodiscard]] Outcome perform(const Claimed& item);
  [[nodiscard]] Outcome judge_failure(const Claimed& item, std::string error);

  const Worker worker_;
  const Deps& deps_;
  Lease& lease_;
  observe::Counter& failures_;
  // Shared with the gauges, which the registry keeps for good.
  std::shared_ptr<Shown> shown_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Claimed> ready_;   // claimed; there is a free thread for each
  std::list<Outcome> ended_;    // to be settled; a list, since what has ended is not lost for want of memory
  std::set<JobId> known_;       // claimed and not settled
  int running_ = 0;             // threads that have not ended
  bool is_exchanging_ = false;
  bool is_woken_ = true;
  bool is_unsure_ = false;      // a transaction failed: we may have claims that we do not know of
  bool is_stopping_ = false;
  Duration look_again_at_ = {};  // monotonic
  Duration exchange_not_before_ = {};
  Duration give_up_at_ = Duration::max();
  std::optional<Lease::Hold> hold_;
  std::stop_source stop_;
  std::vector<std::jthread> threads_;
};

}  // namespace cardea::jobs
