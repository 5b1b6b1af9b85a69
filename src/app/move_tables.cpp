#include "app/move_tables.hpp"

#include <vector>

#include "db/overloaded.hpp"

namespace cardea::app {
namespace {

constexpr std::size_t most_rows = 10'000;          // of a transaction
constexpr std::size_t most_bytes = 16 * 1024 * 1024;  // of a transaction, or one row

std::size_t size_of(const db::Values& row) {
  std::size_t size = 0;
  for (const db::Value& value : row) {
    size += std::visit(
        db::Overloaded{[](db::Null) { return std::size_t{1}; }, [](std::int64_t) { return sizeof(std::int64_t); },
                       [](const auto& data) { return data.size(); }},
        value);
  }
  return size;
}

/// Rows that are written together.
class Batch {
 public:
  Batch(db::Database& target, const db::Table& table) : target_(target), table_(table) {}
  void add(db::Values row) {
    bytes_ += size_of(row);
    rows_.push_back(std::move(row));
    if (rows_.size() >= most_rows || bytes_ >= most_bytes) write();
  }
  void write() {
    if (rows_.empty()) return;
    target_.write_locking([&](db::Tx& tx) { db::insert_rows(tx, table_, rows_); });
    rows_.clear();
    bytes_ = 0;
  }

 private:
  db::Database& target_;
  const db::Table& table_;
  std::vector<db::Values> rows_;
  std::size_t bytes_ = 0;
};

TableDigest digest_of_first(db::Tx& tx, const db::Table& table, std::int64_t rows, Progress& progress) {
  TableDigest digest;
  if (rows == 0) return digest;
  db::each_row(tx, table, [&](const db::Values& row) {
    digest.add(row);
    progress.add();
    return digest.rows() == rows ? db::Next::stop : db::Next::go_on;
  });
  return digest;
}

/// How many rows the target holds already, which are the source's first ones.
std::int64_t rows_held(db::Tx& source, db::Database& target, const db::Table& table, Progress& progress) {
  const auto count = target.read([&](db::Tx& tx) { return db::count_rows(tx, table); });
  if (count == 0) return 0;
  progress.begin("comparing " + table.name, 2 * count);
  const auto held = target.read([&](db::Tx& tx) {
    db::allow_any_time(tx);
    return digest_of_first(tx, table, count, progress);
  });
  if (held == digest_of_first(source, table, count, progress)) return count;
  target.write_locking([&](db::Tx& tx) { db::delete_rows(tx, table); });
  return 0;
}

}  // namespace

TableDigest copy_table(db::Tx& source, db::Database& target, const db::Table& table, Progress& progress) {
  const auto held = rows_held(source, target, table, progress);
  progress.begin("copying " + table.name, db::count_rows(source, table));
  TableDigest digest;
  Batch batch{target, table};
  db::each_row(source, table, [&](db::Values row) {
    digest.add(row);
    if (digest.rows() > held) batch.add(std::move(row));
    progress.add();
    return db::Next::go_on;
  });
  batch.write();
  progress.end();
  return digest;
}

TableDigest digest_of(db::Tx& tx, const db::Table& table, Progress& progress) {
  const auto count = db::count_rows(tx, table);
  progress.begin("comparing " + table.name, count);
  auto digest = digest_of_first(tx, table, count, progress);
  progress.end();
  return digest;
}

}  // namespace cardea::app
