#include "db/postgres_connection.hpp"

#include <libpq-fe.h>

#include <array>

#include "db/postgres_failure.hpp"
#include "db/postgres_login.hpp"
#include "db/postgres_notice.hpp"
#include "db/postgres_values.hpp"

namespace cardea::db {
namespace {

std::string_view field(const PGresult* reply, int code) {
  const char* text = reply == nullptr ? nullptr : PQresultErrorField(reply, code);
  return text == nullptr ? std::string_view{} : std::string_view{text};
}

Rows read_rows(const PGresult* reply) {
  Rows rows;
  const int height = PQntuples(reply);
  const int width = PQnfields(reply);
  rows.reserve(static_cast<std::size_t>(height));
  for (int row = 0; row < height; ++row) {
    std::vector<Value> values;
    values.reserve(static_cast<std::size_t>(width));
    for (int column = 0; column < width; ++column) {
      if (PQgetisnull(reply, row, column) != 0) {
        values.emplace_back(Null{});
        continue;
      }
      const auto size = static_cast<std::size_t>(PQgetlength(reply, row, column));
      values.push_back(
          postgres::decode(PQftype(reply, column), as_bytes(std::string_view{PQgetvalue(reply, row, column), size})));
    }
    rows.emplace_back(std::move(values));
  }
  return rows;
}

}  // namespace

void PostgresConnection::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }
void PostgresConnection::Clear::operator()(pg_result* result) const { PQclear(result); }

PostgresConnection::PostgresConnection(const Secret& url, std::string origin)
    : origin_(std::move(origin)), connection_(postgres::connect(url)) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    throw DatabaseError(postgres::describe_refusal(PQerrorMessage(connection_.get())));
  }
  // A request never waits longer than this for one statement, nor does a stuck process keep locks for ever.
  execute_text("SET statement_timeout = '30s'");
  execute_text("SET idle_in_transaction_session_timeout = '60s'");
}

void PostgresConnection::begin(Access access) {
  execute_text(access == Access::write ? "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"
                                       : "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY");
}

void PostgresConnection::commit() {
  require_healthy();
  for (const std::string& payload : postgres::to_payloads(origin_, announcements_)) {
    const std::array<Param, 2> params{postgres::channel, std::string_view{payload}};
    static_cast<void>(run_prepared("SELECT pg_notify($1, $2)", params));
  }
  Reply reply(PQexec(connection_.get(), "COMMIT"));
  const auto sqlstate = field(reply.get(), PG_DIAG_SQLSTATE);
  const auto severity = field(reply.get(), PG_DIAG_SEVERITY_NONLOCALIZED);
  if (PQresultStatus(reply.get()) != PGRES_COMMAND_OK && postgres::may_have_committed(sqlstate, severity)) {
    fail_with_unknown_outcome(postgres::describe(sqlstate, field(reply.get(), PG_DIAG_MESSAGE_PRIMARY), "COMMIT"));
  }
  reply = checked(reply.release(), "COMMIT");
  // A transaction with a failed statement answers COMMIT with success and "ROLLBACK".
  if (std::string_view{PQcmdStatus(reply.get())} != "COMMIT") fail("postgres: the transaction was not committed");
}

void PostgresConnection::roll_back() noexcept {
  const auto status = PQtransactionStatus(connection_.get());
  if (status == PQTRANS_IDLE || status == PQTRANS_UNKNOWN) return;
  PQclear(PQexec(connection_.get(), "ROLLBACK"));
}

bool PostgresConnection::is_usable() const noexcept {
  return !is_stale_ && PQstatus(connection_.get()) == CONNECTION_OK &&
         PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
}

void PostgresConnection::ping() { execute_text("SELECT 1"); }

Rows PostgresConnection::execute(std::string_view sql, std::span<const Param> params) {
  return read_rows(run_prepared(sql, params).get());
}

std::int64_t PostgresConnection::change(std::string_view sql, std::span<const Param> params) {
  const Reply reply = run_prepared(sql, params);
  const std::string_view verb{PQcmdStatus(reply.get())};
  if (verb.starts_with("SELECT")) return 0;  // counts rows that were read
  const std::string_view count{PQcmdTuples(reply.get())};
  return count.empty() ? 0 : std::stoll(std::string{count});
}

void PostgresConnection::execute_text(std::string_view sql) {
  require_healthy();
  const std::string text{sql};
  // Not PQexec, which would run several statements.
  static_cast<void>(
      checked(PQexecParams(connection_.get(), text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1), sql));
}

PostgresConnection::Reply PostgresConnection::run_prepared(std::string_view sql, std::span<const Param> params) {
  require_healthy();
  require_storable(params);
  const std::string& name = statements_.get(sql, [&] { return prepare(sql); });
  const postgres::Parameters parameters(params);
  return checked(PQexecPrepared(connection_.get(), name.c_str(), parameters.count(), parameters.values(),
                                parameters.lengths(), parameters.formats(), 1),
                 sql);
}

std::string PostgresConnection::prepare(std::string_view sql) {
  std::string name = "s" + std::to_string(statements_.size());
  const std::string text{sql};
  static_cast<void>(checked(PQprepare(connection_.get(), name.c_str(), text.c_str(), 0, nullptr), sql));
  return name;
}

PostgresConnection::Reply PostgresConnection::checked(pg_result* raw, std::string_view sql) {
  Reply reply(raw);
  const auto status = PQresultStatus(raw);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return reply;
  const auto sqlstate = field(raw, PG_DIAG_SQLSTATE);
  const auto message = postgres::describe(sqlstate, field(raw, PG_DIAG_MESSAGE_PRIMARY), sql);
  // "Cached plan must not change result type": another process migrated. The work may run again, on a new connection.
  is_stale_ = sqlstate == "0A000" && field(raw, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery";
  if (is_stale_ || postgres::is_conflict(sqlstate)) fail_with_conflict(message);
  fail(message);
}

}  // namespace cardea::db
