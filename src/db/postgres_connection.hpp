#pragma once
// One PostgreSQL connection. Internal to db.
//
// Lent by a pooler for a transaction only, it prepares nothing, sets what it sets for the transaction, and runs no
// statement alone.
//
// BEGIN has no round trip of its own: it goes along with the first statement, what nobody waits for with the next one
// or with COMMIT, and what was announced with COMMIT. A transaction without a statement sends nothing.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "db/pooler.hpp"
#include "db/postgres_reply.hpp"
#include "db/postgres_wait.hpp"
#include "db/session.hpp"
#include "db/statement_cache.hpp"

struct pg_conn;

namespace cardea::db {

namespace postgres {
class Parameters;
class Pipeline;
}  // namespace postgres

class PostgresConnection : public Session {
 public:
  /// Connects. Throws DatabaseError without a word of the url, also when the database's encoding is not UTF-8 or the
  /// server is a standby. `origin` names this process in what is announced; `ends` outlives it.
  PostgresConnection(const Secret& url, std::string origin, const Options& options, Lending lending,
                     const EndOfWaits& ends);

  void begin(Access access) override;
  void begin_alone(Access access) override;
  void commit() override;
  void roll_back() noexcept override;
  [[nodiscard]] bool is_usable() const noexcept override;
  void ping() override;
  void allow_any_time() override;
  [[nodiscard]] bool writes_alone() const override { return false; }
  /// Whether who answered our log-in is not who answers statements.
  [[nodiscard]] bool is_behind_pooler() const { return is_behind_pooler_; }

 protected:
  Rows execute(std::string_view sql, std::span<const Param> params) override;
  std::int64_t change(std::string_view sql, std::span<const Param> params) override;
  void stream(std::string_view sql, std::span<const Param> params, std::optional<std::int64_t> limit,
              const RowHandler& each) override;
  void defer(std::string_view sql, std::span<const Param> params) override;

 private:
  using Reply = postgres::Reply;
  struct Finish {
    void operator()(pg_conn* connection) const;
  };

  /// A statement that was put off.
  struct Deferred {
    std::string_view sql;
    std::vector<Value> params;
  };
  using Replies = std::vector<Reply>;

  void execute_text(std::string_view sql) override;
  void configure();
  [[nodiscard]] bool is_something_due() const { return !begin_.empty() || !deferred_.empty(); }
  /// Sends what comes before a statement: BEGIN and what was put off.
  void send_due(postgres::Pipeline& pipeline);
  /// Has `check(reply, sql)` look at each of their replies; returns the first one that follows.
  template <class Check>
  Replies::iterator check_due(Replies& replies, Check check);
  Reply run_prepared(std::string_view sql, std::span<const Param> params);
  /// Prepares the statement unless its name is `known`, and runs it unless there are no `parameters`, in one round
  /// trip, with what is due before it.
  Reply prepare_and_run(std::string_view sql, const std::string* known, const postgres::Parameters* parameters);
  Reply query(const std::string& sql, const postgres::Parameters& parameters, std::string_view shown);
  /// How long an answer is waited for that is asked for now.
  [[nodiscard]] postgres::Wait patience() const;
  Reply only_result(int was_sent);
  /// Throws unless the database can hold every text, and takes changes.
  void require_suitable() const;
  /// Throws unless the connection is idle and silent, as it is when nothing has happened to it.
  void require_alive();
  /// Returns a reply that is a success; fails with the others.
  Reply checked(Reply reply, std::string_view sql);
  Reply checked_commit(Reply reply);
  /// Of what was sent along with COMMIT.
  Reply checked_in_commit(Reply reply, std::string_view sql);
  Reply checked_alone(Reply reply, std::string_view sql);

  const std::string origin_;
  const Duration statement_timeout_;
  const Lending lending_;
  const EndOfWaits& ends_;
  std::unique_ptr<pg_conn, Finish> connection_;
  StatementCache<std::string> statements_;  // the server's names
  std::vector<std::string> begin_;          // to be sent before the first statement; empty: sent, or not wanted
  std::vector<Deferred> deferred_;          // to be sent before the next statement or COMMIT
  std::optional<Access> alone_;             // each statement is a transaction of its own
  bool is_stale_ = false;                   // prepared against tables that have changed since
  bool is_behind_pooler_ = false;
  bool is_unbounded_ = false;               // this transaction may take as long as it needs
  int streams_ = 0;
};

}  // namespace cardea::db
