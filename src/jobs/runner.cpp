#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "jobs/jobs.hpp"

namespace cardea::jobs {
namespace {

/// How often the leases are looked at: as often as the busiest job, but soon enough to take over from another
/// process that has died.
Duration pause_between(const std::vector<Job>& jobs) {
  Duration pause = std::chrono::seconds{30};
  for (const Job& job : jobs) pause = std::min(pause, job.every);
  return std::max<Duration>(pause, std::chrono::milliseconds{100});
}

}  // namespace

struct Runner::State {
  std::vector<Job> jobs;
  db::Database& database;
  const Clock& clock;
  observe::Log& log;
  std::mutex mutex = {};
  std::condition_variable_any waiting = {};
  std::jthread thread = {};

  void loop(const std::stop_token& stop) {
    const Duration pause = pause_between(jobs);
    while (!stop.stop_requested()) {
      for (const Job& job : jobs) {
        if (stop.stop_requested()) return;
        run_due({job}, database, clock.now(), log);
      }
      std::unique_lock lock(mutex);
      waiting.wait_for(lock, stop, pause, [] { return false; });
    }
  }
};

Runner::Runner(std::vector<Job> jobs, db::Database& database, const Clock& clock, observe::Log& log)
    : state_(new State{.jobs = std::move(jobs), .database = database, .clock = clock, .log = log}) {}

Runner::~Runner() { stop(); }

void Runner::start() {
  state_->thread = std::jthread([state = state_.get()](const std::stop_token& stop) { state->loop(stop); });
}

void Runner::stop() {
  state_->thread.request_stop();
  if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace cardea::jobs
