#include "app/readiness.hpp"

#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <stop_token>
#include <thread>

namespace cardea::app {
namespace {

using Steady = std::chrono::steady_clock;

Readiness::Trouble ask(const Readiness::Part& part) {
  try {
    try {
      return part.trouble();
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& failure) {
      return {.what = failure.what()};
    }
  } catch (const std::bad_alloc&) {
    return {.what = "out of memory"};  // which is short enough to need none
  }
}

/// What a part said last, and since when it is being asked.
struct Answer {
  Readiness::Trouble trouble = {};
  std::optional<Steady::time_point> asked_at = {};
};

}  // namespace

struct Readiness::State {
  State(std::vector<Part> parts_, observe::Log& log_)
      : parts(std::move(parts_)), log(log_), answers(parts.size()), told(parts.size()) {}

  const std::vector<Part> parts;
  observe::Log& log;
  Pace pace{};
  std::mutex mutex{};
  std::condition_variable_any changed{};
  std::vector<Answer> answers;     // one for each part
  std::vector<std::string> told;   // what the log was told of each part last
  bool is_running = false;
  std::vector<std::jthread> threads{};

  /// With the mutex held.
  [[nodiscard]] Trouble trouble_of(std::size_t i) const {
    const Answer& answer = answers[i];
    if (!answer.asked_at || Steady::now() - *answer.asked_at <= pace.patience) return answer.trouble;
    return {.what = "The " + parts[i].name + " does not answer."};
  }

  void keep_asking(std::size_t i, const std::stop_token& stop) {
    std::unique_lock lock{mutex};
    while (!stop.stop_requested()) {
      answers[i].asked_at = Steady::now();
      lock.unlock();
      Trouble trouble = ask(parts[i]);
      lock.lock();
      answers[i] = {.trouble = std::move(trouble)};
      changed.wait_for(lock, stop, pace.every, [] { return false; });
    }
  }

  /// With the mutex held.
  void tell() {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::string problem = trouble_of(i).what;
      if (problem.empty() == told[i].empty()) continue;
      if (problem.empty()) {
        log.info("readiness.regained", {{"part", parts[i].name}});
      } else {
        log.error("readiness.lost", {{"part", parts[i].name}, {"what", problem}});
      }
      told[i] = std::move(problem);
    }
  }

  /// On a thread of its own, since those that ask may hang.
  void keep_telling(const std::stop_token& stop) {
    std::unique_lock lock{mutex};
    while (!stop.stop_requested()) {
      try {
        tell();
      } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): the next turn tells it
      }
      changed.wait_for(lock, stop, pace.every, [] { return false; });
    }
  }
};

Readiness::Readiness(std::vector<Part> parts, observe::Log& log, observe::Metrics& metrics)
    : state_(std::make_shared<State>(std::move(parts), log)) {
  for (std::size_t i = 0; i < state_->parts.size(); ++i) {
    metrics.gauge("cardea_ready", "1 while the part works.",
                  [state = state_, i] {
                    const std::lock_guard lock{state->mutex};
                    return state->trouble_of(i).empty() ? 1.0 : 0.0;
                  },
                  {{"part", state_->parts[i].name}});
  }
}

Readiness::~Readiness() {
  for (auto& thread : state_->threads) thread.request_stop();
  state_->threads.clear();
}

void Readiness::start(Pace pace) {
  const std::lock_guard lock{state_->mutex};
  state_->pace = pace;
  state_->is_running = true;
  State& state = *state_;
  for (std::size_t i = 0; i < state.parts.size(); ++i) {
    state.answers[i].asked_at = Steady::now();  // until its thread runs
    state.threads.emplace_back([&state, i](const std::stop_token& stop) { state.keep_asking(i, stop); });
  }
  state.threads.emplace_back([&state](const std::stop_token& stop) { state.keep_telling(stop); });
}

std::vector<Readiness::Problem> Readiness::problems() const {
  std::vector<Problem> problems;
  std::unique_lock lock{state_->mutex};
  const bool is_running = state_->is_running;
  if (!is_running) lock.unlock();
  for (std::size_t i = 0; i < state_->parts.size(); ++i) {
    Trouble trouble = is_running ? state_->trouble_of(i) : ask(state_->parts[i]);
    if (!trouble.empty()) problems.push_back({.part = state_->parts[i].name, .trouble = std::move(trouble)});
  }
  return problems;
}

}  // namespace cardea::app
