#include "db/postgres_connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "db/migration_text.hpp"
#include "db/pool.hpp"
#include "db/postgres_failure.hpp"
#include "db/postgres_login.hpp"
#include "db/postgres_notice.hpp"
#include "db/postgres_pipeline.hpp"
#include "db/postgres_values.hpp"

namespace cardea::db {
namespace {

using postgres::Parameters;
using postgres::Pipeline;

constexpr int rows_at_once = 200;
constexpr std::int64_t most_without_cursor = 1000;
constexpr std::chrono::seconds to_roll_back{2};
constexpr std::chrono::milliseconds to_ping{800};
constexpr const char* notify = "SELECT pg_notify($1, $2)";

/// Of what libpq found no memory for it says nothing but that, in words, or has none for these either. The server is
/// well then.
Failure failure_of(const pg_conn* connection, const postgres::Reply& reply) {
  const auto sqlstate = postgres::sqlstate(reply);
  if (!sqlstate.empty()) return postgres::failure_of(sqlstate, postgres::message(reply));
  const std::string_view message{PQerrorMessage(connection)};
  const bool is_silent = message.empty() && PQstatus(connection) == CONNECTION_OK;
  return is_silent || postgres::says_out_of_memory(message) ? Failure::busy : Failure::unreachable;
}

/// The same for the same text, on every connection and in every process.
std::string statement_name(std::string_view sql) { return fmt::format("s{}_{}", checksum(sql), sql.size()); }

// A request never waits longer than this for one statement, nor does a stuck process keep locks for ever.
std::string statement_limit(Duration most) {
  return fmt::format("statement_timeout = '{}ms'", std::chrono::ceil<std::chrono::milliseconds>(most).count());
}
constexpr std::string_view idle_limit = "idle_in_transaction_session_timeout = '60s'";

// A write does not insist on READ WRITE: where a platform makes a database read-only, because its disk is nearly full
// for one, that holds for us too.
std::string_view begin_text(Access access) {
  switch (access) {
    case Access::read: return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    case Access::locking_write: return "BEGIN ISOLATION LEVEL READ COMMITTED";
    case Access::write: break;
  }
  return "BEGIN ISOLATION LEVEL SERIALIZABLE";
}

}  // namespace

void PostgresConnection::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

PostgresConnection::PostgresConnection(const Secret& url, std::string origin, const Options& options, Lending lending,
                                       const EndOfWaits& ends)
    : origin_(std::move(origin)),
      statement_timeout_(options.statement_timeout),
      lending_(lending),
      ends_(ends),
      connection_(postgres::connect(url, &ends)),
      statements_(std::max<std::size_t>(options.statements, 1)) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    const std::string_view message{PQerrorMessage(connection_.get())};
    if (postgres::is_crowded(message)) throw NoMoreConnections(postgres::describe_refusal(message));
    throw DatabaseError(postgres::describe_refusal(message), postgres::failure_of_refusal(message));
  }
  require_suitable();
  if (lending_ == Lending::for_good) configure();
}

void PostgresConnection::configure() {
  Pipeline pipeline(connection_.get());
  pipeline.query(fmt::format("SET {}", statement_limit(statement_timeout_)));
  pipeline.query(fmt::format("SET {}", idle_limit));
  pipeline.query("SET default_transaction_isolation = 'read committed'");  // of statements that run alone
  pipeline.query("SELECT pg_backend_pid()");
  auto replies = pipeline.finish(patience());
  for (Reply& reply : replies) reply = checked(std::move(reply), "SET");
  is_behind_pooler_ = postgres::read_row(replies.back(), 0).integer(0) != PQbackendPID(connection_.get());
}

postgres::Wait PostgresConnection::patience() const {
  // A server that is alive ends the statement itself. One that says nothing for longer is frozen, or cut off.
  const Duration span = is_unbounded_ ? Duration{std::chrono::hours{24 * 365}} : statement_timeout_ * 6 / 5;
  return {.deadline = std::chrono::steady_clock::now() + span, .ends = &ends_};
}

PostgresConnection::Reply PostgresConnection::only_result(int was_sent) {
  return postgres::only_result(connection_.get(), was_sent, patience());
}

