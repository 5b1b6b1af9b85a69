#pragma once
// Finding out what a pooler between us and PostgreSQL does. Internal to db.

#include <string_view>

#include "base/secret.hpp"

namespace cardea::db::postgres {

/// Whether a pooler lends a connection for a transaction only, so that nothing that is set, prepared or listened to
/// outlasts it: with two connections of our own it is seen that the server's process behind one changes, or is behind
/// both. False also where that cannot be told within some seconds. Throws DatabaseError when there is no connection.
[[nodiscard]] bool lends_by_transaction(const Secret& url);

/// What to do then.
inline constexpr std::string_view advice_on_pooler =
    "postgres: a pooler lends connections for a transaction only (PgBouncer: pool_mode = transaction). Set "
    "database_pooler = true, and database_direct to the server's own address; or give Cardea a pool in session mode";

}  // namespace cardea::db::postgres
