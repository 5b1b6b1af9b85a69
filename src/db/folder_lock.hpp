#pragma once
// Who works in the folder of a database: any number of processes together, or one that puts another file in its place.
//
// The kernel holds the lock for as long as the process lives, so nothing is left behind by one that was killed; and it
// lies on the folder itself, so that there is no file of somebody else's that cannot be opened.

#include <filesystem>

#include "base/time.hpp"

namespace cardea::db {

class FolderLock {
 public:
  /// Opens the folder, not yet locked. Throws DatabaseError.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// True when nobody else holds it, in whatever way, and now nobody else can. True too where the file system has no
  /// such locks.
  [[nodiscard]] bool try_alone() noexcept;
  /// Shares it with others that do, also after `try_alone`; false when one works alone for longer than `patience`.
  [[nodiscard]] bool try_together(Duration patience) noexcept;

 private:
  int descriptor_;
};

}  // namespace cardea::db
