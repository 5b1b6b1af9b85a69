#include "app/limits.hpp"

#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t besides = 100;  // database, listeners, epoll, logs
constexpr std::size_t thread_stack = 512 * 1024;
constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr std::uint64_t most_believed = std::uint64_t{1} << 50;  // version 1 writes "no limit" as a number above

std::string read(const fs::path& file) {
  std::ifstream stream{file};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

std::optional<std::uint64_t> limit_in(const fs::path& file) {
  const std::string text = read(file);
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error != std::errc{} || bytes == 0 || bytes > most_believed) return std::nullopt;  // also "max"
  return bytes;
}

/// The least limit of a group and of all above it. In a container the group's own path is often not to be seen, and its
/// files are those at the top.
std::optional<std::uint64_t> least_limit(const fs::path& top, const fs::path& group, const char* file) {
  std::optional<std::uint64_t> least = limit_in(top / file);
  fs::path folder = top;
  for (const fs::path& part : group) {
    folder /= part;
    const auto limit = limit_in(folder / file);
    if (limit) least = std::min(*limit, least.value_or(*limit));
  }
  return least;
}

/// Bytes of data and stacks of this process, used or not: what RLIMIT_DATA counts.
std::uint64_t data_size() {
  std::ifstream facts{"/proc/self/statm"};
  std::uint64_t pages = 0;
  for (int field = 1; field <= 6; ++field) facts >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

/// Half a mebibyte instead of the usual eight, which of sixty threads would be most of what a limit leaves.
void limit_thread_stacks() {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  if (pthread_attr_setstacksize(&attributes, thread_stack) == 0) (void)pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

void stay_below_memory_limit(observe::Log& log) {
  const auto limit = memory_limit(read("/proc/self/cgroup"), "/sys/fs/cgroup");
  rlimit present{};
  if (!limit || getrlimit(RLIMIT_DATA, &present) != 0) return;
  const rlim_t wanted = *limit / 8 * 7;  // sockets and files in the kernel count there too
  if (wanted >= present.rlim_cur || wanted < data_size()) return;
  const rlimit lowered{.rlim_cur = wanted, .rlim_max = present.rlim_max};
  if (setrlimit(RLIMIT_DATA, &lowered) != 0) return;
  log.info("memory.limited", {{"limit_mib", *limit / mebibyte}, {"used_at_most_mib", wanted / mebibyte}});
}

}  // namespace

void raise_open_files(std::int64_t connections, observe::Log& log) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  if (limit.rlim_cur < limit.rlim_max) {
    const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= static_cast<rlim_t>(connections + besides)) return;
  log.warn("server.too_few_open_files", {{"limit", static_cast<std::int64_t>(limit.rlim_cur)},
                                         {"needed", connections + besides},
                                         {"hint", "raise LimitNOFILE (ulimit -n), or lower server.max_connections"}});
}

std::optional<std::uint64_t> memory_limit(std::string_view cgroups, const fs::path& root) {
  while (!cgroups.empty()) {
    // hierarchy:controllers:/path, where version 2 names no controllers.
    const std::string_view line = cgroups.substr(0, cgroups.find('\n'));
    cgroups.remove_prefix(std::min(line.size() + 1, cgroups.size()));
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const fs::path group = fs::path{line.substr(second + 1)}.relative_path();
    const bool is_memory = ("," + std::string{controllers} + ",").find(",memory,") != std::string::npos;
    std::optional<std::uint64_t> limit;
    if (controllers.empty()) limit = least_limit(root, group, "memory.max");
    if (is_memory) limit = least_limit(root / "memory", group, "memory.limit_in_bytes");
    if (limit) return limit;
  }
  return std::nullopt;
}

void make_do_with_little_memory(observe::Log& log) {
  mallopt(M_ARENA_MAX, 2);  // per-thread arenas would keep what a burst on each thread once needed
  limit_thread_stacks();
  stay_below_memory_limit(log);
}

}  // namespace cardea::app
