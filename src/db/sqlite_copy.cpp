#include "db/sqlite_copy.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <memory>

#include <fmt/format.h>

#include "db/file_swap.hpp"
#include "db/sqlite_connection.hpp"
#include "db/sqlite_failure.hpp"
#include "db/sqlite_log.hpp"

namespace cardea::db {
namespace {

constexpr int pages_at_once = 1000;  // 4 MB: some milliseconds, between two looks at the progress
constexpr std::chrono::seconds waits_for_a_lock{10};

[[noreturn]] void fail(const char* what, int code, sqlite3* connection) {
  const int system_error = connection == nullptr ? 0 : sqlite3_system_errno(connection);
  throw DatabaseError(std::string{"sqlite: "} + what + ": " + sqlite3_errstr(code),
                      sqlite::failure_of(code, system_error));
}

struct Close {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
struct Finish {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};
using Target = std::unique_ptr<sqlite3, Close>;

Target open_target(const std::filesystem::path& path) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Target target{opened};
  if (code != SQLITE_OK) fail("the copy cannot be opened", code, opened);
  return target;
}

void run(sqlite3* connection, const std::string& sql) {
  const int code = sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail("the copy cannot be finished", code, connection);
}

void copy_pages(sqlite3* source, sqlite3* target, const CopyProgress& progress) {
  const std::unique_ptr<sqlite3_backup, Finish> backup{sqlite3_backup_init(target, "main", source, "main")};
  if (!backup) fail("the copy cannot be begun", sqlite3_errcode(target), target);
  const auto page_size = [&]() -> std::int64_t {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(source, "PRAGMA page_size", -1, &statement, nullptr);
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> owner{statement, &sqlite3_finalize};
    return statement != nullptr && sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
  }();
  for (;;) {
    const int code = sqlite3_backup_step(backup.get(), pages_at_once);
    if (code != SQLITE_OK && code != SQLITE_DONE) fail("the copy cannot be written", code, target);
    const std::int64_t all = sqlite3_backup_pagecount(backup.get());
    if (progress) progress((all - sqlite3_backup_remaining(backup.get())) * page_size, all * page_size);
    if (code == SQLITE_DONE) return;
  }
}

}  // namespace

void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to, const CopyProgress& progress) {
  {
    SqliteConnection source(from.string(), {.busy_timeout = waits_for_a_lock});
    // The snapshot begins with the first read and lasts until the end: without it each step would take a new one, and
    // start all over when somebody had written between two.
    source.begin(Access::read);
    source.ping();
    const Target target = open_target(to);
    run(target.get(), "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");  // it is synced once, below
    copy_pages(source.handle(), target.get(), progress);
    source.roll_back();
  }
  finish_sqlite(to);
}

void finish_sqlite(const std::filesystem::path& file) {
  {
    const Target target = open_target(file);
    run(target.get(), "PRAGMA journal_mode=DELETE; PRAGMA application_id=" + std::to_string(sqlite::application_id) +
                          "; PRAGMA user_version=" + std::to_string(sqlite::first_stamp()));
  }
  sync_to_disk(file);
}

std::vector<std::string> find_damage(Database& database) {
  return database.read([](Tx& tx) {
    std::vector<std::string> found;
    for (const Row& row : tx.all("PRAGMA integrity_check(10)")) {
      if (row.text(0) != "ok") found.push_back(row.text(0));
    }
    tx.each("SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 LIMIT 10",
            [&](const RowView& row) {
              found.push_back(fmt::format("{} rows of {} refer to rows of {} that are not there", row.integer(2),
                                          row.text(0), row.text(1)));
              return Next::go_on;
            });
    return found;
  });
}

}  // namespace cardea::db
