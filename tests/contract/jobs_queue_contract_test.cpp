// What is put in a transaction is done after it, by the workers of its kind, and by nobody else.
#include <atomic>
#include <future>
#include <stdexcept>

#include "tests/contract/jobs_queue_fixture.hpp"

namespace cardea::jobs {
namespace {

class QueueContract : public OnQueue {};
INSTANTIATE_TEST_SUITE_P(engines, QueueContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(QueueContract, an_item_is_done_once_and_gone) {
  Runner runner({.workers = {telling()}}, queue, ours.deps);
  runner.start();
  put("test.item", "hello");
  EXPECT_TRUE(tally.wait_for(1));
  EXPECT_TRUE(wait_until_empty());
  runner.stop(10s);
  EXPECT_EQ(tally.seen(), std::vector<std::string>{"hello"});
}

TEST_P(QueueContract, what_is_rolled_back_is_not_done) {
  (void)database().write([&](db::Tx& tx) -> Result<Done> {
    queue.put(tx, "test.item", "never", start);
    return broken;
  });
  EXPECT_EQ(count(), 0);
}

TEST_P(QueueContract, a_put_here_wakes_without_a_poll) {
  ours.deps.poll = 1h;
  ours.deps.beat = 1h;
  Runner runner({.workers = {telling()}}, queue, ours.deps);
  runner.start();
  for (std::size_t i = 1; i <= 20; ++i) {
    put("test.item", "x");
    ASSERT_TRUE(tally.wait_for(i)) << i;
  }
}

TEST_P(QueueContract, a_put_in_another_process_is_found_by_polling_or_by_wake) {
  Runner runner({.workers = {telling()}}, other_queue, theirs.deps);
  runner.start();
  put("test.item", "polled");
  EXPECT_TRUE(tally.wait_for(1));
  put("test.item", "woken");
  other_queue.wake("test.item");
  other_queue.wake("test.unknown");
  EXPECT_TRUE(tally.wait_for(2));
}

TEST_P(QueueContract, many_items_are_each_done_once_by_two_processes) {
  constexpr std::size_t many = 300;
  database().write([&](db::Tx& tx) {
    for (std::size_t i = 0; i < many; ++i) queue.put(tx, "test.item", std::to_string(i), start);
  });
  Runner mine({.workers = {telling("test.item", 3)}}, queue, ours.deps);
  Runner other({.workers = {telling("test.item", 3)}}, other_queue, theirs.deps);
  mine.start();
  other.start();
  EXPECT_TRUE(tally.wait_for(many));
  EXPECT_TRUE(wait_until_empty());
  mine.stop(10s);
  other.stop(10s);
  const auto seen = tally.seen();
  EXPECT_EQ(seen.size(), many);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), many);
  for (const auto* lines : {&ours.lines, &theirs.lines}) EXPECT_FALSE(lines->contains("claim_lost")) << lines->text();
}

TEST_P(QueueContract, a_slow_kind_delays_neither_another_nor_the_periodic_jobs) {
  std::promise<void> others_ran;
  std::promise<void> ticked;
  const std::shared_future<void> released = others_ran.get_future().share();
  const Worker slow{.kind = "test.slow", .work = [&](const Item&) -> Result<Done> { return released.wait(), done; }};
  Runner runner({.periodic = {{"test.tick", 1h, [&](Time) -> Result<Done> { return ticked.set_value(), done; }}},
                 .workers = {slow, telling()}},
                queue, ours.deps);
  for (int i = 0; i < 5; ++i) put("test.slow", "x");
  runner.start();
  for (int i = 0; i < 5; ++i) put("test.item", "x");
  EXPECT_TRUE(tally.wait_for(5));
  EXPECT_EQ(ticked.get_future().wait_for(patience), std::future_status::ready);
  others_ran.set_value();
  EXPECT_TRUE(wait_until_empty());
}

TEST_P(QueueContract, a_kind_has_no_more_items_in_work_than_threads) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  const Worker counted{.kind = "test.item",
                       .work = [&](const Item& item) -> Result<Done> {
                         const int now = ++running;
                         for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) continue;
                         std::this_thread::sleep_for(2ms);
                         --running;
                         return tally.add(item.payload), done;
                       },
                       .threads = 3};
  for (int i = 0; i < 60; ++i) put("test.item", "x");
  Runner runner({.workers = {counted}}, queue, ours.deps);
  runner.start();
  EXPECT_TRUE(tally.wait_for(60));
  EXPECT_LE(most, 3);
}

TEST_P(QueueContract, an_item_put_off_waits_and_one_from_a_wrong_clock_does_not) {
  Runner runner({.workers = {telling()}}, queue, ours.deps);
  put("test.item", "later", 1h);
  ours.watch.set(start + 24h * 400);
  put("test.item", "now");  // put by a clock far ahead, which is then set right
  ours.watch.set(start);
  runner.start();
  EXPECT_TRUE(tally.wait_for(1));
  EXPECT_EQ(tally.seen(), std::vector<std::string>{"now"});
  ours.watch.pass(1h);
  EXPECT_TRUE(tally.wait_for(2));
}

TEST_P(QueueContract, figures_show_depth_age_and_dead_letters) {
  std::promise<void> go_on;
  const Worker waiting{.kind = "test.item", .work = [&](const Item& item) -> Result<Done> {
                         tally.add(item.payload);
                         return go_on.get_future().wait(), done;
                       }};
  put("test.item", "in work");
  put("test.item", "next", 1h);
  ours.watch.pass(30s);
  Runner runner({.workers = {waiting}}, queue, ours.deps);
  runner.start();
  ASSERT_TRUE(tally.wait_for(1));
  const auto shows = [&](std::string_view line) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (ours.metrics.prometheus_text().find(line) == std::string::npos) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(2ms);
    }
    return true;
  };
  EXPECT_TRUE(shows("cardea_queue_depth{kind=\"test.item\"} 2"));
  EXPECT_TRUE(shows("cardea_queue_oldest_seconds{kind=\"test.item\"} 30"));
  EXPECT_TRUE(shows("cardea_queue_dead{kind=\"test.item\"} 0"));
  go_on.set_value();
  EXPECT_TRUE(shows("cardea_queue_depth{kind=\"test.item\"} 1"));
  EXPECT_TRUE(shows("cardea_job_last_success_timestamp_seconds{job=\"test.item\"} 1800000030"));
}

TEST_P(QueueContract, a_payload_that_is_too_large_is_refused) {
  EXPECT_NO_THROW(put("test.item", std::string(max_payload, 'x')));
  EXPECT_THROW(put("test.item", std::string(max_payload + 1, 'x')), std::length_error);
}

TEST_P(QueueContract, a_thousand_items_take_the_time_that_is_recorded) {
  constexpr std::size_t many = 1000;
  database().write([&](db::Tx& tx) {
    for (std::size_t i = 0; i < many; ++i) queue.put(tx, "test.item", "x", start);
  });
  Runner runner({.workers = {telling("test.item", 8)}}, queue, ours.deps);
  const auto begun = std::chrono::steady_clock::now();
  runner.start();
  ASSERT_TRUE(tally.wait_for(many));
  ASSERT_TRUE(wait_until_empty());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  RecordProperty("items_per_second", static_cast<int>(many / took.count()));
}

}  // namespace
}  // namespace cardea::jobs
