#pragma once
// What PostgreSQL answers, as libpq hands it over. Internal to db.

#include <memory>
#include <string_view>

#include "db/database.hpp"

struct pg_result;

namespace cardea::db::postgres {

struct Clear {
  void operator()(pg_result* result) const;
};
/// Null when the connection was lost before there was an answer.
using Reply = std::unique_ptr<pg_result, Clear>;

[[nodiscard]] bool is_success(const Reply& reply);
/// Empty unless it is the server that reports a failure.
[[nodiscard]] std::string_view sqlstate(const Reply& reply);
/// "ERROR", "FATAL" or "PANIC", in whatever language the server speaks.
[[nodiscard]] std::string_view severity(const Reply& reply);
[[nodiscard]] std::string_view message(const Reply& reply);
/// The server's function that failed.
[[nodiscard]] std::string_view source_function(const Reply& reply);

[[nodiscard]] int count_rows(const Reply& reply);
/// Throws DatabaseError for a column of a type that is none of ours.
[[nodiscard]] Row read_row(const Reply& reply, int row);
[[nodiscard]] Rows read_rows(const Reply& reply);
/// Calls `each` for every row until it says stop.
[[nodiscard]] Next show_rows(const Reply& reply, const RowHandler& each);

}  // namespace cardea::db::postgres
