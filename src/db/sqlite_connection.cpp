#include "db/sqlite_connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

#include "db/overloaded.hpp"
#include "db/sqlite_failure.hpp"
#include "db/sqlite_listener.hpp"
#include "db/sqlite_log.hpp"

namespace cardea::db {
namespace {

/// Of the log, after which it is written back into the file: SQLite's own measure.
constexpr int most_pages_in_log = 1000;

void configure(sqlite3* connection, int option, int value) {
  if (sqlite3_db_config(connection, option, value, nullptr) != SQLITE_OK) {
    throw DatabaseError("sqlite: a safety option was refused");
  }
}

BytesView blob(sqlite3_value* value) {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_value_blob(value));
  if (data == nullptr) return {};  // an empty blob has no address
  return {data, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

std::string_view text(sqlite3_value* value) {
  const auto* data = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (data == nullptr) throw std::bad_alloc{};
  return {data, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

/// Valid until the next step. The value is what SQLite calls unprotected, which makes no difference to a connection
/// without a mutex, and asking the value spares what each question about a column of the statement checks anew.
Param read_value(sqlite3_stmt* statement, int column) {
  sqlite3_value* value = sqlite3_column_value(statement, column);
  switch (sqlite3_value_type(value)) {
    case SQLITE_NULL: return Null{};
    case SQLITE_INTEGER: return std::int64_t{sqlite3_value_int64(value)};
    case SQLITE_TEXT: return text(value);
    case SQLITE_BLOB: return blob(value);
    default: throw DatabaseError("sqlite: a column holds a fraction, which is no type of ours");
  }
}

Row read_row(sqlite3_stmt* statement) {
  std::vector<Value> values;
  const int columns = sqlite3_column_count(statement);
  values.reserve(static_cast<std::size_t>(columns));
  for (int column = 0; column < columns; ++column) values.push_back(to_value(read_value(statement, column)));
  return Row{std::move(values)};
}

}  // namespace

void SqliteConnection::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
void SqliteConnection::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

/// Ends a use of a cached statement: an open cursor would keep the transaction alive, and bindings point at
/// parameters that are about to go.
struct SqliteConnection::Reset {
  sqlite3_stmt* statement;
  explicit Reset(sqlite3_stmt* s) : statement(s) {}
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;
  ~Reset() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

SqliteConnection::SqliteConnection(const std::string& path, Opening opening)
    : opening_(std::move(opening)), statements_(opening_.statements) {
  const Use use = opening_.use;
  open(path, use == Use::look ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
  // SQLite opens what it may not write for reading, without a word.
  if (use != Use::look && sqlite3_db_readonly(handle(), "main") == 1) {
    throw DatabaseError("sqlite: " + path + " cannot be written: by its mode, its owner, or its disk",
                        Failure::read_only);
  }
  // Before anything else: even switching to WAL needs a lock that another process may hold.
  sqlite3_busy_handler(handle(), wait_for_lock, this);
  if (opening_.purpose == Purpose::keep_log) {
    execute_text("PRAGMA schema_version");  // opens the log, and unlike most others does not read the schema
  } else {
    set_up();
  }
}

int SqliteConnection::wait_for_lock(void* self, int times) {
  // As sqlite3_busy_timeout does it, but that somebody else may end it.
  constexpr std::array<int, 12> pauses{1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100};
  auto& ours = *static_cast<SqliteConnection*>(self);
  const Deadline now = std::chrono::steady_clock::now();
  if (times == 0) ours.waits_since_ = now;
  const Deadline full = ours.waits_since_ + ours.opening_.busy_timeout;
  const Deadline end = ours.opening_.ends == nullptr ? full : ours.opening_.ends->bound(full, ours.waits_since_);
  if (now >= end) return 0;
  const auto pause = std::chrono::milliseconds{pauses.at(std::min(static_cast<std::size_t>(times), pauses.size() - 1))};
  std::this_thread::sleep_until(std::min<Deadline>(end, now + pause));
  return 1;
}

void SqliteConnection::open(const std::string& path, int flags) {
  sqlite3* opened = nullptr;
  // NOMUTEX: the pool already hands a connection to one thread at a time.
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  connection_.reset(opened);
  if (code != SQLITE_OK) {
    throw DatabaseError("sqlite: cannot open " + path + ": " + sqlite3_errstr(code),
                        sqlite::failure_of(code, opened == nullptr ? 0 : sqlite3_system_errno(opened)));
  }
  sqlite3_extended_result_codes(opened, 1);
}

void SqliteConnection::set_up() {
  sqlite3* opened = handle();
  configure(opened, SQLITE_DBCONFIG_DEFENSIVE, 1);
  configure(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
  configure(opened, SQLITE_DBCONFIG_DQS_DML, 0);
  configure(opened, SQLITE_DBCONFIG_DQS_DDL, 0);
  configure(opened, SQLITE_DBCONFIG_ENABLE_FKEY, 1);
  if (opening_.use != Use::look) execute_text("PRAGMA journal_mode=WAL");
  for (const char* pragma : {"PRAGMA synchronous=FULL", "PRAGMA cell_size_check=ON", "PRAGMA mmap_size=0",
                             "PRAGMA temp_store=MEMORY", "PRAGMA journal_size_limit=16777216",
                             "PRAGMA secure_delete=ON"}) {  // what is deleted is overwritten: keys above all
    execute_text(pragma);
  }
  if (opening_.access == Access::read) {
    execute_text("PRAGMA query_only=ON");
    execute_text("PRAGMA cache_size=-2048");  // KiB
  } else {
    execute_text("PRAGMA cache_size=-8192");
    sqlite3_wal_hook(opened, after_commit_of, this);
    is_stamp_due_ = true;
  }
}

int SqliteConnection::after_commit_of(void* self, sqlite3* connection, const char* name, int pages) {
  auto& ours = *static_cast<SqliteConnection*>(self);
  if (pages < ours.pages_in_log_) ours.is_stamp_due_ = true;  // another process had written it back
  ours.pages_in_log_ = pages;
  if (pages < most_pages_in_log) return SQLITE_OK;
  int in_log = 0;
  int written_back = 0;
  const int code = sqlite3_wal_checkpoint_v2(connection, name, SQLITE_CHECKPOINT_PASSIVE, &in_log, &written_back);
  if (code == SQLITE_OK && in_log == written_back) ours.is_stamp_due_ = true;
  return SQLITE_OK;  // what could not be written back stays in the log
}

void SqliteConnection::stamp_if_due() {
  if (is_stamp_due_) stamp();
}

void SqliteConnection::stamp() {
  execute_text("BEGIN IMMEDIATE");
  try {
    const Statement statement = prepare("PRAGMA user_version");
    step(statement.handle.get());
    const int stamp = sqlite3_column_int(statement.handle.get(), 0);
    sqlite3_reset(statement.handle.get());
    if (stamp == 0) execute_text("PRAGMA application_id=" + std::to_string(sqlite::application_id));
    execute_text("PRAGMA user_version=" +
                 std::to_string(stamp == 0 ? sqlite::first_stamp() : sqlite::next_stamp(stamp)));
    execute_text("COMMIT");
  } catch (const DatabaseError&) {
    roll_back();
    throw;
  }
  is_stamp_due_ = false;
}

void SqliteConnection::begin(Access access) {
  commits_each_ = false;
  if (access != Access::read) stamp_if_due();
  // IMMEDIATE takes the write lock now, so that no conflict can come up later, at a statement or at the commit.
  static_cast<void>(execute(access == Access::read ? "BEGIN" : "BEGIN IMMEDIATE", {}));
}

void SqliteConnection::begin_alone(Access access) {
  commits_each_ = false;
  if (access != Access::read) stamp_if_due();
  commits_each_ = access != Access::read;
}

void SqliteConnection::store_announcements() {
  require_healthy();
  if (has_announced()) write_change_log(*this, opening_.origin, announcements_);
}

void SqliteConnection::begin_part() { static_cast<void>(execute("SAVEPOINT part", {})); }
void SqliteConnection::keep_part() { static_cast<void>(execute("RELEASE part", {})); }

bool SqliteConnection::undo_part() noexcept {
  start_over();
  // A grave failure has already undone the transaction (lang_transaction.html, section 3).
  if (sqlite3_get_autocommit(connection_.get()) != 0) return false;
  const char* undo = "ROLLBACK TO part; RELEASE part";
  tell(undo);
  return sqlite3_exec(connection_.get(), undo, nullptr, nullptr, nullptr) == SQLITE_OK;
}

void SqliteConnection::commit() {
  store_announcements();
  commits_each_ = true;
  static_cast<void>(execute("COMMIT", {}));
}

void SqliteConnection::roll_back() noexcept {
  if (sqlite3_get_autocommit(connection_.get()) == 0) {
    tell("ROLLBACK");
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

bool SqliteConnection::is_usable() const noexcept { return sqlite3_get_autocommit(connection_.get()) != 0; }

void SqliteConnection::ping() { static_cast<void>(execute("SELECT count(*) FROM sqlite_schema", {})); }

Rows SqliteConnection::execute(std::string_view sql, std::span<const Param> params) {
  sqlite3_stmt* statement = bind(sql, params);
  const Reset reset(statement);
  Rows rows;
  while (step(statement)) rows.push_back(read_row(statement));
  return rows;
}

std::int64_t SqliteConnection::change(std::string_view sql, std::span<const Param> params) {
  sqlite3_stmt* statement = bind(sql, params);
  const Reset reset(statement);
  const auto before = sqlite3_total_changes64(connection_.get());
  while (step(statement)) {
  }
  // sqlite3_changes alone would repeat the figure of an earlier statement after one that changes no rows.
  if (sqlite3_total_changes64(connection_.get()) == before) return 0;
  return sqlite3_changes64(connection_.get());
}

void SqliteConnection::stream(std::string_view sql, std::span<const Param> params, std::optional<std::int64_t>,
                              const RowHandler& each) {
  require_healthy();
  require_storable(params);
  // Taken away meanwhile: `each` may run others, this one too.
  auto kept = statements_.take(sql);
  Statement statement = kept ? std::move(*kept) : prepare(sql);
  tell(sql);
  show(statement, params, each);
  if (statements_.find(sql) == nullptr) keep(sql, std::move(statement));
}

void SqliteConnection::show(const Statement& statement, std::span<const Param> params, const RowHandler& each) {
  sqlite3_stmt* handle = statement.handle.get();
  const Reset reset(handle);
  bind_all(statement, params);
  std::vector<Param> values(static_cast<std::size_t>(sqlite3_column_count(handle)));
  while (step(handle)) {
    int column = 0;
    for (Param& value : values) value = read_value(handle, column++);
    if (each(RowView{values}) == Next::stop) return;
  }
}

void SqliteConnection::execute_text(std::string_view sql) {
  require_healthy();
  const Statement statement = prepare(sql);
  while (step(statement.handle.get())) {
  }
}

SqliteConnection::Statement SqliteConnection::prepare(std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  errno = 0;  // as in step
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  Statement statement{.handle{prepared}, .positions = {}};
  if (code != SQLITE_OK) fail_with(code);
  if (prepared == nullptr) fail("sqlite: an empty statement");
  const int count = sqlite3_bind_parameter_count(prepared);
  for (int number = 1; number <= count; ++number) {
    const int position = sqlite3_bind_parameter_index(prepared, ("$" + std::to_string(number)).c_str());
    if (position == 0) fail("sqlite: a statement with other parameters than $1, $2 …");
    statement.positions.push_back(position);
  }
  return statement;
}

SqliteConnection::Statement& SqliteConnection::cached(std::string_view sql) {
  if (Statement* statement = statements_.find(sql)) return *statement;
  return keep(sql, prepare(sql));
}

SqliteConnection::Statement& SqliteConnection::keep(std::string_view sql, Statement statement) {
  if (statements_.surplus() != nullptr) statements_.remove_oldest();
  return statements_.add(sql, std::move(statement));
}

sqlite3_stmt* SqliteConnection::bind(std::string_view sql, std::span<const Param> params) {
  require_healthy();
  require_storable(params);
  const Statement& statement = cached(sql);
  tell(sql);
  bind_all(statement, params);
  return statement.handle.get();
}

void SqliteConnection::bind_all(const Statement& statement, std::span<const Param> params) {
  if (statement.positions.size() != params.size()) fail("sqlite: a statement with another number of parameters");
  for (std::size_t i = 0; i < params.size(); ++i) {
    bind_one(statement.handle.get(), statement.positions[i], params[i]);
  }
}

void SqliteConnection::bind_one(sqlite3_stmt* statement, int position, const Param& param) {
  const auto bind_text = [&](std::string_view value) {
    const char* data = value.empty() ? "" : value.data();  // a null address would bind NULL
    return sqlite3_bind_text64(statement, position, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
  };
  const int code =
      std::visit(Overloaded{
                     [&](Null) { return sqlite3_bind_null(statement, position); },
                     [&](std::int64_t value) { return sqlite3_bind_int64(statement, position, value); },
                     bind_text,
                     [&](BytesView value) {
                       if (value.empty()) return sqlite3_bind_zeroblob(statement, position, 0);
                       return sqlite3_bind_blob64(statement, position, value.data(), value.size(), SQLITE_STATIC);
                     },
                 },
                 param);
  if (code != SQLITE_OK) fail_with(code);
}

bool SqliteConnection::step(sqlite3_stmt* statement) {
  errno = 0;  // to see what the system says during this
  const int code = sqlite3_step(statement);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail_with(code);
}

void SqliteConnection::fail_with(int code) {
  // sqlite3_system_errno is not set by what fails when a transaction is committed: it has an earlier failure's.
  const int system_error = errno != 0 ? errno : sqlite3_system_errno(connection_.get());
  const std::string message = std::string{"sqlite: "} + sqlite3_errmsg(connection_.get());
  const int primary = code & 0xff;
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) fail_with_conflict(message);
  const Failure failure = sqlite::failure_of(code, system_error);
  // The disk failed while the end of a transaction was written: it may be in the log, or not.
  if (primary == SQLITE_IOERR && commits_each_) fail_with_unknown_outcome(message, failure);
  fail(message, failure);
}

}  // namespace cardea::db
