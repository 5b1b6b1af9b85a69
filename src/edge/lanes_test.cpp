#include "edge/lanes.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <latch>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "edge/run_on.hpp"

namespace cardea::edge {
namespace {

class Work final : public Job {
 public:
  Work(std::function<void()> work, std::shared_ptr<std::atomic<int>> dropped)
      : work_(std::move(work)), dropped_(std::move(dropped)) {}
  void run() noexcept override { work_(); }
  void drop() noexcept override { ++*dropped_; }

 private:
  std::function<void()> work_;
  std::shared_ptr<std::atomic<int>> dropped_;
};

Share from(std::string_view address) { return {.network = ClientNetwork{address}}; }

/// How often this job, or one that had to make room for it, was dropped; it may still be.
std::shared_ptr<std::atomic<int>> add_for(std::string_view address, Pool& pool, std::function<void()> work) {
  auto dropped = std::make_shared<std::atomic<int>>(0);
  pool.add(from(address), std::make_unique<Work>(std::move(work), dropped));
  return dropped;
}

bool add(Pool& pool, std::function<void()> work) { return *add_for("192.0.2.1", pool, std::move(work)) == 0; }

TEST(Pool, every_job_runs_once) {
  std::atomic<int> count{0};
  Pool pool{"test", 4, 1000};
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(add(pool, [&] { ++count; }));
  while (count != 1000) std::this_thread::yield();
  pool.stop();
  EXPECT_EQ(count, 1000);
}

TEST(Pool, a_full_queue_refuses_and_load_counts_it) {
  std::latch started{1};
  std::latch release{1};
  Pool pool{"test", 1, 2};
  ASSERT_TRUE(add(pool, [&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  EXPECT_TRUE(add(pool, [] {}));
  EXPECT_TRUE(add(pool, [] {}));
  EXPECT_FALSE(add(pool, [] {}));
  EXPECT_EQ(pool.load()->running, 1);
  EXPECT_EQ(pool.load()->waiting, 2);
  release.count_down();
  pool.stop();
  EXPECT_EQ(pool.load()->running, 0);
  EXPECT_EQ(pool.load()->waiting, 0);
}

TEST(Pool, measures_what_each_job_waited_for_a_thread) {
  using namespace std::chrono_literals;
  observe::Metrics metrics;
  std::latch started{1};
  std::latch release{1};
  Pool pool{"test", 1, 2, {.waits = &metrics.histogram("waits", "W.")}};
  ASSERT_TRUE(add(pool, [&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  ASSERT_TRUE(add(pool, [] {}));
  std::this_thread::sleep_for(11ms);
  std::atomic<bool> done = false;
  ASSERT_TRUE(add(pool, [&] { done = true; }));
  release.count_down();
  while (!done) std::this_thread::yield();
  pool.stop();
  const std::string page = metrics.prometheus_text();
  EXPECT_NE(page.find("\nwaits_count 3\n"), std::string::npos) << page;
  EXPECT_EQ(page.find("\nwaits_bucket{le=\"0.01\"} 3\n"), std::string::npos) << page;
}

TEST(Pool, stop_drops_what_has_not_begun_and_takes_no_more) {
  std::latch started{1};
  std::latch release{1};
  std::atomic<int> count{0};
  Pool pool{"test", 1, 10};
  ASSERT_TRUE(add(pool, [&] {
    started.count_down();
    release.wait();
    ++count;
  }));
  started.wait();
  std::vector<std::shared_ptr<std::atomic<int>>> dropped;
  for (int i = 0; i < 5; ++i) dropped.push_back(add_for("192.0.2.1", pool, [&] { count += 100; }));
  std::thread stopping{[&] { pool.stop(); }};
  while (!pool.is_stopping()) std::this_thread::yield();
  release.count_down();
  stopping.join();
  EXPECT_EQ(count, 1) << "the job that had begun";
  for (const auto& each : dropped) EXPECT_EQ(*each, 1);
  EXPECT_FALSE(add(pool, [&] { ++count; }));
}

TEST(Pool, jobs_that_wait_can_be_dropped_while_it_goes_on) {
  std::latch started{1};
  std::latch release{1};
  Pool pool{"test", 1, 10};
  ASSERT_TRUE(add(pool, [&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  const auto dropped = add_for("192.0.2.1", pool, [] {});
  pool.drop_waiting();
  EXPECT_EQ(*dropped, 1);
  EXPECT_EQ(pool.load()->waiting, 0);
  release.count_down();
  std::latch is_done{1};
  EXPECT_TRUE(add(pool, [&] { is_done.count_down(); }));
  is_done.wait();
}

TEST(Pool, a_crowd_neither_keeps_others_out_nor_makes_them_wait) {
  std::latch started{1};
  std::latch release{1};
  std::mutex mutex;
  std::string order;
  Pool pool{"test", 1, 4};
  const auto note = [&](char who) {
    return [&, who] {
      const std::lock_guard lock{mutex};
      order += who;
    };
  };
  ASSERT_TRUE(add(pool, [&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  std::vector<std::shared_ptr<std::atomic<int>>> crowd;
  for (int i = 0; i < 6; ++i) crowd.push_back(add_for("192.0.2.1", pool, note('c')));
  const auto other = add_for("198.51.100.7", pool, note('o'));
  EXPECT_EQ(*other, 0);
  EXPECT_EQ(*crowd[3], 1) << "the last of the crowd makes room";
  EXPECT_EQ(*crowd[4] + *crowd[5], 2) << "there was no place for these";
  release.count_down();
  const auto noted = [&] {
    const std::lock_guard lock{mutex};
    return order;
  };
  while (noted().size() < 4) std::this_thread::yield();
  EXPECT_EQ(noted(), "cocc");
}

TEST(Pool, starts_no_more_threads_than_it_needs_or_may) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  Pool pool{"test", 3, 100};
  const auto note_thread = [&] {
    const std::lock_guard lock{mutex};
    threads.insert(std::this_thread::get_id());
  };
  for (int i = 0; i < 20; ++i) {
    std::latch is_done{1};
    ASSERT_TRUE(add(pool, [&] { note_thread(), is_done.count_down(); }));
    is_done.wait();
    while (pool.load()->running != 0) std::this_thread::yield();  // it rests again
  }
  EXPECT_LE(threads.size(), 2U) << "the next job may come before the thread is back at rest";
  std::latch all_run{3};
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(add(pool, [&] { note_thread(), all_run.arrive_and_wait(); }));
  all_run.wait();  // none waits for another
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(add(pool, note_thread));
  while (pool.load()->waiting != 0) std::this_thread::yield();
  pool.stop();
  EXPECT_EQ(threads.size(), 3U);
}

TEST(Pool, an_idle_thread_says_so_once_until_its_next_job) {
  std::atomic<int> calls{0};
  std::latch first{1};
  std::latch second{2};
  Pool pool{"test",
            1,
            10,
            {.on_idle = [&] { ++calls == 1 ? first.count_down() : second.count_down(); },
             .idle_after = std::chrono::milliseconds{1}}};
  first.wait();
  ASSERT_TRUE(add(pool, [&] { second.count_down(); }));
  second.wait();
  pool.stop();
  EXPECT_EQ(calls, 2);
}

TEST(Lanes, the_instant_lane_has_no_pool) {
  observe::Metrics metrics;
  Lanes lanes{{.quick = {1, 1}, .heavy = {1, 1}}, {metrics}};
  EXPECT_EQ(lanes.pool(http::Lane::instant), nullptr);
  EXPECT_NE(lanes.pool(http::Lane::quick), lanes.pool(http::Lane::heavy));
}

int nice_of_this_thread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }

int nice_on(Lanes& lanes, http::Lane lane) {
  int nice = 0;
  std::latch is_done{1};
  EXPECT_TRUE(add(*lanes.pool(lane), [&] { nice = nice_of_this_thread(), is_done.count_down(); }));
  is_done.wait();
  lanes.pool(lane)->stop();
  return nice;
}

TEST(Lanes, heavy_threads_yield_to_all_others) {
  const int own = nice_of_this_thread();
  observe::Metrics metrics;
  Lanes lanes{{.quick = {1, 1}, .heavy = {1, 1}}, {metrics}};
  EXPECT_EQ(nice_on(lanes, http::Lane::heavy), std::min(own + 5, 19));
  EXPECT_EQ(nice_on(lanes, http::Lane::quick), own);
  EXPECT_EQ(nice_of_this_thread(), own);
}

TEST(Lanes, depth_and_running_are_metrics) {
  observe::Metrics metrics;
  Lanes lanes{{.quick = {1, 1}, .heavy = {1, 1}}, {metrics}};
  const std::string page = metrics.prometheus_text();
  EXPECT_NE(page.find("cardea_lane_depth{lane=\"heavy\"} 0"), std::string::npos) << page;
  EXPECT_NE(page.find("cardea_lane_running{lane=\"quick\"} 0"), std::string::npos) << page;
  EXPECT_NE(page.find("cardea_lane_wait_seconds_count{lane=\"heavy\"} 0"), std::string::npos) << page;
}

struct Hopped {
  bool has_run = false;
  std::thread::id worker;
  std::thread::id after;
  std::exception_ptr failure;
};

Task<void> hop(Executor home, Pool& pool, Hopped& seen, const char* failure) {
  const auto work = [&] {
    seen.worker = std::this_thread::get_id();
    if (failure != nullptr) throw std::runtime_error{failure};
  };
  const Share nobody;
  seen.has_run = co_await run_on(home, pool, nobody, work);
  seen.after = std::this_thread::get_id();
}

Hopped hop(Pool& pool, const char* failure = nullptr) {
  asio::io_context context{1};
  Hopped seen;
  const auto end = [&seen](std::exception_ptr thrown) { seen.failure = thrown; };
  asio::co_spawn(context, hop(context.get_executor(), pool, seen, failure), end);
  context.run();
  pool.stop();  // the context outlives the thread that posted to it, as in Server::stop
  return seen;
}

TEST(RunOn, works_on_the_pool_and_comes_home) {
  Pool pool{"test", 1, 1};
  const Hopped seen = hop(pool);
  EXPECT_TRUE(seen.has_run);
  EXPECT_NE(seen.worker, std::this_thread::get_id());
  EXPECT_EQ(seen.after, std::this_thread::get_id());
}

TEST(RunOn, a_full_queue_is_told_at_once) {
  Pool pool{"test", 0, 0};
  const Hopped seen = hop(pool);
  EXPECT_FALSE(seen.has_run);
  EXPECT_EQ(seen.worker, std::thread::id{});
}

TEST(RunOn, an_exception_of_the_work_arrives_at_home) {
  Pool pool{"test", 1, 1};
  const Hopped seen = hop(pool, "no database");
  ASSERT_TRUE(seen.failure);
  EXPECT_THROW(std::rethrow_exception(seen.failure), std::runtime_error);
}

}  // namespace
}  // namespace cardea::edge
