#pragma once
// Schema changes: forward only, embedded in the program, checksummed, in order.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "db/database.hpp"

namespace cardea::db {

/// One file of migrations/: "0001_account.sql" and its text. Statements end with ';' at the end of a line.
struct Migration {
  std::string_view name;
  std::string_view sql;
};

/// The files of migrations/ as they were when the program was built, in order.
std::span<const Migration> embedded_migrations();

struct MigrationState {
  std::string name;
  std::optional<Time> applied_at;  // empty: still to be applied
};

/// Told of each file that was applied.
using AppliedHandler = std::function<void(std::string_view name)>;

/// Applies what is missing, each file in one transaction, under a lock so that two processes do it once. Returns how
/// many were applied. Throws DatabaseError when an applied file's text has changed, or when the database has one
/// this program does not know (it is newer).
int migrate(Database& database, std::span<const Migration> migrations, Time now, const AppliedHandler& applied = {});

/// Whether nothing of ours was ever in the database: not one migration was applied.
[[nodiscard]] bool is_new(Database& database);

/// Throws DatabaseError as `migrate` does; applies nothing.
void require_known(Database& database, std::span<const Migration> migrations);

/// What has been applied and what has not, in order; makes no change.
std::vector<MigrationState> migration_states(Database& database, std::span<const Migration> migrations);

}  // namespace cardea::db
