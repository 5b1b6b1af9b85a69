#pragma once
// Internal to config: who besides its owner can get at a secret's file.

#include <string>
#include <vector>

#include <sys/types.h>

namespace cardea::config {

/// What the system says of an open file and of the folders it is found in.
struct FileRights {
  mode_t file = 0;
  bool is_read_only = false;  // on a file system that is mounted read-only here, as platforms mount secrets
  struct Folder {
    std::string path;
    mode_t mode = 0;
    bool is_read_only = false;
  };
  std::vector<Folder> folders = {};
};

/// The rights of the file that `descriptor` is open on, which was opened as `path`: its folder, and the one that
/// symbolic links lead to.
[[nodiscard]] FileRights rights_of(int descriptor, const std::string& path);

/// What is wrong with them for a secret, as a sentence with its remedy; empty when nothing is. Nobody but owner and
/// group may read the file, nor anybody write to it or put another in its place. On a read-only mount, where modes can
/// be neither changed nor used, the platform has decided who reads.
[[nodiscard]] std::string problem_with(const FileRights& rights);

}  // namespace cardea::config
