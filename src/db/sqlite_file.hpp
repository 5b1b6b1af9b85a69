#pragma once
// The database file on disk, private to its owner. Internal to db.

#include <filesystem>
#include <string_view>

namespace cardea::db {

/// Makes sure that the file exists and returns its absolute path: a new file has mode 0600, which SQLite gives to
/// -wal and -shm too, and missing directories are made 0700. What exists already keeps its mode. Throws DatabaseError.
std::filesystem::path prepare_file(std::string_view path);

}  // namespace cardea::db
