#include "db/sqlite_file.hpp"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "db/sqlite_failure.hpp"

namespace cardea::db {
namespace {

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& path) {
  const int reason = errno;
  throw DatabaseError(what + " " + path.string() + ": " + std::generic_category().message(reason),
                      sqlite::failure_of(SQLITE_CANTOPEN, reason));
}

/// Makes an empty file beside `path` and links it into place. Opening `path` itself would not do: closing that
/// descriptor would drop the locks another connection of this process holds on the file.
void make_file(const std::filesystem::path& path) {
  std::string temporary = path.string() + ".XXXXXX";
  const int descriptor = ::mkstemp(temporary.data());  // mode 0600
  if (descriptor < 0) fail("cannot make a file in", path.parent_path());
  ::close(descriptor);
  const int linked = ::link(temporary.c_str(), path.c_str());
  const int reason = errno;
  ::unlink(temporary.c_str());
  errno = reason;
  if (linked != 0 && errno != EEXIST) fail("cannot make the database", path);
}

}  // namespace

void make_folder(const std::filesystem::path& path) {
  std::error_code ignored;
  if (path.empty() || std::filesystem::is_directory(path, ignored)) return;
  make_folder(path.parent_path());
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail("cannot make the directory", path);
}

std::filesystem::path resolve_file(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) throw DatabaseError("sqlite: needs a path");
  const auto absolute = std::filesystem::absolute(path).lexically_normal();
  if (!absolute.has_filename()) throw DatabaseError("sqlite: " + absolute.string() + " is a folder; name a file in it");
  std::error_code unresolved;
  auto canonical = std::filesystem::weakly_canonical(absolute, unresolved);
  return unresolved ? absolute : canonical;
}

std::filesystem::path prepare_file(std::string_view path, Missing missing) {
  auto file = resolve_file(path);
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) return file;
  if (missing == Missing::refuse) throw DatabaseError("there is no database at " + file.string(), Failure::missing);
  make_folder(file.parent_path());
  make_file(file);
  return file;
}

FilesInUse::FilesInUse(const std::filesystem::path& file)
    : file_(look_at(file.string())), log_(look_at(file.string() + "-wal")) {}

FilesInUse::Which FilesInUse::look_at(std::string path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) fail("cannot find", path);
  return {.path = std::move(path), .device = status.st_dev, .number = status.st_ino};
}

void FilesInUse::require_in_place() const {
  for (const Which* each : {&file_, &log_}) {
    struct stat status{};
    if (::stat(each->path.c_str(), &status) != 0) {
      if (errno != ENOENT && errno != ENOTDIR) fail("cannot find", each->path);
      throw DatabaseError("sqlite: " + each->path + " was deleted while it is in use", Failure::missing);
    }
    if (status.st_dev != each->device || status.st_ino != each->number) {
      throw DatabaseError("sqlite: " + each->path + " was replaced while it is in use; start the server again",
                          Failure::missing);
    }
  }
}

}  // namespace cardea::db
