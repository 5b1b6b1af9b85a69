#pragma once
// One PostgreSQL connection. Internal to db.

#include <memory>
#include <string>

#include "base/secret.hpp"
#include "db/session.hpp"
#include "db/statement_cache.hpp"

struct pg_conn;
struct pg_result;

namespace cardea::db {

class PostgresConnection : public Session {
 public:
  /// Connects. Throws DatabaseError without a word of the url. `origin` names this process in what is announced.
  PostgresConnection(const Secret& url, std::string origin);

  void begin(Access access) override;
  void commit() override;
  void roll_back() noexcept override;
  [[nodiscard]] bool is_usable() const noexcept override;
  void ping() override;

 protected:
  Rows execute(std::string_view sql, std::span<const Param> params) override;
  std::int64_t change(std::string_view sql, std::span<const Param> params) override;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  struct Clear {
    void operator()(pg_result* result) const;
  };
  using Reply = std::unique_ptr<pg_result, Clear>;

  void execute_text(std::string_view sql) override;
  Reply run_prepared(std::string_view sql, std::span<const Param> params);
  std::string prepare(std::string_view sql);
  /// Returns a reply that is a success; fails with the others.
  Reply checked(pg_result* reply, std::string_view sql);

  const std::string origin_;
  std::unique_ptr<pg_conn, Finish> connection_;
  StatementCache<std::string> statements_;  // the server's names
  bool is_stale_ = false;                   // prepared against tables that have changed since
};

}  // namespace cardea::db
