#include "observe/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace cardea::observe {
namespace {

/// Fields of /proc/self/stat by their numbers in proc(5).
enum class Stat : std::size_t { utime = 14, stime = 15, threads = 20, start_time = 22, vsize = 23, rss = 24 };

/// The command's name, the second field, may hold anything, so that counting begins behind its bracket.
constexpr std::size_t first_behind_name = 3;

std::vector<double> read_stat() {
  std::ifstream file{"/proc/self/stat"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  std::istringstream fields{text.substr(text.rfind(')') + 1)};
  std::string state;
  fields >> state;
  std::vector<double> numbers{std::nan("")};  // in the place of the state, which is a letter
  for (double number = 0; fields >> number;) numbers.push_back(number);
  return numbers;
}

double field(Stat which) { return read_stat().at(static_cast<std::size_t>(which) - first_behind_name); }

double ticks_per_second() { return static_cast<double>(sysconf(_SC_CLK_TCK)); }

/// When the machine was booted, in seconds since 1970.
double boot_time() {
  std::ifstream file{"/proc/stat"};
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("btime ")) return std::stod(line.substr(6));
  }
  return std::nan("");
}

double open_files() {
  const std::filesystem::directory_iterator files{"/proc/self/fd"};
  return static_cast<double>(std::distance(begin(files), end(files)) - 1);  // without the one that lists them
}

double most_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nan("");
  return limit.rlim_cur == RLIM_INFINITY ? HUGE_VAL : static_cast<double>(limit.rlim_cur);
}

}  // namespace

void measure_process(Metrics& metrics) {
  metrics.total("process_cpu_seconds_total", "User and system time of the processor, in seconds.",
                [] { return (field(Stat::utime) + field(Stat::stime)) / ticks_per_second(); });
  metrics.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.",
                [] { return boot_time() + field(Stat::start_time) / ticks_per_second(); });
  metrics.gauge("process_resident_memory_bytes", "Memory in use.",
                [] { return field(Stat::rss) * static_cast<double>(sysconf(_SC_PAGESIZE)); });
  metrics.gauge("process_virtual_memory_bytes", "Address space in use.", [] { return field(Stat::vsize); });
  metrics.gauge("process_threads", "Threads.", [] { return field(Stat::threads); });
  metrics.gauge("process_open_fds", "Open file descriptors.", open_files);
  metrics.gauge("process_max_fds", "File descriptors that may be open.", most_files);
}

}  // namespace cardea::observe
