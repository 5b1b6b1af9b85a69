#pragma once
// Connecting to PostgreSQL with our settings. Internal to db.

#include "base/secret.hpp"
#include "db/postgres_wait.hpp"

struct pg_conn;

namespace cardea::db::postgres {

/// Waits until its names are looked up, 5 s at most, and until it is connected or has failed, again 5 s at most unless
/// the url says otherwise. Throws DatabaseError when a name is not looked up in time.
///
/// @param ends  ends the wait for names earlier; null: nothing does
[[nodiscard]] pg_conn* connect(const Secret& url, const EndOfWaits* ends = nullptr);

/// Only begins, when its names are looked up, for which it waits as long as `wait` says; to be continued with
/// PQconnectPoll. Throws as `connect` does.
[[nodiscard]] pg_conn* start_to_connect(const Secret& url, const Wait& wait);

}  // namespace cardea::db::postgres
