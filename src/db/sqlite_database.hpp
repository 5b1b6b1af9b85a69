#pragma once
// The SQLite engine: one writer, several readers. Internal to db.

#include <memory>
#include <string_view>

#include "db/database.hpp"

namespace cardea::db {

/// Opens or creates the file at `path`: mode 0600, in a directory made 0700 if it is missing.
std::unique_ptr<Database> open_sqlite(std::string_view path, const Options& options);

}  // namespace cardea::db
