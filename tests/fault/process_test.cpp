// What happens to the process itself: it is killed, ended, stopped, squeezed, or told another time.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>

#include "tests/fault/scene.hpp"
#include "tests/support/within.hpp"

namespace cardea::fault {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

#ifdef CARDEA_SANITIZED
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

/// A number that the kernel tells of a process: `VmSize`, in KiB.
std::uint64_t status_of(pid_t process, const std::string& name) {
  std::ifstream facts{"/proc/" + std::to_string(process) + "/status"};
  for (std::string line; std::getline(facts, line);) {
    if (line.starts_with(name + ":")) return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10);
  }
  return 0;
}

/// Sets the soft limit of a running process; returns what it was.
rlim_t set_limit(pid_t process, __rlimit_resource kind, rlim_t most) {
  rlimit limit{};
  EXPECT_EQ(::prlimit(process, kind, nullptr, &limit), 0);
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = std::min(most, limit.rlim_max);
  EXPECT_EQ(::prlimit(process, kind, &limit, nullptr), 0);
  return before;
}

class Process : public Scene {};
INSTANTIATE_TEST_SUITE_P(engines, Process, ::testing::Values("sqlite", "postgres"),
                         [](const auto& each) { return each.param; });

TEST_P(Process, killed) {
  start();
  kill();
  const auto clients = expect({.some = {"no answer"}});
  start_again();
  EXPECT_EQ(readiness(), "200");
  expect_everything_kept();
  row("`kill -9`", clients, "ready at once after the start", "by a start");
}

TEST_P(Process, ended_under_load) {
  start();
  program().send(SIGTERM);
  EXPECT_EQ(end(), 0) << program().log();
  EXPECT_NE(program().log().find("server.stopped"), std::string::npos);
  EXPECT_EQ(program().log().find("drain_incomplete"), std::string::npos);
  const auto clients = expect({.some = {"no answer"}, .also = {"503 overloaded"}});
  start_again();
  expect_everything_kept();
  row("SIGTERM under load", clients, "exit status 0, log `server.stopped`", "by a start");
}

TEST_P(Process, stopped_for_a_while) {
  start();
  program().send(SIGSTOP);
  std::this_thread::sleep_for(3s);  // that is the fault
  program().send(SIGCONT);
  EXPECT_TRUE(heals(10s));
  const auto clients = expect({.checks_within = 15s});
  expect_everything_kept();
  row("SIGSTOP, SIGCONT after 3 s", clients, "ready", "by itself");
}

TEST_P(Process, with_a_log_that_nobody_reads) {
  const testing_support::Folder folder;
  const auto fifo = folder.path() / "stderr";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  ASSERT_GE(::fcntl(reader, F_SETPIPE_SZ, 4096), 0);
  start({}, fifo);
  EXPECT_TRUE(heals(30s));
  const auto clients = expect({});
  expect_everything_kept();
  ::close(reader);
  row("nobody reads the log", clients, "ready; SIGTERM ends it in order", "by itself");
}

TEST_P(Process, without_a_free_descriptor) {
  if (is_sanitized) GTEST_SKIP() << "sanitizers want a descriptor to look at an address";
  start();
  const auto before = set_limit(program().id(), RLIMIT_NOFILE, 3);  // those that are open stay so
  {
    testing_support::RawClient late{program().port()};
    EXPECT_TRUE(program().says("edge.accept_failed", 10s));
    EXPECT_TRUE(load().goes_on(10)) << "on the connections that there are";
    (void)set_limit(program().id(), RLIMIT_NOFILE, before);
    EXPECT_TRUE(late.ask("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")) << "it has waited";
  }
  EXPECT_TRUE(heals(10s));
  const auto clients = expect({.also = {"503 overloaded", "503 storage.unreachable"}});
  expect_everything_kept();
  row("no free descriptor", "those that are connected: " + clients + "; new ones wait to be accepted",
      "log `edge.accept_failed`", "by itself, when there are some");
}

TEST_P(Process, without_address_space) {
  if (is_sanitized) GTEST_SKIP() << "sanitizers do not live with little memory";
  start();
  const auto size = status_of(program().id(), "VmSize") * 1024;
  const auto before = set_limit(program().id(), RLIMIT_AS, size);
  for (const rlim_t more : {0U, 1U, 4U, 16U}) {
    (void)set_limit(program().id(), RLIMIT_AS, size + more * 1024 * 1024);
    std::this_thread::sleep_for(500ms);  // the load works against it
  }
  (void)set_limit(program().id(), RLIMIT_AS, before);
  EXPECT_TRUE(heals(10s));
  const auto clients = expect({.also = {"503 overloaded", "503", "no answer"}});
  expect_everything_kept();
  row("address space used up (`ulimit -v`)", clients, "log `request.failed`: out of memory", "by itself");
}

