#pragma once
// Waiting for PostgreSQL's answer, and no longer than we want to. Internal to db.

#include <chrono>

#include "db/postgres_reply.hpp"

struct pg_conn;

namespace cardea::db::postgres {

/// The next result of what was sent; null at its end, or when the connection is lost. A connection on which nothing
/// arrives by `deadline` is shut, so that everything after it fails at once. Needs the non-blocking mode.
[[nodiscard]] Reply next_result(pg_conn* connection, std::chrono::steady_clock::time_point deadline);

/// The only result of what `was_sent`, as PQsend… returns it.
[[nodiscard]] Reply only_result(pg_conn* connection, int was_sent, std::chrono::steady_clock::time_point deadline);

}  // namespace cardea::db::postgres
