#pragma once
// What keeps others from a database that is moved: a mark in the target, and on PostgreSQL an advisory lock, which
// servers share and a move wants alone. With SQLite the lock on the folder does that (folder_lock.hpp).

#include <optional>
#include <string>
#include <string_view>

#include "db/database.hpp"

namespace cardea::db {

/// A name that stands among the applied migrations while a move fills the database: every program refuses it as one
/// that it does not know, so nobody serves from half of it.
inline constexpr std::string_view unfinished_move = "unfinished move";

/// What a server runs on a connection that it keeps, so that it is seen from elsewhere. Waits while it is being moved.
inline constexpr const char* share_database = "SELECT pg_advisory_lock_shared(1130459748, 1)";

/// Whether a move has the database for itself.
[[nodiscard]] bool is_being_moved(Tx& tx);

/// Takes the database for this transaction alone; when that cannot be had within some seconds, who is in the way. What
/// others did before is seen by transactions that begin later, not by this one.
[[nodiscard]] std::optional<std::string> take_database_alone(Tx& tx);

}  // namespace cardea::db
