#pragma once
// Processes that share a database and disagree about the time, on one thread or many.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "jobs/deps.hpp"
#include "jobs/lease.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::jobs {

using namespace std::chrono_literals;

inline constexpr ErrorKind broken{"test.broken", 500, "It broke."};
inline constexpr Time start = Time{500'000h};
inline constexpr Duration beat = 5s;

/// The time as one machine has it: what passes, and what somebody sets the clock to.
class Watch : public Clock {
 public:
  [[nodiscard]] Time now() const override { return from_micros(wall_.load()); }
  [[nodiscard]] Duration passed() const { return Duration{passed_.load()}; }
  void pass(Duration span) {
    wall_ += span.count();
    passed_ += span.count();
  }
  /// The clock that nobody sets starts from zero.
  void begin_again() { passed_ = 0; }
  /// Somebody sets the clock; nothing passes.
  void set(Time now) { wall_ = to_micros(now); }

 private:
  std::atomic<std::int64_t> wall_{to_micros(start)};
  std::atomic<std::int64_t> passed_{0};
};

/// Lines of a log, for looking into.
class Lines {
 public:
  Lines() {
    log.redirect([this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      text_.append(line).append("\n");
    });
  }
  [[nodiscard]] std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  [[nodiscard]] bool contains(std::string_view part) const { return text().find(part) != std::string::npos; }
  observe::Log log{observe::Format::json, observe::Level::debug};

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// One process: its own connections, its own clock, its own lease.
struct Process {
  Process(std::unique_ptr<db::Database> own, std::uint64_t seed) : database(std::move(own)), random(seed) {}
  std::unique_ptr<db::Database> database;
  testing_support::SeededRandom random;
  Watch watch;
  Lines lines;
  observe::Metrics metrics;
  Deps deps{.database = *database,
            .clock = watch,
            .random = random,
            .log = lines.log,
            .metrics = metrics,
            .monotonic = [this] { return watch.passed(); },
            .beat = beat};
  Lease lease{deps};
};

class TwoProcesses : public testing_support::OnEngine {
 protected:
  /// Time passes for both.
  void pass(Duration span) {
    ours.watch.pass(span);
    theirs.watch.pass(span);
  }
  std::int64_t count_holders() {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM job_holder")->integer(0); });
  }
  Process ours{reopen(), 1};
  Process theirs{reopen(), 2};
};

}  // namespace cardea::jobs
