#pragma once
// What processes that share an SQLite file have told each other. On PostgreSQL the table is empty.

#include <cstdint>

#include "db/database.hpp"

namespace cardea::db {

/// Forgets it up to that number, which every process must have read by then: one that has not is told that it missed
/// something. Of the newest row its number stays. Returns the newest number.
std::int64_t forget_announcements(Tx& tx, std::int64_t up_to);

}  // namespace cardea::db
