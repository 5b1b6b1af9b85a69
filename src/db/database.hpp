#pragma once
// db: one SQL text on SQLite and PostgreSQL.
//
// Owns: connections, transactions, migrations. Never: SQL of a room, or text built at run time.
// Every call blocks; call from a lane or a job thread, never from an I/O thread.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "db/announcement.hpp"
#include "db/bus.hpp"
#include "db/condition.hpp"
#include "db/failure.hpp"
#include "db/select.hpp"
#include "db/sql.hpp"
#include "db/value.hpp"

namespace cardea::db {

/// What is to happen after a row of `Tx::each`.
enum class Next { go_on, stop };
using RowHandler = std::function<Next(const RowView&)>;

/// A transaction in progress; lives only inside `Database::read`, `write` or `write_locking`. One thread.
class Tx {
 public:
  virtual ~Tx() = default;

  /// Runs a statement and returns all its rows.
  template <class... Args>
  Rows all(Sql<std::type_identity_t<Args>...> sql, const Args&... args) {
    const std::array<Param, sizeof...(Args)> params{to_param(args)...};
    return execute(sql.text(), params);
  }

  /// Runs a statement that yields at most one row; more than one throws.
  template <class... Args>
  std::optional<Row> one(Sql<std::type_identity_t<Args>...> sql, const Args&... args) {
    const std::array<Param, sizeof...(Args)> params{to_param(args)...};
    Rows rows = execute(sql.text(), params);
    return at_most_one(std::move(rows));
  }

  /// Runs a statement for its effect; returns how many rows it changed.
  template <class... Args>
  std::int64_t run(Sql<std::type_identity_t<Args>...> sql, const Args&... args) {
    const std::array<Param, sizeof...(Args)> params{to_param(args)...};
    return change(sql.text(), params);
  }

  /// Runs a statement that nobody waits for: at the latest before the next one of another kind, or with the commit. On
  /// PostgreSQL it has no round trip of its own, and its failure shows there.
  template <class... Args>
  void later(Sql<std::type_identity_t<Args>...> sql, const Args&... args) {
    const std::array<Param, sizeof...(Args)> params{to_param(args)...};
    defer(sql.text(), params);
  }

  /// Whether nobody else writes until this transaction ends, as in SQLite: then there is no need to hold a row.
  [[nodiscard]] virtual bool writes_alone() const = 0;

  Rows all(const Select& select) { return execute(select.text(), select.params()); }
  std::optional<Row> one(const Select& select) { return at_most_one(execute(select.text(), select.params())); }

  /// Which of the conditions hold, asked in one statement; in none where there are none.
  std::vector<bool> which_hold(std::span<const Condition> conditions);
  [[nodiscard]] bool holds(const Condition& condition) { return which_hold({&condition, 1})[0]; }

  /// Calls `each(row)` for every row in turn, holding a few at a time however many there are, until it returns
  /// Next::stop. `each` may use this transaction, but not change the tables that are read.
  template <class Each, class... Args>
    requires std::is_invocable_r_v<Next, Each&, const RowView&>
  void each(Query<std::type_identity_t<Args>...> sql, Each&& each, const Args&... args) {
    const std::array<Param, sizeof...(Args)> params{to_param(args)...};
    stream(sql.text(), params, std::nullopt, std::ref(each));
  }
  template <class Each>
    requires std::is_invocable_r_v<Next, Each&, const RowView&>
  void each(const Select& select, Each&& each) {
    stream(select.text(), select.params(), select.limit(), std::ref(each));
  }

  /// Runs `action` once, on this thread, after this transaction has committed and before `write` returns; never
  /// after a rollback. For what must follow a commit, such as emptying a cache. `action` must not throw.
  void after_commit(std::function<void()> action) { after_commit_.push_back(std::move(action)); }

  /// Tells every process that what is remembered of `subject` under `topic` is out of date; of the whole topic when
  /// `subject` is empty. The subscribers of this process are told after the commit and before `write` returns, those
  /// of others within a second. Unlike after_commit, also when the outcome of the commit is unknown, because the
  /// change may have happened; never after a rollback. Never in `read`; at most max_subject_size bytes.
  void announce(Topic topic, BytesView subject = {});
  void announce(Topic topic, std::string_view subject) { announce(topic, as_bytes(subject)); }
  template <class Tag>
  void announce(Topic topic, const Id<Tag>& subject) {
    announce(topic, subject.bytes());
  }

