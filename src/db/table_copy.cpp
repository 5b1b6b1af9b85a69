#include "db/table_copy.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "db/overloaded.hpp"
#include "db/session.hpp"

namespace cardea::db {

namespace {

/// Every transaction is a connection's.
Session& connection(Tx& tx) { return dynamic_cast<Session&>(tx); }

constexpr std::size_t values_at_once = 1000;  // of one INSERT; both engines take more, and gain nothing by it

bool is_postgres(std::string_view engine) { return engine == "postgres"; }

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + quoted(name);
  return text;
}

std::vector<std::string> column_names(const Table& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  return names;
}

std::vector<std::string> texts(const Rows& rows) {
  std::vector<std::string> names;
  for (const Row& row : rows) names.push_back(row.text(0));
  return names;
}

std::vector<Column> columns_of(Tx& tx, std::string_view engine, const std::string& table) {
  const Rows rows = is_postgres(engine)
                        ? tx.all(
                              "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = "
                              "to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                              table)
                        : tx.all("SELECT name, lower(type) FROM pragma_table_info($1) ORDER BY cid", table);
  constexpr std::array<std::pair<std::string_view, ColumnType>, 3> types{
      {{"text", ColumnType::text}, {"bigint", ColumnType::integer}, {"bytea", ColumnType::bytes}}};
  std::vector<Column> columns;
  for (const Row& row : rows) {
    const auto type = std::ranges::find(types, row.text(1), &std::pair<std::string_view, ColumnType>::first);
    if (type == types.end()) {
      throw DatabaseError(fmt::format("{}.{} has the type {}, which is none of ours", table, row.text(0), row.text(1)));
    }
    columns.push_back({.name = row.text(0), .type = type->second});
  }
  return columns;
}

std::vector<std::string> key_of(Tx& tx, std::string_view engine, const std::string& table) {
  auto key = texts(
      is_postgres(engine)
          ? tx.all(
                "SELECT a.attname FROM pg_index i CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k (number, at) "
                "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number "
                "WHERE i.indrelid = to_regclass(quote_ident($1)) AND i.indisprimary ORDER BY k.at",
                table)
          : tx.all("SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk", table));
  if (key.empty()) throw DatabaseError("the table " + table + " has no primary key");
  return key;
}

std::vector<std::string> referred_to(Tx& tx, std::string_view engine, const std::string& table) {
  return texts(is_postgres(engine)
                   ? tx.all("SELECT c.relname FROM pg_constraint f JOIN pg_class c ON c.oid = f.confrelid "
                            "WHERE f.contype = 'f' AND f.conrelid = to_regclass(quote_ident($1))",
                            table)
                   : tx.all("SELECT \"table\" FROM pragma_foreign_key_list($1)", table));
}

/// Those first that refer to none of the others.
std::vector<std::string> in_order(Tx& tx, std::string_view engine) {
  std::map<std::string, std::vector<std::string>> waiting;
  for (const auto& name : list_table_names(tx, engine)) waiting[name] = referred_to(tx, engine, name);
  std::vector<std::string> order;
  while (!waiting.empty()) {
    const auto next = std::ranges::find_if(waiting, [&](const auto& entry) {
      return std::ranges::none_of(entry.second, [&](const auto& other) { return waiting.contains(other); });
    });
    if (next == waiting.end()) throw DatabaseError("the table " + waiting.begin()->first + " refers to itself");
    order.push_back(next->first);
    waiting.erase(next);
  }
  return order;
}

std::string shown(const Value& value) {
  return std::visit(
      Overloaded{[](Null) -> std::string { return "NULL"; }, [](std::int64_t number) { return std::to_string(number); },
                 [](const std::string& text) { return "'" + text.substr(0, 40) + "'"; },
                 [](const Bytes& bytes) {
                   std::string digits;
                   for (const auto byte : bytes) digits += fmt::format("{:02x}", byte);
                   return digits;
                 }},
      value);
}

/// The value, if it is one of the column's; or what keeps it from that on some engine.
std::variant<Value, std::string_view> read_value(const RowView& row, std::size_t column, ColumnType type) try {
  if (row.is_null(column)) return Value{Null{}};
  switch (type) {
    case ColumnType::integer: return Value{row.integer(column)};
    case ColumnType::bytes: return Value{to_bytes(row.bytes(column))};
    case ColumnType::text: break;
  }
  if (row.text(column).find('\0') == std::string_view::npos) return Value{std::string{row.text(column)}};
  return std::string_view{"holds a NUL, which PostgreSQL cannot store"};
} catch (const std::bad_variant_access&) {
  return std::string_view{"has another type than its column"};
}

/// "id = 7".
std::string key_text(const Table& table, const RowView& row) {
  std::string key;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& [name, type] = table.columns[i];
    if (std::ranges::find(table.key, name) == table.key.end()) continue;
    const auto value = read_value(row, i, type);
    key += (key.empty() ? "" : ", ") + name + " = " + (value.index() == 0 ? shown(std::get<0>(value)) : "?");
  }
  return key;
}

Values read_values(const Table& table, const RowView& row) {
  Values values;
  values.reserve(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    auto value = read_value(row, i, table.columns[i].type);
    if (const auto* problem = std::get_if<std::string_view>(&value)) {
      throw DatabaseError(fmt::format("{}.{} of the row with {} {}: another program wrote it. Mend it first",
                                      table.name, table.columns[i].name, key_text(table, row), *problem));
    }
    values.push_back(std::get<Value>(std::move(value)));
  }
  return values;
}

std::string insert_text(const Table& table, std::size_t rows) {
  std::string text = fmt::format("INSERT INTO {} ({}) VALUES ", quoted(table.name), quoted_list(column_names(table)));
  std::size_t number = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      text += (column > 0 ? ", $" : row > 0 ? "), ($" : "($") + std::to_string(++number);
    }
  }
  return text + ")";
}

}  // namespace

