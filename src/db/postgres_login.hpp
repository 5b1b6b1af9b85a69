#pragma once
// Connecting to PostgreSQL with our settings. Internal to db.

#include "base/secret.hpp"

struct pg_conn;

namespace cardea::db::postgres {

/// Waits until it is connected or has failed, 5 s at most unless the url says otherwise.
[[nodiscard]] pg_conn* connect(const Secret& url);

/// Only begins; to be continued with PQconnectPoll.
[[nodiscard]] pg_conn* start_to_connect(const Secret& url);

}  // namespace cardea::db::postgres
