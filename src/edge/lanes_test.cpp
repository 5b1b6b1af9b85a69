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
  explicit Work(std::function<void()> work) : work_(std::move(work)) {}
  void run() noexcept override { work_(); }

 private:
  std::function<void()> work_;
};

bool add(Pool& pool, std::function<void()> work) {
  std::unique_ptr<Job> job = std::make_unique<Work>(std::move(work));
  const bool added = pool.try_add(job);
  EXPECT_EQ(job == nullptr, added) << "a refused job stays the caller's";
  return added;
}

TEST(Pool, every_job_runs_once) {
  std::atomic<int> count{0};
  Pool pool{"test", 4, 1000};
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(add(pool, [&] { ++count; }));
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

TEST(Pool, stop_runs_what_is_queued_and_takes_no_more) {
  std::latch started{1};
  std::latch release{1};
  std::atomic<int> count{0};
  Pool pool{"test", 1, 10};
  ASSERT_TRUE(add(pool, [&] {
    started.count_down();
    release.wait();
  }));
  started.wait();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(add(pool, [&] { ++count; }));
  release.count_down();
  pool.stop();
  EXPECT_EQ(count, 5);
  EXPECT_FALSE(add(pool, [&] { ++count; }));
  EXPECT_TRUE(pool.is_stopping());
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
  Lanes lanes{{.quick = {1, 1}, .heavy = {1, 1}}};
  EXPECT_EQ(lanes.pool(http::Lane::instant), nullptr);
  EXPECT_NE(lanes.pool(http::Lane::quick), lanes.pool(http::Lane::heavy));
}

int nice_of_this_thread() { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); }

int nice_on(Lanes& lanes, http::Lane lane) {
  int nice = 0;
  EXPECT_TRUE(add(*lanes.pool(lane), [&nice] { nice = nice_of_this_thread(); }));
  lanes.pool(lane)->stop();
  return nice;
}

TEST(Lanes, heavy_threads_yield_to_all_others) {
  const int own = nice_of_this_thread();
  Lanes lanes{{.quick = {1, 1}, .heavy = {1, 1}}};
  EXPECT_EQ(nice_on(lanes, http::Lane::heavy), std::min(own + 5, 19));
  EXPECT_EQ(nice_on(lanes, http::Lane::quick), own);
  EXPECT_EQ(nice_of_this_thread(), own);
}

TEST(Lanes, depth_and_running_are_metrics) {
  observe::Metrics metrics;
  Lanes lanes{{.quick = {1, 1}, .heavy = {1, 1}}};
  lanes.measure(metrics, {});
  const std::string page = metrics.prometheus_text();
  EXPECT_NE(page.find("cardea_lane_depth{lane=\"heavy\"} 0"), std::string::npos) << page;
  EXPECT_NE(page.find("cardea_lane_running{lane=\"quick\"} 0"), std::string::npos) << page;
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
  seen.has_run = co_await run_on(home, pool, work);
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
