#pragma once
// A copy of an SQLite database that is in use, and what is to be known of a copy before anybody relies on it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "db/database.hpp"

namespace cardea::db {

/// Told now and then of the bytes that were copied, and of how many there are.
using CopyProgress = std::function<void(std::int64_t copied, std::int64_t all)>;

/// Copies the database at `from`, as it is at one instant, into the empty file `to`. All pages come from one snapshot,
/// which no writer disturbs or waits for, so that it ends however much is written meanwhile. The copy is one file
/// without a log, and its stamp fits no log there is (sqlite_log.hpp). It is on the disk when this returns. Throws
/// DatabaseError.
void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to, const CopyProgress& progress);

/// Makes a database that nobody uses one file without a log, with a stamp that fits no log there is, on the disk when
/// this returns. Throws DatabaseError.
void finish_sqlite(const std::filesystem::path& file);

/// What is wrong with the pages, indexes and references of an SQLite database, at most ten lines; reads all of it.
[[nodiscard]] std::vector<std::string> find_damage(Database& database);

}  // namespace cardea::db
