// Real processes, killed with -9: what they held is done by another, and nothing they had finished is done again.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <map>
#include <thread>

#include "jobs/runner.hpp"
#include "tests/contract/jobs_fixture.hpp"

namespace cardea::jobs {
namespace {

constexpr auto patience = 60s;
constexpr Duration quick_beat = 500ms;

/// A child process that runs `work` and is killed in the end. It is made while this process has no thread and no open
/// database, neither of which survives a fork.
class Child {
 public:
  explicit Child(const std::function<void()>& work) : pid_(::fork()) {
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ > 0) return;
    try {
      work();
    } catch (...) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  ~Child() { kill(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    was_killed_ = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    pid_ = -1;
  }
  [[nodiscard]] bool was_killed() const { return was_killed_; }

 private:
  pid_t pid_;
  bool was_killed_ = false;
};

/// The database is opened by each test, after the fork.
class Killed : public testing::TestWithParam<std::string> {
 protected:
  static void use_real_time(Process& process) {
    process.deps.monotonic = monotonic_now;
    process.deps.beat = quick_beat;
    process.deps.poll = quick_beat;
  }
  /// Waits until `holds` is true of the database.
  static bool wait_for(db::Database& database, const std::function<bool(db::Tx&)>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!database.read(holds)) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(2ms);
    }
    return true;
  }
  testing_support::FreshDatabase fresh{GetParam(), testing_support::Schema::migrated};
};
INSTANTIATE_TEST_SUITE_P(engines, Killed, testing_support::both_engines(), testing_support::engine_name);

/// Notes in the database that a payload was worked on, so that the note outlives a killed process.
void note(db::Database& database, const std::string& payload) {
  database.write([&](db::Tx& tx) { tx.run("INSERT INTO worked (payload) VALUES ($1)", payload); });
}

std::int64_t noted(db::Tx& tx) { return tx.one("SELECT count(*) FROM worked")->integer(0); }

TEST_P(Killed, a_worker_loses_nothing_and_repeats_at_most_what_it_held) {
  constexpr int many = 200;
  constexpr int threads = 4;
  db::open(fresh.url(), {})->write([](db::Tx& tx) { tx.run("CREATE TABLE worked (payload TEXT NOT NULL)"); });
  const auto worker = [](db::Database& database) {
    return Worker{.kind = "test.item",
                  .work = [&database](const Item& item) -> Result<Done> { return note(database, item.payload), done; },
                  .threads = threads};
  };
  Child child([&] {
    Process process{db::open(fresh.url(), {}), 11};
    use_real_time(process);
    Queue queue{process.random};
    process.database->write([&](db::Tx& tx) {
      for (int i = 0; i < many; ++i) queue.put(tx, "test.item", std::to_string(i), start);
    });
    Runner runner({.workers = {worker(*process.database)}}, queue, process.deps);
    runner.start();
    ::pause();
  });
  Process process{db::open(fresh.url(), {}), 12};
  use_real_time(process);
  ASSERT_TRUE(wait_for(*process.database, [](db::Tx& tx) { return noted(tx) >= many / 4; }));
  child.kill();
  ASSERT_TRUE(child.was_killed());
  Queue queue{process.random};
  Runner runner({.workers = {worker(*process.database)}}, queue, process.deps);
  runner.start();
  EXPECT_TRUE(
      wait_for(*process.database, [](db::Tx& tx) { return tx.one("SELECT count(*) FROM job")->integer(0) == 0; }));
  runner.stop(10s);
  std::map<std::string, int> times;
  for (const auto& row : process.database->read([](db::Tx& tx) { return tx.all("SELECT payload FROM worked"); })) {
    ++times[row.text(0)];
  }
  EXPECT_EQ(times.size(), many) << "nothing is lost";
  int repeated = 0;
  for (const auto& [payload, count] : times) repeated += count - 1;
  EXPECT_LE(repeated, threads) << "each thread repeats at most the item it held";
}

TEST_P(Killed, a_periodic_job_goes_on_elsewhere_after_its_lease_and_not_before) {
  Child child([&] {
    Process process{db::open(fresh.url(), {}), 21};
    use_real_time(process);
    Queue queue{process.random};
    Runner runner({.periodic = {{"test.job", 1h, [](Time) -> Result<Done> { return ::pause(), done; }}}}, queue,
                  process.deps);
    runner.start();
    ::pause();
  });
  Process process{db::open(fresh.url(), {}), 22};
  use_real_time(process);
  const auto is_held = [](db::Tx& tx) {
    const auto row = tx.one("SELECT holder FROM job_lease WHERE name = 'test.job'");
    return row && !row->is_null(0);
  };
  ASSERT_TRUE(wait_for(*process.database, is_held));
  std::atomic<bool> has_run = false;
  Queue queue{process.random};
  Runner runner({.periodic = {{"test.job", 1h, [&](Time) -> Result<Done> { return has_run = true, done; }}}}, queue,
                process.deps);
  runner.start();
  std::this_thread::sleep_for(quick_beat * 5);  // long enough to take over, if it were allowed
  EXPECT_FALSE(has_run) << "the other process works and renews its lease";
  child.kill();
  ASSERT_TRUE(child.was_killed());
  EXPECT_TRUE(wait_for(*process.database, [&](db::Tx&) { return has_run.load(); }));
}

}  // namespace
}  // namespace cardea::jobs