 protected:
  virtual Rows execute(std::string_view sql, std::span<const Param> params) = 0;
  virtual std::int64_t change(std::string_view sql, std::span<const Param> params) = 0;
  /// `limit`: how many rows there are at most, where that is known.
  virtual void stream(std::string_view sql, std::span<const Param> params, std::optional<std::int64_t> limit,
                      const RowHandler& each) = 0;
  /// `sql` lives for ever, `params` during the call. At once where the engine gains nothing by waiting.
  virtual void defer(std::string_view sql, std::span<const Param> params) { change(sql, params); }
  std::vector<std::function<void()>> after_commit_;
  std::vector<Announcement> announcements_;

 private:
  friend class MigrationText;  // db/migrate.cpp, whose SQL is not a literal
  virtual void execute_text(std::string_view sql) = 0;
  static std::optional<Row> at_most_one(Rows rows);
};

/// What a transaction's work decided.
enum class Verdict { commit, roll_back };

/// How a transaction meets others: `write` is serializable, `locking_write` waits for the rows that others hold.
enum class Access { read, write, locking_write };

class Database {
 public:
  virtual ~Database() = default;

  /// Runs `work` in one serializable read-write transaction. Committed when `work` returns a success (or a plain
  /// value), rolled back when it returns an Error or throws. Run again on a conflict: `work` must have no effect
  /// outside the transaction except through `after_commit`.
  template <class Work>
  auto write(Work&& work) {
    return transact(Access::write, work);
  }

  /// The same at READ COMMITTED on PostgreSQL: each statement sees all that was committed before it, and one that
  /// changes a row waits for whoever holds it, so that many at once do not make each other start over. For short work
  /// that first takes the row on which its decisions rest (identity::hold) or decides nothing by what it reads. On
  /// SQLite those who come together share a commit: `work` may run on the thread of another of them.
  template <class Work>
  auto write_locking(Work&& work) {
    return transact(Access::locking_write, work);
  }

  /// Runs `work` on a consistent read-only snapshot, which is in nobody's way.
  template <class Work>
  auto read(Work&& work) {
    return transact(Access::read, work);
  }

  /// Runs one statement that is a transaction of its own: on PostgreSQL one round trip, at READ COMMITTED, where a
  /// statement waits for the row that another holds instead of failing; on SQLite under the write lock. For what one
  /// statement decides by itself, such as INSERT … ON CONFLICT DO UPDATE … RETURNING; what rests on rows that it reads
  /// but does not change belongs in `write`. Run again on a conflict. Throws OutcomeUnknown when its answer was lost.
  template <class... Args>
  std::int64_t run(Sql<std::type_identity_t<Args>...> sql, const Args&... args) {
    std::int64_t changed = 0;
    run_alone(Access::write, [&](Tx& tx) { changed = tx.run<Args...>(sql, args...); });
    return changed;
  }
  template <class... Args>
  Rows write_all(Sql<std::type_identity_t<Args>...> sql, const Args&... args) {
    Rows rows;
    run_alone(Access::write, [&](Tx& tx) { rows = tx.all<Args...>(sql, args...); });
    return rows;
  }
  template <class... Args>
  std::optional<Row> write_one(Sql<std::type_identity_t<Args>...> sql, const Args&... args) {
    std::optional<Row> row;
    run_alone(Access::write, [&](Tx& tx) { row = tx.one<Args...>(sql, args...); });
    return row;
  }
  /// Reads by one statement, in one round trip: what `read` does when there is nothing else to be read.
  template <class... Args>
  Rows read_all(Query<std::type_identity_t<Args>...> sql, const Args&... args) {
    Rows rows;
    run_alone(Access::read, [&](Tx& tx) { rows = tx.all<Args...>(sql, args...); });
    return rows;
  }
  template <class... Args>
  std::optional<Row> read_one(Query<std::type_identity_t<Args>...> sql, const Args&... args) {
    std::optional<Row> row;
    run_alone(Access::read, [&](Tx& tx) { row = tx.one<Args...>(sql, args...); });
    return row;
  }
  Rows read_all(const Select& select);

