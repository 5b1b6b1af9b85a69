#include "identity/ranking.hpp"

#include <set>

#include "identity/listing.hpp"

namespace cardea::identity {
namespace {

constexpr std::int64_t ranked_at_once = 1000;

void rank_by(db::Tx& tx, const Account& account, const std::string& field) {
  const auto at = account.profile.find(field);
  const auto* value = at == account.profile.end() ? nullptr : std::get_if<std::int64_t>(&at->second);
  if (value == nullptr || account.status != Status::active) return;
  tx.run(
      "INSERT INTO ranking (field, value, account_id, uid, name, created_at, profile) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
      field, *value, account.id, account.uid, account.name, account.created_at, stored_text(account.profile));
}

std::set<std::string> ranked_fields(db::Tx& tx) {
  std::set<std::string> fields;
  for (const auto& row : tx.all("SELECT field FROM ranked_field")) fields.insert(row.text(0));
  return fields;
}

void give_default(db::Tx& tx, Account& account, const std::string& field, std::int64_t start) {
  if (!account.profile.try_emplace(field, start).second) return;
  tx.run("UPDATE account SET profile = $2 WHERE id = $1", account.id, stored_text(account.profile));
}

// Ranks the accounts behind `after`, as many as one short transaction may, and returns the last of them; absent when
// the field is done. Another process may have finished it meanwhile, and then a value that is missing was taken away
// on purpose: so the mark is looked at in each batch, and set together with the last one.
std::optional<AccountId> rank_batch(db::Tx& tx, const std::string& field, const std::optional<std::int64_t>& start,
                                    const AccountId& after) {
  if (tx.one("SELECT 1 FROM ranked_field WHERE field = $1", field)) return std::nullopt;
  const auto rows = tx.all(
      "SELECT id, uid, name, status, created_at, profile, erase_at FROM account WHERE id > $1 ORDER BY id LIMIT $2",
      after, ranked_at_once);
  std::optional<AccountId> last;
  for (const auto& row : rows) {
    const bool is_active = row.text(3) == to_text(Status::active) && row.is_null(6);
    Account account{.id = row.id<AccountId>(0),
                    .uid = row.maybe_text(1),
                    .name = row.text(2),
                    .status = is_active ? Status::active : Status::disabled,
                    .created_at = row.time(4),
                    .profile = from_stored_text(row.text(5))};
    if (start) give_default(tx, account, field, *start);
    rank_by(tx, account, field);
    last = account.id;
  }
  if (std::ssize(rows) == ranked_at_once) return last;
  tx.run("INSERT INTO ranked_field (field, default_value) VALUES ($1, $2) ON CONFLICT DO NOTHING", field,
         start.value_or(0));
  return std::nullopt;
}

}  // namespace

void rank_new(db::Tx& tx, const Account& account) {
  for (const auto& field : ranked_fields(tx)) rank_by(tx, account, field);
}

void rank_again(db::Tx& tx, const Account& account) {
  auto fields = ranked_fields(tx);
  // A field that a start is just preparing has rows but no mark yet.
  for (const auto& row : tx.all("DELETE FROM ranking WHERE account_id = $1 RETURNING field", account.id)) {
    fields.insert(row.text(0));
  }
  for (const auto& field : fields) rank_by(tx, account, field);
}

void prepare_ranks(db::Database& database, const Settings& settings) {
  // Accounts made while a field is not declared get no value for it, so one that returns is prepared again.
  database.write([&](db::Tx& tx) {
    for (const auto& name : ranked_fields(tx)) {
      const Field* field = find_field(settings.fields, name);
      if (field == nullptr || !field->is_sortable()) tx.run("DELETE FROM ranked_field WHERE field = $1", name);
    }
  });
  for (const auto& field : settings.fields) {
    if (!field.is_sortable()) continue;
    const auto value = default_of(field);
    const auto start = value ? std::optional{std::get<std::int64_t>(*value)} : std::nullopt;
    std::optional<AccountId> after = AccountId{};
    while (after) after = database.write([&](db::Tx& tx) { return rank_batch(tx, field.name, start, *after); });
  }
}

}  // namespace cardea::identity
