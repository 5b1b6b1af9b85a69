#include "db/postgres_pooler.hpp"

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <string>

#include "db/failure.hpp"
#include "db/postgres_failure.hpp"
#include "db/postgres_login.hpp"
#include "db/postgres_wait.hpp"

namespace cardea::db::postgres {
namespace {

constexpr std::chrono::seconds answers_within{2};
constexpr int rounds = 24;  // in a quiet pool the first one tells; beside others each has its chance
constexpr const char* whose = "SELECT pg_backend_pid()";

using Connection = std::unique_ptr<pg_conn, decltype(&PQfinish)>;

Connection open(const Secret& url) {
  Connection connection{connect(url), &PQfinish};
  if (PQstatus(connection.get()) == CONNECTION_OK) return connection;
  const std::string_view message{PQerrorMessage(connection.get())};
  throw DatabaseError(describe_refusal(message), failure_of_refusal(message));
}

struct Answer {
  std::string value = {};  // the first field; empty where there is none
  bool is_there = false;   // in time, and no error
  bool is_late = false;
};

Answer ask(const Connection& connection, const char* sql) {
  const auto deadline = std::chrono::steady_clock::now() + answers_within;
  const Reply reply = only_result(connection.get(), PQsendQuery(connection.get(), sql), {.deadline = deadline});
  if (!is_success(reply)) return {.is_late = std::chrono::steady_clock::now() >= deadline};
  return {.value = PQntuples(reply.get()) == 0 ? "" : PQgetvalue(reply.get(), 0, 0), .is_there = true};
}

}  // namespace

bool lends_by_transaction(const Secret& url) {
  const Connection one = open(url);
  const Answer first = ask(one, whose);
  if (!first.is_there) return false;
  const Connection other = open(url);
  std::string before;
  for (int round = 0; round < rounds; ++round) {
    // One that lends for a statement refuses transactions.
    if (const Answer begun = ask(other, "BEGIN"); !begun.is_there) return !begun.is_late;
    const Answer behind_other = ask(other, whose);
    if (!behind_other.is_there) return false;
    if (behind_other.value == first.value || (round > 0 && behind_other.value != before)) return true;
    before = behind_other.value;
    // Late when the last one is lent to the other: then it was not ours any more.
    if (ask(one, whose).value != first.value) return true;
    if (!ask(other, "COMMIT").is_there) return false;
  }
  return false;
}

}  // namespace cardea::db::postgres
