#pragma once
// The database file on disk, private to its owner. Internal to db.

#include <sys/types.h>

#include <filesystem>
#include <string_view>

#include "db/database.hpp"

namespace cardea::db {

/// Makes sure that the file exists and returns its absolute path: a new file has mode 0600, which SQLite gives to
/// -wal and -shm too, and missing directories are made 0700. What exists already keeps its mode. Throws DatabaseError,
/// also for a file that is missing and not to be made.
std::filesystem::path prepare_file(std::string_view path, Missing missing = Missing::make);

/// Makes a folder and those above it, mode 0700, where they are missing. Throws DatabaseError.
void make_folder(const std::filesystem::path& path);

/// Where a path leads, before anything is opened: absolute, so that SQLite sees neither a "file:" URI nor ":memory:",
/// and without links, as SQLite names the files beside it. Throws DatabaseError for a path that is none.
std::filesystem::path resolve_file(std::string_view path);

/// The file, and its log, that were at a path when this was made. To be made while a connection is open that has read:
/// then SQLite leaves both where they are.
class FilesInUse {
 public:
  explicit FilesInUse(const std::filesystem::path& file);
  /// Throws DatabaseError (missing) unless both are still there: what is stored in a deleted file is lost. Two
  /// questions to the kernel, about a microsecond.
  void require_in_place() const;

 private:
  struct Which {
    std::string path;
    ::dev_t device = 0;
    ::ino_t number = 0;
  };
  static Which look_at(std::string path);
  Which file_;
  Which log_;
};

}  // namespace cardea::db
