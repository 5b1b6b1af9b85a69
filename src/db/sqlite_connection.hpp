#pragma once
// One SQLite connection. Internal to db.

#include <memory>
#include <string>
#include <vector>

#include "db/end_of_waits.hpp"
#include "db/session.hpp"
#include "db/statement_cache.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace cardea::db {

class SqliteConnection : public Session {
 public:
  enum class Purpose {
    work,
    keep_log  // as long as it is open, nobody who closes another one takes the log away; runs nothing
  };
  /// How one is opened.
  struct Opening {
    Access access = Access::read;  // a connection for reading refuses to write
    Purpose purpose = Purpose::work;
    Duration busy_timeout;  // how long a lock of others is waited for
    std::string origin = {};  // the name of this process in what is announced
    std::size_t statements = Options{}.statements;  // that stay prepared, at most
    Use use = Use::together;
    const EndOfWaits* ends = nullptr;  // of waits for locks; null: only the time-out ends them. Outlives it
  };
  /// Opens an existing file.
  SqliteConnection(const std::string& path, Opening opening);

  void begin(Access access) override;
  void begin_alone(Access access) override;
  void commit() override;
  void roll_back() noexcept override;
  [[nodiscard]] bool is_usable() const noexcept override;
  void ping() override;
  [[nodiscard]] bool writes_alone() const override { return true; }

  /// Writes what was announced into the transaction, to be committed with it; `commit` does it as well.
  void store_announcements();
  /// A part of a transaction that may be undone by itself (a savepoint).
  void begin_part();
  void keep_part();
  /// Undoes the part that was begun and forgets that it failed. False: the transaction as a whole cannot be used.
  [[nodiscard]] bool undo_part() noexcept;

  [[nodiscard]] std::size_t cached_statements() const { return statements_.size(); }
  /// Stores a new stamp, outside a transaction: see sqlite_log.hpp.
  void stamp();
  /// For what no statement does. Not to be closed.
  [[nodiscard]] sqlite3* handle() const { return connection_.get(); }

 protected:
  Rows execute(std::string_view sql, std::span<const Param> params) override;
  std::int64_t change(std::string_view sql, std::span<const Param> params) override;
  void stream(std::string_view sql, std::span<const Param> params, std::optional<std::int64_t> limit,
              const RowHandler& each) override;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  struct Statement {
    std::unique_ptr<sqlite3_stmt, Finalize> handle;
    std::vector<int> positions;  // SQLite's index of "$1", "$2" …: it numbers them by first appearance
  };
  struct Reset;

  void execute_text(std::string_view sql) override;
  Statement prepare(std::string_view sql);
  Statement& cached(std::string_view sql);
  Statement& keep(std::string_view sql, Statement statement);
  void show(const Statement& statement, std::span<const Param> params, const RowHandler& each);
  sqlite3_stmt* bind(std::string_view sql, std::span<const Param> params);
  void bind_all(const Statement& statement, std::span<const Param> params);
  void bind_one(sqlite3_stmt* statement, int position, const Param& param);
  bool step(sqlite3_stmt* statement);
  [[noreturn]] void fail_with(int code);
  void open(const std::string& path, int flags);
  void set_up();
  /// Called by SQLite while somebody else holds a lock, with how often it was for this one; 0: no longer.
  static int wait_for_lock(void* self, int times);
  /// Called by SQLite after each commit, with the length of the log.
  static int after_commit_of(void* self, sqlite3* connection, const char* name, int pages);
  /// Makes a new stamp the first change of a new log.
  void stamp_if_due();

  const Opening opening_;
  Deadline waits_since_;  // for the present lock
  std::unique_ptr<sqlite3, Close> connection_;
  StatementCache<Statement> statements_;
  bool commits_each_ = false;  // a statement that writes is a transaction of its own
  bool is_stamp_due_ = false;
  int pages_in_log_ = 0;
};

}  // namespace cardea::db
