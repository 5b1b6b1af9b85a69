// Two processes on one database: a job never runs twice at once, a dead process is replaced, and no clock stops a job.
#include <atomic>
#include <functional>

#include "jobs/schedule.hpp"
#include "tests/contract/jobs_fixture.hpp"

namespace cardea::jobs {
namespace {

class Leases : public TwoProcesses {
 protected:
  Schedule counted(Process& process, Duration every = 10min) {
    return Schedule{
        {"test.job", every, [this](Time) -> Result<Done> { return ++runs_, done; }}, process.deps, process.lease};
  }
  /// Runs `meanwhile` inside our run of the job.
  Schedule interrupted_by(std::function<void()> meanwhile, Duration every = 10min) {
    return Schedule{
        {"test.job", every, [meanwhile](Time) -> Result<Done> { return meanwhile(), done; }}, ours.deps, ours.lease};
  }
  std::atomic<int> runs_ = 0;
};
INSTANTIATE_TEST_SUITE_P(engines, Leases, testing_support::both_engines(), testing_support::engine_name);

TEST_P(Leases, a_job_longer_than_its_period_never_runs_twice_at_once) {
  auto other = counted(theirs);
  auto job = interrupted_by([&] {
    for (Duration worked{0}; worked < 1h; worked += beat) {
      ours.lease.beat();
      EXPECT_EQ(theirs.lease.free_the_dead(), 0);
      EXPECT_FALSE(other.run_if_due(theirs.watch.now())) << worked.count();
      pass(beat);
    }
  });
  EXPECT_TRUE(job.run_if_due(start));
  EXPECT_FALSE(ours.lines.contains("job.lease_lost")) << ours.lines.text();
  EXPECT_TRUE(other.run_if_due(theirs.watch.now())) << "it is overdue, and free";
}

TEST_P(Leases, a_process_that_stops_beating_is_replaced_after_three_beats_and_not_before) {
  auto other = counted(theirs);
  auto job = interrupted_by([&] {
    ours.lease.beat();
    for (int missed = 0; missed < 3; ++missed) {
      EXPECT_EQ(theirs.lease.free_the_dead(), 0) << missed;
      EXPECT_FALSE(other.run_if_due(theirs.watch.now())) << missed;
      pass(beat);
    }
    EXPECT_EQ(theirs.lease.free_the_dead(), 1);
    EXPECT_TRUE(other.run_if_due(theirs.watch.now())) << "an interrupted run is due at once";
  });
  EXPECT_TRUE(job.run_if_due(start));
  EXPECT_EQ(runs_, 1);
  EXPECT_TRUE(ours.lines.contains("job.lease_lost")) << "it must not record a success: " << ours.lines.text();
  EXPECT_TRUE(theirs.lines.contains("jobs.taken_over")) << theirs.lines.text();
}

TEST_P(Leases, who_lost_the_lease_records_nothing) {
  auto job = interrupted_by([&] {
    (void)theirs.lease.free_the_dead();
    for (int missed = 0; missed < 3; ++missed) {
      pass(beat);
      (void)theirs.lease.free_the_dead();
    }
    ours.lease.beat();  // too late: a lease made anew does not bring back what was taken
  });
  EXPECT_TRUE(job.run_if_due(start));
  const auto row = database().read([](db::Tx& tx) { return tx.one("SELECT holder, last_success_at FROM job_lease"); });
  EXPECT_TRUE(row->is_null(0));
  EXPECT_TRUE(row->is_null(1));
  const auto metrics = ours.metrics.prometheus_text();
  EXPECT_NE(metrics.find("cardea_job_last_success_timestamp_seconds{job=\"test.job\"} 0"), std::string::npos);
  EXPECT_NE(metrics.find("cardea_job_failures_total{job=\"test.job\"} 1"), std::string::npos);
}

TEST_P(Leases, a_beat_in_time_is_counted_from_anew) {
  auto job = interrupted_by([&] {
    (void)theirs.lease.free_the_dead();
    for (int round = 0; round < 4; ++round) {
      for (int missed = 0; missed < 2; ++missed) {
        pass(beat);
        EXPECT_EQ(theirs.lease.free_the_dead(), 0);
      }
      ours.lease.beat();
      pass(beat);
      EXPECT_EQ(theirs.lease.free_the_dead(), 0);
    }
  });
  EXPECT_TRUE(job.run_if_due(start));
  EXPECT_FALSE(ours.lines.contains("job.lease_lost"));
}

TEST_P(Leases, a_watcher_that_slept_or_had_no_database_counts_one_beat) {
  auto job = interrupted_by([&] {
    (void)theirs.lease.free_the_dead();
    pass(10min);  // nobody could reach the database
    EXPECT_EQ(theirs.lease.free_the_dead(), 0);
    ours.lease.beat();
    pass(beat);
    EXPECT_EQ(theirs.lease.free_the_dead(), 0);
  });
  EXPECT_TRUE(job.run_if_due(start));
  EXPECT_FALSE(ours.lines.contains("job.lease_lost"));
}

TEST_P(Leases, clocks_that_jump_do_not_end_a_lease) {
  auto other = counted(theirs);
  auto job = interrupted_by([&] {
    for (const Time wrong : {start + 20h, start + 24h * 400, start - 20h, start}) {
      theirs.watch.set(wrong);
      ours.lease.beat();
      EXPECT_EQ(theirs.lease.free_the_dead(), 0);
      EXPECT_FALSE(other.run_if_due(theirs.watch.now()));
      pass(1s);
    }
  });
  EXPECT_TRUE(job.run_if_due(start));
  EXPECT_FALSE(ours.lines.contains("job.lease_lost"));
}

TEST_P(Leases, a_clock_that_was_ahead_for_a_moment_does_not_stop_the_jobs) {
  for (const Duration ahead : {Duration{20h}, Duration{24h * 400}}) {
    for (const Duration every : {Duration{10s}, Duration{10min}, Duration{24h}}) {
      SCOPED_TRACE(std::to_string(ahead.count()) + " " + std::to_string(every.count()));
      database().write([](db::Tx& tx) { tx.run("DELETE FROM job_lease"); });
      runs_ = 0;
      auto same = counted(ours, every);
      auto other = counted(theirs, every);
      const Time right = ours.watch.now();
      ours.watch.set(right + ahead);
      for (int i = 0; i < 5; ++i) {
        (void)same.run_if_due(ours.watch.now());
        pass(5s);
      }
      ours.watch.set(right + 25s);
      const int before = runs_;
      EXPECT_GE(before, 1);
      for (int i = 0; i < 12 && runs_ == before; ++i) {
        (void)same.run_if_due(ours.watch.now());
        pass(5s);
      }
      EXPECT_GT(runs_, before) << "within a minute";
      EXPECT_TRUE(ours.lines.contains("job.due_too_far_ahead"));
      if (every > 1min) {
        EXPECT_FALSE(other.run_if_due(theirs.watch.now())) << "and then again once per period";
      }
    }
  }
}

TEST_P(Leases, a_clock_that_is_wrong_for_less_than_a_period_removes_nothing_by_age) {
  for (const Duration wrong : {Duration{20h}, Duration{400 * 24h}, -Duration{20h}}) {
    SCOPED_TRACE(wrong.count());
    database().write([](db::Tx& tx) { tx.run("DELETE FROM job_lease"); });
    std::vector<Time> removals;
    Schedule job{{.name = "test.sweep",
                  .every = 10min,
                  .work = [&](Time at) -> Result<Done> { return removals.push_back(at), done; },
                  .removes_by_age = true},
                 ours.deps,
                 ours.lease};
    Schedule sweep{lease_sweep_job(database()), ours.deps, ours.lease};  // by the leases a gap is seen
    const auto run_for = [&](Duration span) {
      for (Duration run{0}; run < span; run += 30s) {
        (void)sweep.run_if_due(ours.watch.now());
        (void)job.run_if_due(ours.watch.now());
        pass(30s);
      }
    };
    run_for(25min);
    EXPECT_GE(removals.size(), 2U) << "as usual";
    removals.clear();
    ours.watch.set(ours.watch.now() + wrong);
    run_for(9min);
    EXPECT_TRUE(removals.empty());
    ours.watch.set(ours.watch.now() - wrong);
    run_for(2min);
    EXPECT_TRUE(removals.empty()) << "nor when it is right again";
    EXPECT_TRUE(ours.lines.contains("job.left_out"));
    run_for(25min);
    EXPECT_GE(removals.size(), 1U) << "and then as usual";
  }
}

TEST_P(Leases, a_process_started_after_a_clock_was_ahead_runs_the_jobs_at_once) {
  ours.watch.set(start + 20h);
  EXPECT_TRUE(counted(ours).run_if_due(ours.watch.now()));
  EXPECT_TRUE(counted(theirs).run_if_due(start));
  EXPECT_FALSE(counted(theirs).run_if_due(start)) << "once";
}

TEST_P(Leases, a_monotonic_clock_that_begins_again_stops_nothing) {
  for (const Duration every : {Duration{10s}, Duration{10min}}) {
    database().write([](db::Tx& tx) { tx.run("DELETE FROM job_lease"); });
    runs_ = 0;
    auto job = counted(ours, every);
    EXPECT_TRUE(job.run_if_due(ours.watch.now()));
    ours.watch.begin_again();  // restored from a snapshot
    pass(every);
    EXPECT_TRUE(job.run_if_due(ours.watch.now()));
    EXPECT_EQ(runs_, 2);
  }
  const auto hold = theirs.lease.hold();
  database().write([&](db::Tx& tx) { theirs.lease.join(tx); });
  EXPECT_EQ(ours.lease.free_the_dead(), 0);
  ours.watch.begin_again();
  for (int missed = 0; missed < 3; ++missed) {
    (void)ours.lease.free_the_dead();
    pass(beat);
  }
  (void)ours.lease.free_the_dead();
  EXPECT_EQ(count_holders(), 1) << "it still finds out who is dead";
}

TEST_P(Leases, machines_whose_clocks_disagree_do_not_take_turns_without_end) {
  theirs.watch.set(start + 20h);
  auto right = counted(ours);
  auto wrong = counted(theirs);
  for (Duration passed{0}; passed < 10min; passed += 1s) {
    (void)right.run_if_due(ours.watch.now());
    (void)wrong.run_if_due(theirs.watch.now());
    pass(1s);
  }
  EXPECT_LE(runs_, 2 * (10min / 30s) + 2);
}

TEST_P(Leases, an_end_that_could_not_be_recorded_does_not_keep_the_job) {
  auto job = interrupted_by([&] { (void)0; });
  EXPECT_TRUE(job.run_if_due(start));
  database().write([&](db::Tx& tx) { tx.run("UPDATE job_lease SET holder = $1", ours.lease.id()); });
  pass(10min);
  ours.lease.beat();
  EXPECT_TRUE(job.run_if_due(ours.watch.now()));
}

TEST_P(Leases, a_process_that_holds_nothing_writes_nothing) {
  ours.lease.beat();
  EXPECT_EQ(count_holders(), 0);
  const auto hold = ours.lease.hold();
  ours.lease.beat();
  EXPECT_EQ(count_holders(), 1);
  ours.lease.leave();
  EXPECT_EQ(count_holders(), 0);
}

}  // namespace
}  // namespace cardea::jobs