/// As an allocation may fail anywhere, so it does here: one of so many, down to one of twenty. Whatever the process
/// then does, it says; and it never loses an acknowledged change.
TEST_P(Process, with_allocations_that_fail) {
  if (is_sanitized) GTEST_SKIP() << "sanitizers do not live with little memory";
  start();
  for (const long every : {5000, 1000, 500, 200, 101, 50, 20}) {
    faults().fail_allocations(every);
    std::this_thread::sleep_for(700ms);  // the load works against it
    faults().fail_allocations(0);
    std::atomic<bool> goes_on = false;
    std::jthread watching{[&] { goes_on = load().goes_on(3, 10s); }};
    EXPECT_TRUE(testing_support::within(10s, [&] { return goes_on || !program().is_running(); })) << "it hangs";
    if (goes_on) continue;
    watching.join();
    EXPECT_NE(end(), 0) << program().log();
    EXPECT_NE(program().log().find("process.failed"), std::string::npos) << program().log();
    start_again();
  }
  EXPECT_TRUE(heals(10s));
  std::vector<std::string> also{"503 overloaded", "503", "no answer"};
  if (!is_sqlite()) also.emplace_back("503 storage.unreachable");  // libpq gives up a connection for it
  (void)expect({.also = also, .changes_within = 25s, .checks_within = 25s});
  expect_everything_kept();
  row("memory used up, one of 5,000 to one of 20 allocations fails",
      is_sqlite() ? "`503 overloaded`, or the connection is closed; within 25 s"
                  : "`503 overloaded`, seldom `503 storage.unreachable`, or the connection is closed; within 25 s",
      "log `request.failed`, `edge.connection_failed`: out of memory",
      "by itself; should the process end, its last line is `process.failed`, and a start heals it");
}

TEST_P(Process, where_no_thread_can_be_started) {
  start();
  faults().fail_threads(true);
  EXPECT_TRUE(load().goes_on(30));
  const auto clients = expect({.also = {"503 overloaded"}});
  program().send(SIGTERM);
  EXPECT_EQ(end(), 0) << program().log();
  faults().fail_threads(false);
  start_again();
  expect_everything_kept();
  row("no thread can be started any more", clients, "ready; SIGTERM ends it in order", "by itself");
}

TEST_P(Process, in_a_group_with_little_memory) {
  if (is_sanitized) GTEST_SKIP() << "sanitizers do not live with little memory";
  const fs::path group{"/sys/fs/cgroup/memory/cardea-fault-" + std::to_string(::getpid())};
  std::error_code refused;
  if (!fs::create_directory(group, refused) || !fs::exists(group / "memory.limit_in_bytes")) {
    GTEST_SKIP() << "a control group for memory cannot be made here";
  }
  const auto write = [&](const char* file, const std::string& text) {
    std::ofstream stream{group / file};
    return static_cast<bool>(stream << text << std::flush);
  };
  ASSERT_TRUE(write("memory.limit_in_bytes", "67108864"));
  // The test enters it while it starts the program, which stays there.
  ASSERT_TRUE(write("cgroup.procs", std::to_string(::getpid())));
  start();
  std::ofstream{"/sys/fs/cgroup/memory/cgroup.procs"} << ::getpid() << std::flush;
  EXPECT_TRUE(program().says("memory.limited", 0s));
  EXPECT_TRUE(load().goes_on(100));
  const auto clients = expect({.also = {"503 overloaded"}});
  expect_everything_kept();
  EXPECT_TRUE(testing_support::within(5s, [&] { return fs::remove(group, refused); }));
  row("64 MiB for the control group", clients, "ready; log `memory.limited`", "by itself");
}

TEST_P(Process, whose_clock_steps) {
  start();
  for (const auto offset : {std::chrono::seconds{2h}, std::chrono::seconds{-2h}}) {
    const auto before = program().log().size();
    faults().shift_clock(offset);
    const auto is_said = [&] { return program().log().find("clock.was_set", before) != std::string::npos; };
    EXPECT_TRUE(testing_support::within(60s, is_said)) << program().log();
    EXPECT_TRUE(heals(20s)) << offset.count();
  }
  faults().shift_clock(0s);
  const auto clients = expect({.also = {"401 unauthenticated"}});
  expect_everything_kept();
  row("the clock steps two hours ahead and four back", clients, "ready; log `clock.was_set`", "by itself");
}

}  // namespace
}  // namespace cardea::fault