std::vector<std::string> list_table_names(Tx& tx, std::string_view engine) {
  return texts(is_postgres(engine)
                   ? tx.all("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = "
                            "current_schema()::regnamespace ORDER BY relname")
                   : tx.all("SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' "
                            "ORDER BY name"));
}

std::vector<Table> list_tables(Tx& tx, std::string_view engine) {
  std::vector<Table> tables;
  for (auto& name : in_order(tx, engine)) {
    auto columns = columns_of(tx, engine, name);
    auto key = key_of(tx, engine, name);
    tables.push_back({.name = std::move(name), .columns = std::move(columns), .key = std::move(key)});
  }
  return tables;
}

void allow_any_time(Tx& tx) { connection(tx).allow_any_time(); }

std::int64_t count_rows(Tx& tx, const Table& table) {
  std::int64_t count = 0;
  connection(tx).each_of_text("SELECT count(*) FROM " + quoted(table.name), [&](const RowView& row) {
    count = row.integer(0);
    return Next::stop;
  });
  return count;
}

void each_row(Tx& tx, const Table& table, const std::function<Next(Values values)>& each) {
  const auto sql = fmt::format("SELECT {} FROM {} ORDER BY {}", quoted_list(column_names(table)), quoted(table.name),
                               quoted_list(table.key));
  connection(tx).each_of_text(sql, [&](const RowView& row) { return each(read_values(table, row)); });
}

void insert_rows(Tx& tx, const Table& table, std::span<const Values> rows) {
  const std::size_t at_once = std::max<std::size_t>(values_at_once / table.columns.size(), 1);
  std::string text;
  for (std::size_t width = 0; !rows.empty(); rows = rows.subspan(width)) {
    if (const auto fitting = std::min(at_once, rows.size()); fitting != width) {
      text = insert_text(table, fitting);
      width = fitting;
    }
    std::vector<Param> params;
    params.reserve(width * table.columns.size());
    for (const Values& row : rows.first(width)) {
      for (const Value& value : row) params.push_back(view_of(value));
    }
    connection(tx).run_text(text, params);
  }
}

void delete_rows(Tx& tx, const Table& table) {
  allow_any_time(tx);
  connection(tx).run_text("DELETE FROM " + quoted(table.name), {});
}

void analyze(Database& database) {
  if (!is_postgres(database.engine())) return;
  database.write_locking([](Tx& tx) {
    allow_any_time(tx);
    tx.run("ANALYZE");
  });
}

}  // namespace cardea::db