void PostgresConnection::require_suitable() const {
  const auto said = [this](const char* name) {
    const char* value = PQparameterStatus(connection_.get(), name);
    return std::string_view{value == nullptr ? "" : value};
  };
  if (said("in_hot_standby") == "on") {
    throw DatabaseError("postgres: the server is a standby, which takes no changes; name the primary",
                        Failure::read_only);
  }
  const auto encoding = said("server_encoding");
  if (encoding.empty() || encoding == "UTF8") return;
  throw DatabaseError(
      fmt::format(
          "postgres: the database's encoding is {0}, which cannot hold every text. Make one that is UTF8 (createdb "
          "--encoding=UTF8 --template=template0 NAME), or move this one by pg_dump and pg_restore",
          encoding),
      Failure::wrong_encoding);
}

void PostgresConnection::require_alive() {
  // A server that ended the connection has sent something, if only its goodbye.
  pollfd socket{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
  if (!is_usable() || socket.fd < 0 || ::poll(&socket, 1, 0) != 0) {
    throw DatabaseError("postgres: the connection was lost", Failure::unreachable);
  }
}

void PostgresConnection::begin(Access access) {
  require_alive();
  alone_.reset();
  is_unbounded_ = false;
  deferred_.clear();
  begin_.assign(1, std::string{begin_text(access)});
  if (lending_ == Lending::for_good) return;
  begin_.push_back("SET LOCAL " + statement_limit(statement_timeout_));
  begin_.push_back(fmt::format("SET LOCAL {}", idle_limit));
}

void PostgresConnection::begin_alone(Access access) {
  require_alive();
  begin_.clear();
  deferred_.clear();
  alone_ = access;
}

void PostgresConnection::commit() {
  require_healthy();
  const auto payloads = postgres::to_payloads(origin_, announcements_);
  if (!begin_.empty() && deferred_.empty() && payloads.empty()) {  // nothing was done
    begin_.clear();
    return;
  }
  if (!is_something_due() && payloads.empty()) {
    tell("COMMIT");
    static_cast<void>(checked_commit(only_result(PQsendQuery(connection_.get(), "COMMIT"))));
    return;
  }
  Pipeline pipeline(connection_.get());
  send_due(pipeline);
  for (const std::string& payload : payloads) {
    const std::array<Param, 2> params{postgres::channel, std::string_view{payload}};
    tell(notify);
    pipeline.query(notify, Parameters(params));
  }
  tell("COMMIT");
  pipeline.query("COMMIT");
  auto replies = pipeline.finish(patience());
  // What fails before COMMIT was sent in the same breath: what it leaves open is what COMMIT leaves open.
  const auto check = [this](Reply reply, std::string_view sql) { return checked_in_commit(std::move(reply), sql); };
  auto reply = check_due(replies, check);
  for (; reply + 1 != replies.end(); ++reply) static_cast<void>(check(std::move(*reply), notify));
  static_cast<void>(checked_commit(std::move(*reply)));
}

void PostgresConnection::send_due(Pipeline& pipeline) {
  for (const std::string& each : begin_) {
    tell(each);
    pipeline.query(each);
  }
  for (const Deferred& each : deferred_) {
    std::vector<Param> params;
    for (const Value& value : each.params) params.push_back(view_of(value));
    tell(each.sql);
    if (lending_ == Lending::for_good) {
      pipeline.execute(*statements_.find(each.sql), Parameters(params));
    } else {
      pipeline.query(std::string{each.sql}, Parameters(params));
    }
  }
}

template <class Check>
PostgresConnection::Replies::iterator PostgresConnection::check_due(Replies& replies, Check check) {
  auto reply = replies.begin();
  for (const std::string& each : std::exchange(begin_, {})) static_cast<void>(check(std::move(*reply++), each));
  for (const Deferred& each : std::exchange(deferred_, {})) static_cast<void>(check(std::move(*reply++), each.sql));
  return reply;
}

PostgresConnection::Reply PostgresConnection::checked_in_commit(Reply reply, std::string_view sql) {
  const auto sqlstate = postgres::sqlstate(reply);
  if (!postgres::is_success(reply) && postgres::may_have_committed(sqlstate, postgres::severity(reply))) {
    fail_with_unknown_outcome(postgres::describe(sqlstate, postgres::message(reply), sql),
                              failure_of(connection_.get(), reply));
  }
  return checked(std::move(reply), sql);
}

PostgresConnection::Reply PostgresConnection::checked_commit(Reply reply) {
  reply = checked_in_commit(std::move(reply), "COMMIT");
  // A transaction with a failed statement answers COMMIT with success and "ROLLBACK".
  if (std::string_view{PQcmdStatus(reply.get())} != "COMMIT") fail("postgres: the transaction was not committed");
  return reply;
}

void PostgresConnection::roll_back() noexcept {
  begin_.clear();
  deferred_.clear();
  const auto status = PQtransactionStatus(connection_.get());
  if (status == PQTRANS_IDLE || status == PQTRANS_UNKNOWN) return;
  tell("ROLLBACK");
  static_cast<void>(postgres::only_result(connection_.get(), PQsendQuery(connection_.get(), "ROLLBACK"),
                                          {.deadline = std::chrono::steady_clock::now() + to_roll_back}));
}

bool PostgresConnection::is_usable() const noexcept {
  return !is_stale_ && PQstatus(connection_.get()) == CONNECTION_OK &&
         PQtransactionStatus(connection_.get()) == PQTRANS_IDLE &&
         PQpipelineStatus(connection_.get()) == PQ_PIPELINE_OFF;
}

void PostgresConnection::ping() {
  require_healthy();
  const postgres::Wait wait{.deadline = std::chrono::steady_clock::now() + to_ping};
  static_cast<void>(
      checked(postgres::only_result(connection_.get(), PQsendQuery(connection_.get(), "SELECT 1"), wait), "SELECT 1"));
}

Rows PostgresConnection::execute(std::string_view sql, std::span<const Param> params) {
  return postgres::read_rows(run_prepared(sql, params));
}

std::int64_t PostgresConnection::change(std::string_view sql, std::span<const Param> params) {
  const Reply reply = run_prepared(sql, params);
  const std::string_view verb{PQcmdStatus(reply.get())};
  if (verb.starts_with("SELECT")) return 0;  // counts rows that were read
  const std::string_view count{PQcmdTuples(reply.get())};
  return count.empty() ? 0 : std::stoll(std::string{count});
}

void PostgresConnection::stream(std::string_view sql, std::span<const Param> params, std::optional<std::int64_t> limit,
                                const RowHandler& each) {
  if (limit && *limit <= most_without_cursor) {
    static_cast<void>(postgres::show_rows(run_prepared(sql, params), each));
    return;
  }
  require_healthy();
  require_storable(params);
  // A cursor, and not libpq's single rows: `each` may use the transaction, and stopping costs nothing.
  const std::string cursor = fmt::format("stream_{}", ++streams_);
  const std::string fetch = fmt::format("FETCH {} FROM {}", rows_at_once, cursor);
  static_cast<void>(query(fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", cursor, sql), Parameters(params), sql));
  bool goes_on = true;
  while (goes_on) {
    const Reply reply = query(fetch, Parameters({}), sql);
    goes_on = postgres::show_rows(reply, each) == Next::go_on && postgres::count_rows(reply) == rows_at_once;
  }
  static_cast<void>(query("CLOSE " + cursor, Parameters({}), sql));
}

void PostgresConnection::defer(std::string_view sql, std::span<const Param> params) {
  require_healthy();
  require_storable(params);
  // Those that are put off must all stay prepared until they are sent.
  if (alone_ || deferred_.size() + 1 >= statements_.capacity()) {
    static_cast<void>(run_prepared(sql, params));
    return;
  }
  if (lending_ == Lending::for_good && statements_.find(sql) == nullptr)
    static_cast<void>(prepare_and_run(sql, nullptr, nullptr));
  deferred_.push_back({.sql = sql, .params = {}});
  for (const Param& param : params) deferred_.back().params.push_back(to_value(param));
}

void PostgresConnection::allow_any_time() {
  is_unbounded_ = true;
  for (const char* limit : {"statement_timeout", "idle_in_transaction_session_timeout"}) {
    static_cast<void>(query(fmt::format("SET LOCAL {} = 0", limit), Parameters({}), "SET"));
  }
}

void PostgresConnection::execute_text(std::string_view sql) {
  require_healthy();
  if (!is_unbounded_) allow_any_time();  // tables may be large that are changed
  static_cast<void>(query(std::string{sql}, Parameters({}), sql));
}

PostgresConnection::Reply PostgresConnection::query(const std::string& sql, const Parameters& parameters,
                                                    std::string_view shown) {
  require_healthy();
  if (!is_something_due()) {
    tell(sql);
    // Not PQsendQuery, which would run several statements.
    return checked(only_result(PQsendQueryParams(connection_.get(), sql.c_str(), parameters.count(), nullptr,
                                                 parameters.values(), parameters.lengths(), parameters.formats(), 1)),
                   shown);
  }
  Pipeline pipeline(connection_.get());
  send_due(pipeline);
  tell(sql);
  pipeline.query(sql, parameters);
  auto replies = pipeline.finish(patience());
  const auto reply =
      check_due(replies, [this](Reply each, std::string_view due) { return checked(std::move(each), due); });
  return checked(std::move(*reply), shown);
}

PostgresConnection::Reply PostgresConnection::run_prepared(std::string_view sql, std::span<const Param> params) {
  require_healthy();
  require_storable(params);
  const Parameters parameters(params);
  if (lending_ == Lending::by_transaction) return query(std::string{sql}, parameters, sql);
  const std::string* name = statements_.find(sql);
  if (name == nullptr && alone_) {
    // Apart, so that the statement has an answer of its own, which says whether it was committed.
    static_cast<void>(prepare_and_run(sql, nullptr, nullptr));
    name = statements_.find(sql);
  }
  if (name == nullptr || is_something_due()) return prepare_and_run(sql, name, &parameters);
  tell(sql);
  Reply reply = only_result(PQsendQueryPrepared(connection_.get(), name->c_str(), parameters.count(),
                                                parameters.values(), parameters.lengths(), parameters.formats(), 1));
  return alone_ ? checked_alone(std::move(reply), sql) : checked(std::move(reply), sql);
}

PostgresConnection::Reply PostgresConnection::prepare_and_run(std::string_view sql, const std::string* known,
                                                              const Parameters* parameters) {
  const std::string name = known == nullptr ? statement_name(sql) : *known;
  Pipeline pipeline(connection_.get());
  send_due(pipeline);
  // Chosen afterwards: those that were due have been used just now.
  const std::string* surplus = known == nullptr ? statements_.surplus() : nullptr;
  if (surplus != nullptr) pipeline.query("DEALLOCATE " + *surplus);
  if (known == nullptr) pipeline.prepare(name, std::string{sql});
  if (parameters != nullptr) {
    tell(sql);
    pipeline.execute(name, *parameters);
  }
  auto replies = pipeline.finish(patience());
  auto reply = check_due(replies, [this](Reply each, std::string_view due) { return checked(std::move(each), due); });
  // A roll back undoes neither of these.
  if (surplus != nullptr) {
    static_cast<void>(checked(std::move(*reply++), sql));
    statements_.remove_oldest();
  }
  if (known == nullptr) {
    static_cast<void>(checked(std::move(*reply++), sql));
    is_stale_ = true;  // unless there is memory to keep what the server has
    statements_.add(sql, name);
    is_stale_ = false;
  }
  return parameters == nullptr ? nullptr : checked(std::move(*reply), sql);
}

PostgresConnection::Reply PostgresConnection::checked_alone(Reply reply, std::string_view sql) {
  const auto sqlstate = postgres::sqlstate(reply);
  if (!postgres::is_success(reply) && postgres::may_have_committed(sqlstate, postgres::severity(reply))) {
    const auto message = postgres::describe(sqlstate, postgres::message(reply), sql);
    if (alone_ == Access::read) fail_with_conflict(message);  // may be asked again, elsewhere
    fail_with_unknown_outcome(message, failure_of(connection_.get(), reply));
  }
  return checked(std::move(reply), sql);
}

PostgresConnection::Reply PostgresConnection::checked(Reply reply, std::string_view sql) {
  if (postgres::is_success(reply)) return reply;
  const auto sqlstate = postgres::sqlstate(reply);
  const auto message = postgres::describe(sqlstate, postgres::message(reply), sql);
  const Failure failure = failure_of(connection_.get(), reply);
  // A new connection may lead to the new primary, or begin with another default.
  if (failure == Failure::read_only) is_stale_ = true;
  // "Cached plan must not change result type": another process migrated. The work may run again, on a new connection.
  const bool is_outdated = sqlstate == "0A000" && postgres::source_function(reply) == "RevalidateCachedQuery";
  if (is_outdated) is_stale_ = true;
  if (is_outdated || postgres::is_conflict(sqlstate)) fail_with_conflict(message);
  fail(message, failure);
}

}  // namespace cardea::db
