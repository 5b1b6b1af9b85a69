#include "app/move_target.hpp"

#include <algorithm>
#include <ranges>

#include "app/table_digest.hpp"
#include "db/migrate.hpp"
#include "db/move_lock.hpp"
#include "db/table_copy.hpp"

namespace cardea::app {
namespace {

constexpr std::string_view migrations = "migration";

MoveTarget unfit(std::string problem) { return {.state = MoveTarget::State::unfit, .problem = std::move(problem)}; }

/// Begun by a program that knows other migrations than this one.
bool has_other_schema(db::Tx& tx) {
  const auto rows = tx.all("SELECT name FROM migration WHERE name <> $1", db::unfinished_move);
  return rows.size() != db::embedded_migrations().size() || std::ranges::any_of(rows, [](const db::Row& row) {
           return std::ranges::find(db::embedded_migrations(), row.text(0), &db::Migration::name) ==
                  db::embedded_migrations().end();
         });
}

/// The first table with rows, but for that of the migrations; empty: there is none.
std::string filled_table(db::Tx& tx, std::string_view engine) {
  for (const auto& table : db::list_tables(tx, engine)) {
    if (table.name != migrations && db::count_rows(tx, table) > 0) return table.name;
  }
  return {};
}

}  // namespace

std::string identity_of(db::Tx& tx) {
  TableDigest digest;
  for (const auto& row :
       tx.all("SELECT name, checksum, applied_at FROM migration WHERE name <> $1", db::unfinished_move)) {
    digest.add({row.text(0), row.text(1), row.integer(2)});
  }
  return digest.text();
}

MoveTarget look_at_target(db::Database& target, const std::string& identity) {
  using State = MoveTarget::State;
  return target.read([&](db::Tx& tx) -> MoveTarget {
    const auto names = db::list_table_names(tx, target.engine());
    if (names.empty()) return {State::empty};
    if (std::ranges::find(names, migrations) == names.end()) {
      return unfit("there are tables in it that are not Cardea's, such as " + names.front());
    }
    if (const auto mark = tx.one("SELECT checksum FROM migration WHERE name = $1", db::unfinished_move)) {
      if (mark->text(0) != identity) return unfit("a move of another database into it was begun");
      if (has_other_schema(tx)) return unfit("a move into it was begun by another version of this program");
      return {State::begun};
    }
    const auto filled = filled_table(tx, target.engine());
    if (filled.empty()) return {State::empty};
    if (identity_of(tx) == identity) return {State::moved};
    return unfit("it is not empty: there are rows in " + filled);
  });
}

void begin_target(db::Database& target, const std::string& identity, Time now) {
  db::migrate(target, db::embedded_migrations(), now);
  target.write_locking([&](db::Tx& tx) {
    // What migrations have written comes with the source.
    for (const auto& table : std::views::reverse(db::list_tables(tx, target.engine()))) {
      if (table.name != migrations) db::delete_rows(tx, table);
    }
    tx.run("INSERT INTO migration (name, checksum, applied_at) VALUES ($1, $2, $3)", db::unfinished_move, identity,
           now);
  });
}

void finish_target(db::Tx& source, db::Database& target) {
  const auto rows = source.all("SELECT name, checksum, applied_at FROM migration");
  target.write_locking([&](db::Tx& tx) {
    tx.run("DELETE FROM migration");
    for (const auto& row : rows) {
      tx.run("INSERT INTO migration (name, checksum, applied_at) VALUES ($1, $2, $3)", row.text(0), row.text(1),
             row.time(2));
    }
  });
}

}  // namespace cardea::app
