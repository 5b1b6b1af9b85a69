#include "config/file_rights.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <filesystem>

namespace cardea::config {
namespace {

namespace fs = std::filesystem;

bool is_read_only(const struct statvfs& facts) { return (facts.f_flag & ST_RDONLY) != 0; }

void add_folder(FileRights& rights, const fs::path& folder) {
  struct stat facts{};
  struct statvfs mount{};
  if (::stat(folder.c_str(), &facts) != 0 || ::statvfs(folder.c_str(), &mount) != 0) return;  // it was opened, though
  rights.folders.push_back({.path = folder.string(), .mode = facts.st_mode, .is_read_only = is_read_only(mount)});
}

}  // namespace

FileRights rights_of(int descriptor, const std::string& path) {
  FileRights rights;
  struct stat facts{};
  struct statvfs mount{};
  if (::fstat(descriptor, &facts) == 0) rights.file = facts.st_mode;
  rights.is_read_only = ::fstatvfs(descriptor, &mount) == 0 && is_read_only(mount);
  std::error_code error;
  const fs::path named = fs::absolute(path, error).parent_path();
  const fs::path real = fs::canonical(path, error).parent_path();
  add_folder(rights, named);
  if (!error && real != named) add_folder(rights, real);
  return rights;
}

std::string problem_with(const FileRights& rights) {
  if (!rights.is_read_only) {
    if ((rights.file & S_IROTH) != 0) {
      return "every user of this machine may read the file; run chmod o-rw on it, or mount it read-only";
    }
    if ((rights.file & S_IWOTH) != 0) return "every user of this machine may write to the file; run chmod o-rw on it";
  }
  for (const auto& folder : rights.folders) {
    // In a folder with the sticky bit, such as /tmp, nobody replaces a file of somebody else's.
    const bool is_open = (folder.mode & S_IWOTH) != 0 && (folder.mode & S_ISVTX) == 0;
    if (is_open && !folder.is_read_only) {
      return "every user of this machine may put another file in its place; run chmod o-w on the folder that it is in";
    }
  }
  return {};
}

}  // namespace cardea::config
