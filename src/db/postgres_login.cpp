#include "db/postgres_login.hpp"

#include <libpq-fe.h>

#include <new>
#include <string>

#include "db/database.hpp"
#include "db/name_lookup.hpp"

namespace cardea::db::postgres {
namespace {

constexpr std::chrono::seconds to_find{5};

void be_silent(void*, const PGresult*) {}  // notices would go to standard error

template <class Connect>
PGconn* connect_by(Connect connect, const Secret& url, const Wait& wait) {
  if (!await_names(names_in(url), wait)) {
    throw DatabaseError("postgres: the name of its server is not found in time; see the name servers",
                        Failure::unreachable);
  }
  std::string text{url.reveal()};
  // A value before dbname may be overridden by the url, one after it may not.
  const char* const keys[] = {"connect_timeout",
                              "fallback_application_name",
                              "keepalives_idle",
                              "tcp_user_timeout",
                              "dbname",
                              "client_encoding",
                              nullptr};
  const char* const values[] = {"5", "cardea", "30", "15000", text.c_str(), "UTF8", nullptr};
  PGconn* connection = connect(keys, values, 1);
  wipe(text);
  if (connection == nullptr) throw std::bad_alloc{};
  PQsetNoticeReceiver(connection, be_silent, nullptr);
  PQsetnonblocking(connection, 1);  // so that a server that takes nothing is not waited for either
  return connection;
}

}  // namespace

pg_conn* connect(const Secret& url, const EndOfWaits* ends) {
  return connect_by(PQconnectdbParams, url, {.deadline = std::chrono::steady_clock::now() + to_find, .ends = ends});
}
pg_conn* start_to_connect(const Secret& url, const Wait& wait) { return connect_by(PQconnectStartParams, url, wait); }

}  // namespace cardea::db::postgres
