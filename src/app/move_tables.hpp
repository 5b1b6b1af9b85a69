#pragma once
// Copying one table of a database that stands still to another database, as often as it takes.

#include "app/progress.hpp"
#include "app/table_digest.hpp"
#include "db/table_copy.hpp"

namespace cardea::app {

/// Copies the rows that the target lacks, some thousands in a transaction, in the order of the key: so what it holds
/// after an interruption are the first rows of the source. Those are compared, and skipped; a target that holds
/// anything else is emptied first. Returns what the source's rows come to. Throws db::DatabaseError.
[[nodiscard]] TableDigest copy_table(db::Tx& source, db::Database& target, const db::Table& table, Progress& progress);

/// What the rows come to. Throws db::DatabaseError.
[[nodiscard]] TableDigest digest_of(db::Tx& tx, const db::Table& table, Progress& progress);

}  // namespace cardea::app
