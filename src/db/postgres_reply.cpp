#include "db/postgres_reply.hpp"

#include <libpq-fe.h>

#include "db/postgres_values.hpp"

namespace cardea::db::postgres {
namespace {

std::string_view field(const Reply& reply, int code) {
  const char* text = reply == nullptr ? nullptr : PQresultErrorField(reply.get(), code);
  return text == nullptr ? std::string_view{} : std::string_view{text};
}

Param read_value(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return Null{};
  const auto size = static_cast<std::size_t>(PQgetlength(result, row, column));
  const std::string_view field{PQgetvalue(result, row, column), size};
  return decode(PQftype(result, column), as_bytes(field));
}

}  // namespace

void Clear::operator()(pg_result* result) const { PQclear(result); }

bool is_success(const Reply& reply) {
  const auto status = PQresultStatus(reply.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}
std::string_view sqlstate(const Reply& reply) { return field(reply, PG_DIAG_SQLSTATE); }
std::string_view severity(const Reply& reply) { return field(reply, PG_DIAG_SEVERITY_NONLOCALIZED); }
std::string_view message(const Reply& reply) { return field(reply, PG_DIAG_MESSAGE_PRIMARY); }
std::string_view source_function(const Reply& reply) { return field(reply, PG_DIAG_SOURCE_FUNCTION); }

int count_rows(const Reply& reply) { return PQntuples(reply.get()); }

Row read_row(const Reply& reply, int row) {
  const int width = PQnfields(reply.get());
  std::vector<Value> values;
  values.reserve(static_cast<std::size_t>(width));
  for (int column = 0; column < width; ++column) values.push_back(to_value(read_value(reply.get(), row, column)));
  return Row{std::move(values)};
}

Rows read_rows(const Reply& reply) {
  Rows rows;
  const int height = count_rows(reply);
  rows.reserve(static_cast<std::size_t>(height));
  for (int row = 0; row < height; ++row) rows.push_back(read_row(reply, row));
  return rows;
}

Next show_rows(const Reply& reply, const RowHandler& each) {
  std::vector<Param> values(static_cast<std::size_t>(PQnfields(reply.get())));
  const int height = count_rows(reply);
  for (int row = 0; row < height; ++row) {
    int column = 0;
    for (Param& value : values) value = read_value(reply.get(), row, column++);
    if (each(RowView{values}) == Next::stop) return Next::stop;
  }
  return Next::go_on;
}

}  // namespace cardea::db::postgres
