#include "base/file_identity.hpp"

#include <sys/stat.h>

namespace cardea {

FileIdentity identity_of_file(const std::string& path) {
  struct stat facts{};
  if (path.empty() || ::stat(path.c_str(), &facts) != 0) return {};
  return {.device = facts.st_dev,
          .inode = facts.st_ino,
          .size = facts.st_size,
          .changed_at = std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec};
}

}  // namespace cardea
