#include "observe/process.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <ctime>
#include <string>
#include <thread>

namespace cardea::observe {
namespace {

class Process : public ::testing::Test {
 protected:
  Process() { measure_process(metrics_); }
  [[nodiscard]] double value(const std::string& name) const {
    const std::string page = metrics_.prometheus_text();
    const auto at = page.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(page.substr(at + name.size() + 2));
  }
  Metrics metrics_;
};

TEST_F(Process, memory_that_is_used_is_resident) {
  constexpr std::size_t size = 64 * 1024 * 1024;
  const double before = value("process_resident_memory_bytes");
  const double virtual_before = value("process_virtual_memory_bytes");
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  EXPECT_GT(value("process_resident_memory_bytes"), before + size / 2);
  EXPECT_GE(value("process_virtual_memory_bytes"), virtual_before + size);
  munmap(memory, size);
}

TEST_F(Process, a_descriptor_more_is_counted) {
  const double before = value("process_open_fds");
  const int copy = dup(STDERR_FILENO);
  EXPECT_EQ(value("process_open_fds"), before + 1);
  close(copy);
  EXPECT_EQ(value("process_open_fds"), before);
  EXPECT_GE(value("process_max_fds"), before);
}

TEST_F(Process, a_thread_more_is_counted) {
  const double before = value("process_threads");
  double meanwhile = 0;
  std::thread{[&] { meanwhile = value("process_threads"); }}.join();
  EXPECT_EQ(meanwhile, before + 1);
}

TEST_F(Process, work_takes_processor_time) {
  const double before = value("process_cpu_seconds_total");
  while (value("process_cpu_seconds_total") <= before) continue;
  EXPECT_GT(value("process_cpu_seconds_total"), before);
}

TEST_F(Process, began_before_now_and_not_long_ago) {
  const double now = static_cast<double>(std::time(nullptr));
  const double started = value("process_start_time_seconds");
  EXPECT_LE(started, now + 2);
  EXPECT_GT(started, now - 3600);
}

}  // namespace
}  // namespace cardea::observe
