#include "db/migrate.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "db/migration_text.hpp"
#include "db/move_lock.hpp"

namespace cardea::db {

/// Runs SQL that is not a literal: the text of migration files, and of nothing else.
class MigrationText {
 public:
  static void run(Tx& tx, std::string_view sql) { tx.execute_text(sql); }
};

namespace {

using Applied = std::map<std::string, std::pair<std::string, Time>, std::less<>>;  // name → checksum, instant

bool has_table(Tx& tx, std::string_view engine) {
  if (engine == "postgres") return tx.one("SELECT to_regclass('migration') IS NOT NULL")->flag(0);
  return tx.one("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'")->flag(0);
}

Applied read_applied(Tx& tx) {
  Applied applied;
  for (const Row& row : tx.all("SELECT name, checksum, applied_at FROM migration")) {
    applied.try_emplace(row.text(0), row.text(1), row.time(2));
  }
  return applied;
}

/// PostgreSQL lets two processes that create one table at once collide in spite of IF NOT EXISTS; the loser's next
/// try finds the table.
void make_table(Database& database) {
  constexpr int tries = 5;
  for (int i = 1;; ++i) {
    try {
      database.write([&](Tx& tx) {
        if (has_table(tx, database.engine())) return;
        tx.run("CREATE TABLE migration (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)");
      });
      return;
    } catch (const DatabaseError&) {
      if (i == tries) throw;
    }
  }
}

void require_order(std::span<const Migration> migrations) {
  const auto is_not_later = [](const Migration& a, const Migration& b) { return b.name <= a.name; };
  if (std::ranges::adjacent_find(migrations, is_not_later) != migrations.end()) {
    throw std::logic_error("migrations are not in the order of their names");
  }
}

void require_known(const Applied& applied, std::span<const Migration> migrations) {
  for (const auto& [name, entry] : applied) {
    if (name == unfinished_move) {
      throw DatabaseError("a move into the database is not finished: run the same `cardea move` again");
    }
    const auto known = std::ranges::find(migrations, name, &Migration::name);
    if (known == migrations.end()) {
      throw DatabaseError("the database has migration " + name + ", which this program does not know: it is newer");
    }
    if (entry.first != checksum(known->sql)) {
      throw DatabaseError("migration " + name + " was applied with another text than this program's");
    }
  }
}

/// Applies one file unless another process has. Claiming the name comes first: a rival waits for this row, and when
/// it may go on the row tells it that there is nothing left to do.
bool apply(Tx& tx, std::string_view engine, const Migration& migration, Time now) {
  // A rival waits, and a large table takes, longer than a request may.
  if (engine == "postgres") MigrationText::run(tx, "SET LOCAL statement_timeout = 0");
  const auto claimed = tx.one(
      "INSERT INTO migration (name, checksum, applied_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING name",
      migration.name, checksum(migration.sql), now);
  if (!claimed) return false;
  for (const auto statement : split_statements(migration.sql)) MigrationText::run(tx, for_engine(statement, engine));
  return true;
}

}  // namespace

bool is_new(Database& database) {
  return database.read([&](Tx& tx) { return !has_table(tx, database.engine()) || read_applied(tx).empty(); });
}

void require_known(Database& database, std::span<const Migration> migrations) {
  require_known(database.read([](Tx& tx) { return read_applied(tx); }), migrations);
}

int migrate(Database& database, std::span<const Migration> migrations, Time now, const AppliedHandler& told) {
  require_order(migrations);
  make_table(database);
  const auto applied = database.read([](Tx& tx) { return read_applied(tx); });
  require_known(applied, migrations);
  int count = 0;
  for (const Migration& migration : migrations) {
    if (applied.contains(migration.name)) continue;
    const bool was_applied = database.write([&](Tx& tx) { return apply(tx, database.engine(), migration, now); });
    if (!was_applied) continue;
    ++count;
    if (told) told(migration.name);
  }
  return count;
}

std::vector<MigrationState> migration_states(Database& database, std::span<const Migration> migrations) {
  auto applied = database.read([&](Tx& tx) { return has_table(tx, database.engine()) ? read_applied(tx) : Applied{}; });
  std::vector<MigrationState> states;
  for (const Migration& migration : migrations) {
    const auto found = applied.find(migration.name);
    states.push_back(
        {std::string{migration.name}, found == applied.end() ? std::nullopt : std::optional{found->second.second}});
    if (found != applied.end()) applied.erase(found);
  }
  for (const auto& [name, entry] : applied) states.push_back({name, entry.second});  // of a newer program
  std::ranges::sort(states, {}, &MigrationState::name);
  return states;
}

}  // namespace cardea::db
