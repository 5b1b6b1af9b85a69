#include "jobs/runner.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "jobs/clock_watch.hpp"
#include "jobs/lease.hpp"
#include "jobs/schedule.hpp"
#include "jobs/worker_pool.hpp"

namespace cardea::jobs {
namespace {

/// For an item to see that it is asked to stop, and for its outcome to be written.
constexpr Duration grace = std::chrono::seconds{1};

void expect_distinct(const Work& work) {
  std::set<std::string_view> names;
  for (const auto& job : work.periodic) {
    if (!names.insert(job.name).second) throw std::logic_error("two periodic jobs are called " + job.name);
  }
  for (const auto& worker : work.workers) {
    if (!names.insert(worker.kind).second) throw std::logic_error("two workers are for " + worker.kind);
  }
}

}  // namespace

struct Runner::State {
  State(Work work, Queue& q, Deps d) : deps(std::move(d)), queue(q) {
    expect_distinct(work);
    for (auto& job : work.periodic) schedules.push_back(std::make_unique<Schedule>(std::move(job), deps, lease));
    for (auto& worker : work.workers) pools.push_back(std::make_unique<WorkerPool>(std::move(worker), deps, lease));
  }

  const Deps deps;
  Queue& queue;
  Lease lease{deps};
  std::mutex mutex = {};
  std::condition_variable_any changed = {};
  std::size_t running = 0;      // threads of periodic jobs
  std::uint64_t freed = 0;      // how often a dead process's claims were freed
  ClockWatch clock_watch = {};  // of the keeper's thread
  std::vector<std::unique_ptr<Schedule>> schedules = {};
  std::vector<std::unique_ptr<WorkerPool>> pools = {};
  std::vector<std::jthread> periodic = {};
  std::jthread keeper = {};

  void run_periodic(Schedule& schedule, const std::stop_token& stop) {
    std::uint64_t before = 0;
    while (!stop.stop_requested()) {
      static_cast<void>(schedule.run_if_due(deps.clock.now()));
      const Duration pause = schedule.pause(deps.clock.now());
      std::unique_lock lock(mutex);
      changed.wait_for(lock, stop, pause, [&] { return freed != before; });
      before = freed;
    }
    {
      const std::lock_guard lock(mutex);
      --running;
    }
    changed.notify_all();
  }

  void keep(const std::stop_token& stop) {
    Duration beaten_at = deps.monotonic() - deps.beat;
    Duration looked_after_at = deps.monotonic() - deps.poll;
    while (!stop.stop_requested()) {
      try {
        watch_clock();
        if (has_passed(deps.beat, beaten_at, deps.monotonic())) {
          beaten_at = deps.monotonic();
          lease.beat();
        }
        if (lease.free_the_dead() > 0) tell_freed();
        if (has_passed(deps.poll, looked_after_at, deps.monotonic())) {
          looked_after_at = deps.monotonic();
          for (const auto& pool : pools) pool->look_after();
        }
      } catch (const std::exception& problem) {
        deps.log.warn("jobs.no_beat", {{"what", problem.what()}});
      }
      std::unique_lock lock(mutex);
      changed.wait_for(lock, stop, std::min(deps.beat, deps.poll), [] { return false; });
    }
  }

  /// A clock that is set explains much of what follows, so that the log says it.
  void watch_clock() {
    const auto step = clock_watch.look(deps.clock.now(), deps.monotonic());
    if (!step) return;
    deps.log.warn("clock.was_set", {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(*step).count()},
                                    {"hint", "the jobs that this makes due run within a minute"}});
  }

  void tell_freed() {
    {
      const std::lock_guard lock(mutex);
      ++freed;
    }
    changed.notify_all();
    for (const auto& pool : pools) pool->wake();
  }

  bool wait_for_periodic(Duration until) {
    const Duration left = std::max<Duration>(until - deps.monotonic(), Duration{0});
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, left, [&] { return running == 0; });
  }
};

Runner::Runner(Work work, Queue& queue, Deps deps)
    : state_(std::make_unique<State>(std::move(work), queue, std::move(deps))) {}

Runner::~Runner() { stop(Duration{0}); }

void Runner::start() {
  State& state = *state_;
  state.keeper = std::jthread([&state](const std::stop_token& stop) { state.keep(stop); });
  state.running = state.schedules.size();
  for (const auto& schedule : state.schedules) {
    state.periodic.emplace_back(
        [&state, &schedule = *schedule](const std::stop_token& stop) { state.run_periodic(schedule, stop); });
  }
  for (const auto& pool : state.pools) {
    state.queue.on_wake(pool->kind(), [&pool = *pool] { pool.wake(); });  // first, so that no put goes unnoticed
    pool->start();
  }
}

void Runner::stop(Duration drain) {
  State& state = *state_;
  if (!state.keeper.joinable()) return;
  const Duration until = state.deps.monotonic() + drain;
  for (auto& thread : state.periodic) thread.request_stop();
  for (const auto& pool : state.pools) {
    state.queue.on_wake(pool->kind(), {});
    pool->stop_claiming();
  }
  const auto all_have_ended = [&](Duration instant) {
    bool ended = state.wait_for_periodic(instant);
    for (const auto& pool : state.pools) ended = pool->wait_until_ended(instant) && ended;
    return ended;
  };
  bool has_ended = all_have_ended(until);
  if (!has_ended) {
    for (const auto& pool : state.pools) pool->ask_to_stop(until + grace);
    has_ended = all_have_ended(until + grace);
  }
  // Until here the lease was renewed. Others may take what has not ended, and its outcome will not be recorded.
  state.keeper.request_stop();
  state.keeper.join();
  if (!has_ended) state.deps.log.warn("jobs.claims_given_up");
  state.lease.leave();
  state.periodic.clear();
  state.pools.clear();
}

}  // namespace cardea::jobs
