#pragma once
// Waiting for PostgreSQL's answer, and no longer than we want to. Internal to db.

#include "db/end_of_waits.hpp"
#include "db/postgres_reply.hpp"

struct pg_conn;

namespace cardea::db::postgres {

/// How long an answer is waited for that is asked for now.
struct Wait {
  Deadline deadline;
  const EndOfWaits* ends = nullptr;  // earlier than that; null: nobody shortens it
  Deadline begun = std::chrono::steady_clock::now();

  [[nodiscard]] Deadline end() const { return ends == nullptr ? deadline : ends->bound(deadline, begun); }
};

/// The next result of what was sent; null at its end, or when the connection is lost. A connection on which nothing
/// arrives in time is shut, so that everything after it fails at once. Needs the non-blocking mode.
[[nodiscard]] Reply next_result(pg_conn* connection, const Wait& wait);

/// The only result of what `was_sent`, as PQsend… returns it.
[[nodiscard]] Reply only_result(pg_conn* connection, int was_sent, const Wait& wait);

}  // namespace cardea::db::postgres
