#pragma once
// Which file lies at a path, for whoever follows one that is replaced while the program runs.

#include <cstdint>
#include <string>

namespace cardea {

/// Another file at the same path, or another content of it, has another of these.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t changed_at = 0;  // in nanoseconds
  [[nodiscard]] bool is_there() const { return *this != FileIdentity{}; }
  bool operator==(const FileIdentity&) const = default;
};

/// One system call, about a microsecond.
[[nodiscard]] FileIdentity identity_of_file(const std::string& path);

}  // namespace cardea
