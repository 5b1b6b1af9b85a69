#include "db/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

#include "db/failure.hpp"

namespace cardea::db {
namespace {

constexpr std::chrono::milliseconds looks_again_after{20};

/// True also where there are no such locks: then only care helps.
bool lock(int descriptor, int how) noexcept {
  while (::flock(descriptor, how | LOCK_NB) != 0) {
    if (errno != EINTR) return errno != EWOULDBLOCK;
  }
  return true;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder)
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) {
    throw DatabaseError("cannot open the folder " + folder.string() + ": " + std::generic_category().message(errno),
                        Failure::unreachable);
  }
}

FolderLock::~FolderLock() { ::close(descriptor_); }

bool FolderLock::try_alone() noexcept { return lock(descriptor_, LOCK_EX); }

bool FolderLock::try_together(Duration patience) noexcept {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!lock(descriptor_, LOCK_SH)) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(looks_again_after);
  }
  return true;
}

}  // namespace cardea::db
