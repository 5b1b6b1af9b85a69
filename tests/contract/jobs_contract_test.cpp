// Runs come once per period, whoever asks; failing jobs are logged and get their next turn.
#include <algorithm>
#include <atomic>
#include <future>
#include <stdexcept>

#include "jobs/runner.hpp"
#include "jobs/schedule.hpp"
#include "tests/contract/jobs_fixture.hpp"

namespace cardea::jobs {
namespace {

class Turns : public TwoProcesses {
 protected:
  Periodic counting(Duration every, const std::string& name = "test.count") {
    return {name, every, [this](Time) -> Result<Done> { return ++runs_, done; }};
  }
  Schedule of(Process& process, Periodic job) { return Schedule{std::move(job), process.deps, process.lease}; }
  std::atomic<int> runs_ = 0;
};
INSTANTIATE_TEST_SUITE_P(engines, Turns, testing_support::both_engines(), testing_support::engine_name);

TEST_P(Turns, come_once_per_period) {
  auto hourly = of(ours, counting(1h));
  EXPECT_TRUE(hourly.run_if_due(start));
  EXPECT_FALSE(hourly.run_if_due(start));
  ours.watch.pass(59min);
  EXPECT_FALSE(hourly.run_if_due(start + 59min));
  ours.watch.pass(1min);
  EXPECT_TRUE(hourly.run_if_due(start + 1h));
  EXPECT_FALSE(hourly.run_if_due(start + 1h));
  EXPECT_EQ(runs_, 2);
}

TEST_P(Turns, are_given_to_one_of_many) {
  for (const Duration passed : {0h, 2h}) {
    pass(passed);
    runs_ = 0;
    testing_support::race(6, [&](int thread) {
      auto& process = thread % 2 == 0 ? ours : theirs;
      (void)of(process, counting(1h)).run_if_due(process.watch.now());
    });
    EXPECT_EQ(runs_, 1);
  }
}

TEST_P(Turns, of_one_job_do_not_touch_another) {
  EXPECT_TRUE(of(ours, counting(1h)).run_if_due(start));
  EXPECT_TRUE(of(ours, counting(1h, "test.other")).run_if_due(start));
}

TEST_P(Turns, a_job_runs_when_it_is_due) {
  auto schedule = of(ours, counting(10min));
  for (const Duration pause : {0min, 5min, 5min, 9min, 1min}) {
    ours.watch.pass(pause);
    (void)schedule.run_if_due(ours.watch.now());
  }
  EXPECT_EQ(runs_, 3);
}

TEST_P(Turns, a_failing_job_is_logged_and_has_no_success) {
  auto fails = of(ours, {"test.fails", 1h, [](Time) -> Result<Done> { return Error{broken, "why"}; }});
  auto throws = of(ours, {"test.throws", 1h, [](Time) -> Result<Done> { throw std::runtime_error("ouch"); }});
  auto works = of(ours, counting(1h));
  for (auto* schedule : {&fails, &throws, &works}) EXPECT_TRUE(schedule->run_if_due(start));
  EXPECT_EQ(runs_, 1);
  EXPECT_TRUE(ours.lines.contains("test.broken")) << ours.lines.text();
  EXPECT_TRUE(ours.lines.contains("ouch")) << ours.lines.text();
  const auto metrics = ours.metrics.prometheus_text();
  EXPECT_NE(metrics.find("cardea_job_failures_total{job=\"test.fails\"} 1"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("cardea_job_failures_total{job=\"test.throws\"} 1"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("cardea_job_last_success_timestamp_seconds{job=\"test.fails\"} 0"), std::string::npos);
  EXPECT_NE(metrics.find("cardea_job_last_success_timestamp_seconds{job=\"test.count\"} 1800000000"), std::string::npos)
      << metrics;
  ours.watch.pass(1h);
  EXPECT_TRUE(fails.run_if_due(ours.watch.now())) << "a job that failed gets its next turn";
}

TEST_P(Turns, a_success_is_known_to_every_process) {
  EXPECT_TRUE(of(ours, counting(1h)).run_if_due(start));
  auto other = of(theirs, counting(1h));
  EXPECT_FALSE(other.run_if_due(start));
  const auto metrics = theirs.metrics.prometheus_text();
  EXPECT_NE(metrics.find("cardea_job_last_success_timestamp_seconds{job=\"test.count\"} 1800000000"), std::string::npos)
      << metrics;
}

TEST_P(Turns, a_database_that_fails_is_logged) {
  database().write([](db::Tx& tx) { tx.run("DROP TABLE job_lease"); });
  EXPECT_FALSE(of(ours, counting(1h)).run_if_due(start));
  EXPECT_EQ(runs_, 0);
  EXPECT_TRUE(ours.lines.contains("job.no_turn")) << ours.lines.text();
}

TEST_P(Turns, leases_that_nobody_took_for_a_week_go) {
  const auto leases = [&] {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM job_lease")->integer(0); });
  };
  EXPECT_TRUE(of(ours, counting(1h)).run_if_due(start));  // due again an hour later
  const auto sweep = lease_sweep_job(database());
  ASSERT_TRUE(sweep.work(start + 24h * 7).ok());
  EXPECT_EQ(leases(), 1);
  ASSERT_TRUE(sweep.work(start + 24h * 7 + 2h).ok());
  EXPECT_EQ(leases(), 0);
  EXPECT_TRUE(of(ours, counting(1h)).run_if_due(start + 24h * 8)) << "a job that comes back gets its turn";
}

TEST_P(Turns, a_lease_that_is_held_is_not_swept) {
  const auto sweep = lease_sweep_job(database());
  auto schedule = of(ours, {"test.long", 1h, [&](Time now) { return sweep.work(now + 24h * 30); }});
  EXPECT_TRUE(schedule.run_if_due(start));
  EXPECT_FALSE(ours.lines.contains("job.lease_lost")) << ours.lines.text();
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
  Queue queue{ours.random};
  Runner runner({.periodic = {{"test.once", 1h, [&](Time now) -> Result<Done> { return ran.set_value(now), done; }}}},
                queue, ours.deps);
  runner.start();
  EXPECT_EQ(ran.get_future().get(), start);
  runner.stop(1min);
  runner.stop(1min);
  EXPECT_EQ(count_holders(), 0) << "a process that ends in order leaves nothing to wait for";
}

TEST_P(Turns, a_slow_job_does_not_delay_another) {
  std::promise<void> quick_ran;
  const std::shared_future<void> ran = quick_ran.get_future().share();
  Queue queue{ours.random};
  const auto slow = [ran](Time) -> Result<Done> { return ran.wait(), done; };
  const auto quick = [&](Time) -> Result<Done> { return quick_ran.set_value(), done; };
  Runner runner({.periodic = {{"test.slow", 1h, slow}, {"test.quick", 1h, quick}}}, queue, ours.deps);
  runner.start();
  ran.wait();
  runner.stop(1min);
}

TEST_P(Turns, a_runner_that_never_started_ends_quietly) {
  Queue queue{ours.random};
  const Runner runner({.periodic = {counting(1h)}}, queue, ours.deps);
}

TEST_P(Turns, two_jobs_of_one_name_are_refused) {
  Queue queue{ours.random};
  EXPECT_THROW(Runner({.periodic = {counting(1h), counting(2h)}}, queue, ours.deps), std::logic_error);
}

}  // namespace
}  // namespace cardea::jobs
