#pragma once
// The PostgreSQL engine: a pool of blocking connections. Internal to db.

#include <memory>
#include <string_view>

#include "db/database.hpp"
#include "db/pooler.hpp"

namespace cardea::db {

/// Connects once, to find a wrong url at the start. `url` may hold a password; no message ever repeats it.
std::unique_ptr<Database> open_postgres(std::string_view url, const Options& options, const Pooler& pooler);

}  // namespace cardea::db
