#include "db/sqlite_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "db/database.hpp"

namespace cardea::db {
namespace {

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& path) {
  throw DatabaseError(what + " " + path.string() + ": " + std::generic_category().message(errno));
}

void make_directory(const std::filesystem::path& path) {
  std::error_code ignored;
  if (path.empty() || std::filesystem::is_directory(path, ignored)) return;
  make_directory(path.parent_path());
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail("cannot make the directory", path);
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

std::filesystem::path prepare_file(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) throw DatabaseError("sqlite: needs a path");
  // Absolute, so that SQLite sees neither a "file:" URI nor ":memory:".
  const auto absolute = std::filesystem::absolute(path).lexically_normal();
  std::error_code ignored;
  if (!std::filesystem::exists(absolute, ignored)) {
    make_directory(absolute.parent_path());
    make_file(absolute);
  }
  return absolute;
}

}  // namespace cardea::db
