#pragma once
// Servers that refuse to run as root, which tests may be.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace cardea::testing_support {

/// Starts a program; as the user `postgres` when we are root. It is told to stop when this thread dies, so that a
/// crashed test leaves no server behind. What it prints is appended to `log`.
[[nodiscard]] pid_t spawn_as_postgres(const std::vector<std::string>& words, const std::filesystem::path& log);

/// Makes a folder that user's, when we are root.
void give_to_postgres(const std::filesystem::path& folder);

}  // namespace cardea::testing_support
