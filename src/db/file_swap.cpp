#include "db/file_swap.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "db/sqlite_connection.hpp"
#include "db/sqlite_failure.hpp"
#include "db/sqlite_log.hpp"

namespace cardea::db {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
  const int reason = errno;
  throw DatabaseError(what + " " + path.string() + ": " + std::generic_category().message(reason),
                      sqlite::failure_of(SQLITE_CANTOPEN, reason));
}

fs::path with(const fs::path& file, const char* ending) { return file.string() + ending; }

bool is_there(const fs::path& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0;
}

void move(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail("cannot move to " + to.string() + " the file", from);
}

/// Writes the log back into its file, so that the file is all there is; false when that cannot be done, because it is
/// another file's or because the file is damaged.
bool fold_log(const fs::path& file) {
  if (sqlite::has_foreign_log(file)) return false;
  try {
    SqliteConnection connection(file.string(), {.access = Access::write, .busy_timeout = std::chrono::seconds{1}});
    const int code =
        sqlite3_wal_checkpoint_v2(connection.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK) return false;
  } catch (const DatabaseError&) {
    return false;
  }
  return !is_there(with(file, "-wal"));  // SQLite removes it with the last connection
}

/// Whoever owned the file goes on owning it, also when root puts another in its place.
void hand_over(const fs::path& fresh, const fs::path& owned) {
  struct stat status{};
  if (::stat(owned.c_str(), &status) != 0) return;
  if (::geteuid() == 0 && ::chown(fresh.c_str(), status.st_uid, status.st_gid) != 0) fail("cannot give away", fresh);
}

}  // namespace

Draft::Draft(const fs::path& beside) {
  std::string name = beside.string() + ".draft-XXXXXX";
  const int descriptor = ::mkstemp(name.data());  // mode 0600
  if (descriptor < 0) fail("cannot make a file in", beside.parent_path());
  ::close(descriptor);
  path_ = name;
}

Draft::~Draft() {
  for (const char* ending : {"-wal", "-shm", "-journal", ""}) ::unlink(with(path_, ending).c_str());
}

bool Draft::publish(const fs::path& name) {
  if (::link(path_.c_str(), name.c_str()) != 0) {
    if (errno == EEXIST) return false;
    fail("cannot make", name);
  }
  ::unlink(path_.c_str());
  sync_to_disk(name.parent_path());
  return true;
}

void sync_to_disk(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail("cannot open", path);
  const int code = ::fsync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  errno = reason;
  if (code != 0) fail("cannot write to the disk", path);
}

bool replace_sqlite(const fs::path& fresh, const fs::path& file, const fs::path& kept) {
  const bool has_old = is_there(file);
  hand_over(fresh, has_old ? file : file.parent_path());
  if (!has_old || !fold_log(file)) {
    // Away from the file before another one takes its name, or it would be read into that.
    for (const char* ending : {"-wal", "-journal"}) {
      if (is_there(with(file, ending))) move(with(file, ending), with(kept, ending));
    }
  }
  if (has_old && ::link(file.c_str(), kept.c_str()) != 0) fail("cannot keep as " + kept.string() + " the file", file);
  for (const char* ending : {"-wal", "-shm", "-journal"}) ::unlink(with(file, ending).c_str());
  sync_to_disk(file.parent_path());
  move(fresh, file);
  sync_to_disk(file.parent_path());
  return has_old;
}

}  // namespace cardea::db
