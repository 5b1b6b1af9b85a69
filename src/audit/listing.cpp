#include "audit/listing.hpp"

#include <algorithm>

#include "audit/audit_store.hpp"
#include "audit/key_store.hpp"
#include "audit/protect.hpp"

namespace cardea::audit {
namespace {

constexpr std::int64_t page_size = 1000;  // events that are opened at a time while looking for an address

/// Below every other that is made at that time or later.
EventId lowest_id(Time time) {
  class Zeros : public Random {
   public:
    void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), std::uint8_t{0}); }
  } zeros;
  return EventId::make(time, zeros);
}
EventId highest_id() {
  RawId raw{};
  raw.fill(0xFF);
  return EventId{raw};
}

std::optional<StoredKey> person_at(const db::Row& row, std::size_t column, const std::optional<Pseudonym>& pseudonym) {
  if (!pseudonym || row.is_null(column)) return std::nullopt;
  return StoredKey{.account = row.id<AccountId>(column), .pseudonym = *pseudonym, .key_sealed = row.bytes(column + 1)};
}

/// Rows of an event and the keys of those in it.
std::vector<Entry> opened(db::Tx& tx, const Keys& keys, const db::Rows& rows) {
  Opener opener{tx, keys};
  std::vector<Entry> entries;
  entries.reserve(rows.size());
  for (const auto& row : rows) {
    Entry& entry = entries.emplace_back(to_entry(row));
    opener.open(entry, {.account = person_at(row, entry_columns, entry.account_pseudonym),
                        .actor = person_at(row, entry_columns + 2, entry.actor_pseudonym)});
  }
  return entries;
}

db::Select select_of(db::Tx& tx, const Wanted& wanted) {
  db::Select select{
      "SELECT e.id, e.at, e.kind, e.account_id, e.actor_id, e.session_id, e.reason, e.subject, e.address, "
      "e.request_id, e.count, e.last_at, e.account_pseudonym, e.actor_pseudonym, e.account_sealed, e.actor_sealed, "
      "k.account_id, k.key_sealed, o.account_id, o.key_sealed FROM audit_event e "
      "LEFT JOIN audit_key k ON k.pseudonym = e.account_pseudonym "
      "LEFT JOIN audit_key o ON o.pseudonym = e.actor_pseudonym"};
  if (!wanted.kind.empty()) select.where("(e.kind = $? OR e.kind LIKE $?)", wanted.kind, wanted.kind + ".%");
  if (wanted.account) {
    const auto key = find_key(tx, *wanted.account);
    const auto pseudonym = key ? std::optional{key->pseudonym} : std::nullopt;
    select.where("(e.account_pseudonym = $? OR e.actor_pseudonym = $? OR e.account_id = $? OR e.actor_id = $?)",
                 pseudonym, pseudonym, *wanted.account, *wanted.account);
  }
  if (wanted.pseudonym) {
    select.where("(e.account_pseudonym = $? OR e.actor_pseudonym = $?)", *wanted.pseudonym, *wanted.pseudonym);
  }
  if (wanted.since) select.where("COALESCE(e.last_at, e.at) >= $?", *wanted.since);
  if (wanted.until) select.where("e.at < $?", *wanted.until);
  select.order_by("e.id", db::Direction::descending);
  return select;
}

}  // namespace

std::vector<Entry> latest(db::Tx& tx, const Keys& keys, const Wanted& wanted, std::int64_t limit) {
  std::vector<Entry> found;
  const auto page = wanted.address.empty() ? limit : page_size;
  std::optional<EventId> last;
  while (std::ssize(found) < limit) {
    auto select = select_of(tx, wanted);
    if (last) select.after(*last);
    auto entries = opened(tx, keys, tx.all(select.limit(page)));
    const bool is_end = std::ssize(entries) < page;
    if (!entries.empty()) last = entries.back().id;
    for (auto& entry : entries) {
      const bool is_wanted = wanted.address.empty() || entry.address == wanted.address;
      if (is_wanted && std::ssize(found) < limit) found.push_back(std::move(entry));
    }
    if (is_end) break;
  }
  std::reverse(found.begin(), found.end());
  return found;
}

std::vector<Entry> about(db::Tx& tx, const Keys& keys, const AccountId& account, const std::optional<EventId>& before,
                         Time since, std::int64_t limit) {
  // Ids begin with their time, so that both ends of what is looked through are places in the index by pseudonym, and in
  // that by account for older events.
  const EventId first = lowest_id(since);
  const EventId end = before.value_or(highest_id());
  const auto key = find_key(tx, account);
  std::vector<Entry> entries;
  if (key) {
    entries = opened(
        tx, keys,
        tx.all("SELECT e.id, e.at, e.kind, e.account_id, e.actor_id, e.session_id, e.reason, e.subject, e.address, "
               "e.request_id, e.count, e.last_at, e.account_pseudonym, e.actor_pseudonym, e.account_sealed, "
               "e.actor_sealed, k.account_id, k.key_sealed, o.account_id, o.key_sealed FROM audit_event e "
               "LEFT JOIN audit_key k ON k.pseudonym = e.account_pseudonym "
               "LEFT JOIN audit_key o ON o.pseudonym = e.actor_pseudonym "
               "WHERE e.account_pseudonym = $1 AND e.id >= $2 AND e.id < $3 ORDER BY e.id DESC LIMIT $4",
               key->pseudonym, first, end, limit));
  }
  auto older = to_entries(
      tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, request_id, count, "
             "last_at, account_pseudonym, actor_pseudonym, account_sealed, actor_sealed FROM audit_event "
             "WHERE account_id = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4",
             account, first, end, limit));
  std::move(older.begin(), older.end(), std::back_inserter(entries));
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.id > b.id; });
  if (std::ssize(entries) > limit) entries.resize(static_cast<std::size_t>(limit));
  return entries;
}

}  // namespace cardea::audit
