// Turns are taken once per period, whoever asks; failing jobs are logged and get their next turn.
#include <algorithm>
#include <atomic>
#include <future>
#include <stdexcept>

#include "jobs/jobs.hpp"
#include "tests/support/engines.hpp"

namespace cardea::jobs {
namespace {

using namespace std::chrono_literals;
using testing_support::OnEngine;

constexpr ErrorKind broken{"test.broken", 500, "It broke."};
constexpr Time start = Time{500'000h};

class FixedClock : public Clock {
 public:
  [[nodiscard]] Time now() const override { return start; }
};

class Turns : public OnEngine {
 protected:
  Turns() {
    log_.redirect([this](std::string_view line) { lines_ += std::string{line} + "\n"; });
  }
  bool take(Time now) {
    return database().write([&](db::Tx& tx) { return take_turn(tx, hourly_, now); });
  }
  Job counting(Duration every, std::atomic<int>& runs) {
    return {"test.count", every, [&runs](Time) -> Result<Done> { return ++runs, done; }};
  }
  Job hourly_{"test.hourly", 1h, {}};
  std::string lines_;
  observe::Log log_{observe::Format::json, observe::Level::debug};
};
INSTANTIATE_TEST_SUITE_P(engines, Turns, testing_support::both_engines(), testing_support::engine_name);

TEST_P(Turns, come_once_per_period) {
  EXPECT_TRUE(take(start));
  EXPECT_FALSE(take(start));
  EXPECT_FALSE(take(start + 59min));
  EXPECT_TRUE(take(start + 1h));
  EXPECT_FALSE(take(start + 1h));
}

TEST_P(Turns, are_given_to_one_of_many) {
  const auto other = reopen();
  for (const Time now : {start, start + 2h}) {
    std::atomic<int> winners = 0;
    testing_support::race(6, [&](int thread) {
      db::Database& mine = thread % 2 == 0 ? database() : *other;
      if (mine.write([&](db::Tx& tx) { return take_turn(tx, hourly_, now); })) ++winners;
    });
    EXPECT_EQ(winners, 1);
  }
}

TEST_P(Turns, do_not_wait_for_a_lease_from_a_wrong_clock) {
  EXPECT_TRUE(take(start + 24h * 3650));
  EXPECT_TRUE(take(start));
  EXPECT_FALSE(take(start));
}

TEST_P(Turns, of_one_job_do_not_touch_another) {
  EXPECT_TRUE(take(start));
  hourly_.name = "test.other";
  EXPECT_TRUE(take(start));
}

TEST_P(Turns, run_due_runs_what_is_due) {
  std::atomic<int> runs = 0;
  const std::vector<Job> jobs{counting(10min, runs)};
  for (const Duration later : {0min, 5min, 10min, 19min, 20min}) run_due(jobs, database(), start + later, log_);
  EXPECT_EQ(runs, 3);
}

TEST_P(Turns, a_failing_job_is_logged_and_does_not_stop_the_next) {
  std::atomic<int> runs = 0;
  const std::vector<Job> jobs{{"test.fails", 1h, [](Time) -> Result<Done> { return Error{broken, "why"}; }},
                              {"test.throws", 1h, [](Time) -> Result<Done> { throw std::runtime_error("ouch"); }},
                              counting(1h, runs)};
  run_due(jobs, database(), start, log_);
  EXPECT_EQ(runs, 1);
  EXPECT_NE(lines_.find("test.broken"), std::string::npos) << lines_;
  EXPECT_NE(lines_.find("ouch"), std::string::npos) << lines_;
}

TEST_P(Turns, a_database_that_fails_is_logged) {
  database().write([](db::Tx& tx) { tx.run("DROP TABLE job_lease"); });
  std::atomic<int> runs = 0;
  run_due({counting(1h, runs)}, database(), start, log_);
  EXPECT_EQ(runs, 0);
  EXPECT_NE(lines_.find("job.no_turn"), std::string::npos) << lines_;
}

TEST_P(Turns, leases_that_nobody_took_for_a_week_go) {
  const auto leases = [&] {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM job_lease")->integer(0); });
  };
  EXPECT_TRUE(take(start));  // due again an hour later
  const auto sweep = lease_sweep_job(database());
  ASSERT_TRUE(sweep.work(start + 24h * 7).ok());
  EXPECT_EQ(leases(), 1);
  ASSERT_TRUE(sweep.work(start + 24h * 7 + 2h).ok());
  EXPECT_EQ(leases(), 0);
  EXPECT_TRUE(take(start + 24h * 8)) << "a job that comes back gets its turn";
}

TEST_P(Turns, batches_end_with_the_first_that_is_not_full_or_at_the_most) {
  std::int64_t left = 3 * batch_size + 1;
  int runs = 0;
  in_batches(database(), [&](db::Tx&) {
    const auto taken = std::min(left, batch_size);
    left -= taken;
    return ++runs, taken;
  });
  EXPECT_EQ(left, 0);
  EXPECT_EQ(runs, 4);
  runs = 0;
  in_batches(database(), [&](db::Tx&) { return ++runs, batch_size; });
  EXPECT_EQ(runs, most_batches);
}

TEST_P(Turns, the_runner_starts_at_once_and_stops_when_told) {
  std::promise<Time> ran;
  const FixedClock clock;
  Runner runner({{"test.once", 1h, [&](Time now) -> Result<Done> { return ran.set_value(now), done; }}}, database(),
                clock, log_);
  runner.start();
  EXPECT_EQ(ran.get_future().get(), start);
  runner.stop();
  runner.stop();
}

TEST_P(Turns, a_runner_that_never_started_ends_quietly) {
  const FixedClock clock;
  const Runner runner({}, database(), clock, log_);
}

}  // namespace
}  // namespace cardea::jobs
