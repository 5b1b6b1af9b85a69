#include "db/database.hpp"

#include "db/end_of_waits.hpp"
#include "db/pooler.hpp"
#include "db/postgres_database.hpp"
#include "db/sqlite_database.hpp"

namespace cardea::db {

void Tx::announce(Topic topic, BytesView subject) {
  if (subject.size() > max_subject_size) throw std::length_error("the subject of an announcement is too long");
  announcements_.push_back({.topic = std::string{topic.name()}, .subject = to_bytes(subject)});
}

std::optional<Row> Tx::at_most_one(Rows rows) {
  if (rows.size() > 1) throw std::logic_error("a statement for at most one row returned several");
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::vector<bool> Tx::which_hold(std::span<const Condition> conditions) {
  if (conditions.empty()) return {};
  std::vector<Param> params;
  for (const Condition& each : conditions) each.append_to(params);
  const auto row = at_most_one(execute(text_asking(conditions), params)).value();
  std::vector<bool> hold;
  for (std::size_t i = 0; i < conditions.size(); ++i) hold.push_back(row.flag(i));
  return hold;
}

Rows Database::read_all(const Select& select) {
  Rows rows;
  run_alone(Access::read, [&](Tx& tx) { rows = tx.all(select); });
  return rows;
}

void Database::run_alone(Access access, const std::function<void(Tx&)>& statement) {
  run_transaction(access, [&](Tx& tx) {
    statement(tx);
    return Verdict::commit;
  });
}

void end_waits_by(Database& database, Deadline end) noexcept {
  if (auto* engine = dynamic_cast<EndsWaits*>(&database)) engine->end_waits_by(end);
}

std::unique_ptr<Database> open(std::string_view url, const Options& options) { return open(url, options, Pooler{}); }

std::unique_ptr<Database> open(std::string_view url, const Options& options, const Pooler& pooler) {
  constexpr std::string_view sqlite = "sqlite:";
  if (url.starts_with(sqlite)) return open_sqlite(url.substr(sqlite.size()), options);
  if (url.starts_with("postgres://") || url.starts_with("postgresql://")) return open_postgres(url, options, pooler);
  // The url itself stays out of the message: it may hold a password.
  throw DatabaseError("the database url must begin with sqlite:, postgres:// or postgresql://");
}

}  // namespace cardea::db