  /// What is wrong with the database now; absent when it answers and what failed before has been seen to work again.
  /// What is corrupt stays so until the end of the process. Asks the engine, and at most once a second by a write.
  [[nodiscard]] virtual std::optional<Failure> failure() noexcept = 0;
  [[nodiscard]] virtual std::string_view engine() const = 0;  // "sqlite" or "postgres"
  /// Bytes that are free for it on its disk, for whoever may not use the last of it; absent where that cannot be known.
  [[nodiscard]] virtual std::optional<std::int64_t> free_bytes() const noexcept { return std::nullopt; }
  /// Delivers what is announced by this process and, once started, by others.
  [[nodiscard]] virtual Bus& bus() = 0;

 protected:
  /// Begins, calls `work`, commits or rolls back by its verdict, retries conflicts, then runs after-commit actions.
  virtual void run_transaction(Access access, const std::function<Verdict(Tx&)>& work) = 0;
  /// Calls `statement`, which runs exactly one; in a transaction where the engine has nothing simpler.
  virtual void run_alone(Access access, const std::function<void(Tx&)>& statement);

 private:
  template <class T>
  struct IsResult : std::false_type {};
  template <class T>
  struct IsResult<Result<T>> : std::true_type {};

  template <class Work>
  auto transact(Access access, Work& work) {
    using Answer = std::invoke_result_t<Work&, Tx&>;
    if constexpr (std::is_void_v<Answer>) {
      run_transaction(access, [&](Tx& tx) {
        work(tx);
        return Verdict::commit;
      });
    } else {
      std::optional<Answer> answer;
      run_transaction(access, [&](Tx& tx) {
        answer.emplace(work(tx));
        if constexpr (IsResult<Answer>::value) {
          return answer->ok() ? Verdict::commit : Verdict::roll_back;
        } else {
          return Verdict::commit;
        }
      });
      return std::move(*answer);
    }
  }
};

/// Told of each statement that a connection is about to send, BEGIN and COMMIT included; on the thread that sends it.
using StatementObserver = std::function<void(std::string_view sql)>;

/// Told of each failure that ends a transaction or a question of `failure()`, on the thread that met it; other
/// transactions in the way are told when patience with them ends. Must not throw.
using FailureObserver = std::function<void(const DatabaseError&)>;

/// Told of what transactions meet that is no failure, on their threads. None may throw.
struct TransactionObserver {
  std::function<void(std::chrono::nanoseconds)> on_connection = {};  // what each waited for a connection
  std::function<void()> on_retry = {};  // one begins anew, because another was in its way
};

/// Whether a database that is not there is made. (SQLite; on PostgreSQL that is createdb's business.)
enum class Missing { make, refuse };

/// What else happens to the file meanwhile. (SQLite)
enum class Use {
  together,  // other processes may use it; but none may put another file in its place
  alone,  // the caller sees to it that nobody else uses it: a copy on its way
  look  // it is read and never written, not even beside it
};

/// How a database is opened.
struct Options {
  int readers = 4;  // SQLite: read connections beside the one writer
  int pool = 8;  // PostgreSQL: connections at most
  Duration busy_timeout = std::chrono::seconds{10};  // SQLite: wait for a lock held by another process
  Duration statement_timeout = std::chrono::seconds{10};  // PostgreSQL: what one statement may take
  std::size_t statements = 256;  // prepared ones kept by each connection
  StatementObserver on_statement = {};  // for tests that compare what is sent; must not throw
  FailureObserver on_failure = {};
  TransactionObserver transactions = {};
  Missing missing = Missing::make;
  Use use = Use::together;
};

/// Opens "sqlite:PATH" or "postgres://…" / "postgresql://…". Throws DatabaseError when it cannot; an SQLite file beside
/// which lies the log of another one is refused before anything of it is changed.
std::unique_ptr<Database> open(std::string_view url, const Options& options);

}  // namespace cardea::db
