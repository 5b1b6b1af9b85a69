#pragma once
// A file system of a test's own, which it can make read-only.

#include <sched.h>
#include <sys/mount.h>

#include <filesystem>
#include <functional>
#include <thread>

namespace cardea::testing_support {

/// Calls `work` on a thread with mounts of its own, an empty tmpfs at `folder` among them; false when that is not
/// permitted here.
inline bool with_own_mount(const std::filesystem::path& folder, const std::function<void()>& work) {
  bool is_permitted = false;
  std::thread{[&] {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return;
    if (::mount("tmpfs", folder.c_str(), "tmpfs", 0, nullptr) != 0) return;
    is_permitted = true;
    work();
  }}.join();
  return is_permitted;
}

/// From within: nobody writes there any more.
inline bool make_read_only(const std::filesystem::path& folder) {
  return ::mount("tmpfs", folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

}  // namespace cardea::testing_support
