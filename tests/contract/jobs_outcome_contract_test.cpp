// Items that fail, workers that die or stop, and answers that are lost: an item is done at least once.
#include <atomic>
#include <future>
#include <stdexcept>

#include "tests/contract/jobs_queue_fixture.hpp"
#include "tests/support/passing_database.hpp"

namespace cardea::jobs {
namespace {

class QueueOutcome : public OnQueue {};
INSTANTIATE_TEST_SUITE_P(engines, QueueOutcome, testing_support::both_engines(), testing_support::engine_name);

TEST_P(QueueOutcome, an_item_that_fails_comes_back_later_and_is_then_done) {
  std::atomic<int> attempts = 0;
  const Worker failing{.kind = "test.item", .work = [&](const Item& item) -> Result<Done> {
                         EXPECT_EQ(item.attempt, ++attempts);
                         tally.add(item.payload);
                         if (attempts == 1) return Error{broken, "no\xffway"};
                         if (attempts == 2) throw std::runtime_error("ouch");
                         return done;
                       }};
  const auto id = put("test.item", "x");
  Runner runner({.workers = {failing}}, queue, ours.deps);
  runner.start();
  const auto row_after = [&](const std::string& error) {
    for (const auto deadline = std::chrono::steady_clock::now() + patience;;) {
      const auto row = database().read([&](db::Tx& tx) {
        return tx.one("SELECT claimed_by, run_at, wait, last_error, attempts FROM job WHERE id = $1", id);
      });
      if (row->text(3) == error || std::chrono::steady_clock::now() > deadline) return *row;
    }
  };
  const auto first = row_after("test.broken: no?way");
  EXPECT_TRUE(first.is_null(0));
  EXPECT_EQ(first.integer(4), 1);
  EXPECT_EQ(first.time(1), start + Duration{first.integer(2)});
  EXPECT_GE(Duration{first.integer(2)}, 5s);
  EXPECT_LE(Duration{first.integer(2)}, 10s);
  ours.watch.pass(10s);
  EXPECT_GE(Duration{row_after("ouch").integer(2)}, 10s);
  EXPECT_EQ(attempts, 2);
  ours.watch.pass(20s);
  EXPECT_TRUE(wait_until_empty());
  EXPECT_EQ(attempts, 3);
  const auto metrics = ours.metrics.prometheus_text();
  EXPECT_NE(metrics.find("cardea_job_failures_total{job=\"test.item\"} 2"), std::string::npos) << metrics;
}

TEST_P(QueueOutcome, an_item_that_keeps_failing_is_a_dead_letter_and_can_be_put_back) {
  std::atomic<bool> is_well = false;
  const Worker failing{.kind = "test.item",
                       .work = [&](const Item& item) -> Result<Done> {
                         tally.add(item.payload);
                         return is_well ? Result<Done>{done} : Result<Done>{Error{broken, "why"}};
                       },
                       .max_attempts = 1};
  const auto letters = [&] { return database().read([](db::Tx& tx) { return dead(tx, {}, 10); }); };
  const auto id = put("test.item", "hello");
  Runner runner({.workers = {failing}}, queue, ours.deps);
  runner.start();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (letters().empty() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(2ms);
  const auto found = letters();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].id, id);
  EXPECT_EQ(found[0].kind, "test.item");
  EXPECT_EQ(found[0].payload, "hello");
  EXPECT_EQ(found[0].attempts, 1);
  EXPECT_EQ(found[0].last_error, "test.broken: why");
  EXPECT_EQ(found[0].dead_at, start);
  EXPECT_TRUE(database().read([&](db::Tx& tx) { return dead(tx, found[0], 10); }).empty()) << "the next page";
  is_well = true;
  EXPECT_TRUE(database().write([&](db::Tx& tx) { return queue.retry(tx, id, ours.watch.now()); }));
  EXPECT_TRUE(wait_until_empty());
  EXPECT_FALSE(database().write([&](db::Tx& tx) { return queue.retry(tx, id, ours.watch.now()); }));
  EXPECT_EQ(tally.seen().size(), 2U);
}

TEST_P(QueueOutcome, the_claims_of_a_dead_process_are_done_by_another) {
  theirs.deps.beat = 200ms;
  put("test.item", "orphan");
  const auto claimed = ours.database->write([&](db::Tx& tx) { return claim(tx, ours.lease, "test.item", start, 5); });
  ASSERT_EQ(claimed.size(), 1U);  // and then nothing more is heard of it
  Runner runner({.workers = {telling()}}, other_queue, theirs.deps);
  runner.start();
  EXPECT_TRUE(tally.wait_for(1));
  EXPECT_TRUE(wait_until_empty());
  EXPECT_FALSE(ours.database->write(
      [&](db::Tx& tx) { return settle(tx, ours.lease, {.id = claimed[0].id, .attempt = claimed[0].attempt}); }));
}

TEST_P(QueueOutcome, claims_of_a_living_process_are_left_alone_however_long_they_take) {
  ours.deps.beat = theirs.deps.beat = 200ms;
  theirs.deps.monotonic = [this] { return theirs.watch.passed(); };
  ours.deps.monotonic = [this] { return ours.watch.passed(); };
  put("test.item", "long");
  const auto hold = ours.lease.hold();
  const auto claimed = ours.database->write([&](db::Tx& tx) { return claim(tx, ours.lease, "test.item", start, 5); });
  for (int i = 0; i < 1000; ++i) {
    pass(200ms);
    ours.lease.beat();
    ASSERT_EQ(theirs.lease.free_the_dead(), 0);
  }
  EXPECT_TRUE(ours.database->write(
      [&](db::Tx& tx) { return settle(tx, ours.lease, {.id = claimed[0].id, .attempt = claimed[0].attempt}); }));
}

TEST_P(QueueOutcome, an_outcome_of_an_earlier_claim_settles_nothing) {
  put("test.item", "x");
  const auto claim_one = [&] {
    return ours.database->write([&](db::Tx& tx) { return claim(tx, ours.lease, "test.item", start, 1); }).at(0);
  };
  const auto settles = [&](const Claimed& item, Verdict verdict) {
    return ours.database->write([&](db::Tx& tx) {
      return settle(tx, ours.lease, {.id = item.id, .attempt = item.attempt, .verdict = verdict, .at = start});
    });
  };
  const auto first = claim_one();
  EXPECT_TRUE(settles(first, Verdict::again));
  const auto second = claim_one();
  for (const Verdict verdict : {Verdict::done, Verdict::again, Verdict::dead, Verdict::released}) {
    EXPECT_FALSE(settles(first, verdict));
  }
  EXPECT_TRUE(settles(second, Verdict::done));
}

TEST_P(QueueOutcome, a_stop_waits_for_the_item_in_work) {
  std::promise<void> began;
  std::promise<void> go_on;
  const Worker slow{.kind = "test.item", .work = [&](const Item&) -> Result<Done> {
                      began.set_value();
                      go_on.get_future().wait();
                      return done;
                    }};
  put("test.item", "x");
  Runner runner({.workers = {slow}}, queue, ours.deps);
  runner.start();
  began.get_future().wait();
  std::jthread stopper([&] { runner.stop(patience); });
  go_on.set_value();
  stopper.join();
  EXPECT_EQ(count(), 0) << "its end was recorded";
  EXPECT_EQ(count_holders(), 0);
}

TEST_P(QueueOutcome, an_item_that_outlasts_the_drain_is_told_and_released_at_no_cost) {
  std::promise<void> began;
  const Worker endless{.kind = "test.item", .work = [&](const Item& item) -> Result<Done> {
                         began.set_value();
                         while (!item.stop.stop_requested()) std::this_thread::yield();
                         return Error{broken, "interrupted"};
                       }};
  put("test.item", "x");
  Runner runner({.workers = {endless}}, queue, ours.deps);
  runner.start();
  began.get_future().wait();
  runner.stop(0s);
  const auto row = database().read([](db::Tx& tx) { return tx.one("SELECT claimed_by, attempts, run_at FROM job"); });
  EXPECT_TRUE(row->is_null(0));
  EXPECT_EQ(row->integer(1), 0);
  EXPECT_EQ(row->time(2), start) << "due at once for whoever comes next";
}

/// Loses the answer to a COMMIT of a write now and then: the work is done and the caller does not know.
class ForgetfulDatabase : public testing_support::PassingDatabase {
 public:
  using PassingDatabase::PassingDatabase;

 protected:
  void run_transaction(db::Access access, const Work& work) override {
    pass_on(access, work);
    if (access == db::Access::read) return;
    if (random_.bytes<1>()[0] % 3 == 0) throw db::DatabaseError("the connection was lost");
  }

 private:
  testing_support::SeededRandom random_{20261126};
};

TEST_P(QueueOutcome, a_claim_whose_answer_was_lost_is_not_forgotten) {
  ForgetfulDatabase forgetful{*ours.database};
  const Deps deps{.database = forgetful,
                  .clock = ours.watch,
                  .random = ours.random,
                  .log = ours.lines.log,
                  .metrics = ours.metrics,
                  .beat = 200ms,
                  .poll = 200ms};
  for (int i = 0; i < 6; ++i) put("test.item", std::to_string(i));
  Runner runner({.workers = {telling()}}, queue, deps);
  runner.start();
  EXPECT_TRUE(wait_until_empty());
  const auto seen = tally.seen();
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 6U);
  EXPECT_EQ(seen.size(), 6U) << "a lost answer to the end of an item does not repeat it";
}

}  // namespace
}  // namespace cardea::jobs
