#pragma once
// What the system lets this process have.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "observe/log.hpp"

namespace cardea::app {

/// Raises the limit of open files as far as the system lets it: shells and service managers start programs with 1,024,
/// and every connection is an open file. Warns when `connections` and what the program opens besides do not fit.
void raise_open_files(std::int64_t connections, observe::Log& log);

/// The bytes of memory that this process's control groups let it have; absent when there is no limit. `cgroups` is what
/// /proc/self/cgroup holds, `root` where both versions are mounted: /sys/fs/cgroup. See cgroups(7).
[[nodiscard]] std::optional<std::uint64_t> memory_limit(std::string_view cgroups, const std::filesystem::path& root);

/// Keeps the memory of bursts and the addresses of stacks small, and this process a little below the memory limit of
/// its control groups, which it says. At that limit the kernel would kill it without a word; a little below, what finds
/// no memory is answered with 503. Before threads are started.
void make_do_with_little_memory(observe::Log& log);

}  // namespace cardea::app
