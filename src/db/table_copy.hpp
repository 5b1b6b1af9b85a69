#pragma once
// Tables as the engine's catalogue has them, and their rows: for copying a whole database, whatever is in it.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"

namespace cardea::db {

enum class ColumnType { text, integer, bytes };

struct Column {
  std::string name;
  ColumnType type;
};

struct Table {
  std::string name;
  std::vector<Column> columns;
  std::vector<std::string> key;  // the primary key's columns
};

/// Every table, each after those that it refers to. `engine` as Database::engine says. Throws DatabaseError for a table
/// without a primary key, for a column of a type that is none of ours, and for tables that refer to each other in a
/// circle.
[[nodiscard]] std::vector<Table> list_tables(Tx& tx, std::string_view engine);

/// The names alone, of whatever is there.
[[nodiscard]] std::vector<std::string> list_table_names(Tx& tx, std::string_view engine);

/// From now on the transaction may last, and wait, as long as it needs.
void allow_any_time(Tx& tx);

[[nodiscard]] std::int64_t count_rows(Tx& tx, const Table& table);

/// A row's, in the order of the table's columns.
using Values = std::vector<Value>;

/// Calls `each` for every row in the order of the key, which is the same each time. Throws DatabaseError, with table,
/// column and key, for a value that its column cannot have on the other engine: SQLite holds whatever another program
/// wrote into it.
void each_row(Tx& tx, const Table& table, const std::function<Next(Values values)>& each);

/// Throws DatabaseError when a row is there already.
void insert_rows(Tx& tx, const Table& table, std::span<const Values> rows);

/// Deletes all rows, and those of other tables that cannot be without them.
void delete_rows(Tx& tx, const Table& table);

/// Has the engine look at how its rows are spread, so that it plans well from the first query on. (PostgreSQL; SQLite
/// plans without.)
void analyze(Database& database);

}  // namespace cardea::db
