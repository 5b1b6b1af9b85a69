#include "audit/audit_store.hpp"

#include <algorithm>
#include <stdexcept>

namespace cardea::audit {
namespace {

template <class IdType>
std::optional<IdType> maybe_id(const db::Row& row, std::size_t column) {
  return row.is_null(column) ? std::nullopt : std::optional{row.id<IdType>(column)};
}

std::optional<Bytes> maybe_bytes(const db::Row& row, std::size_t column) {
  return row.is_null(column) ? std::nullopt : std::optional{row.bytes(column)};
}

}  // namespace

Entry to_entry(const db::Row& row) {
  Entry entry{.id = row.id<EventId>(0),
              .at = row.time(1),
              .kind = row.text(2),
              .account = maybe_id<AccountId>(row, 3),
              .actor = maybe_id<AccountId>(row, 4),
              .session = maybe_id<SessionId>(row, 5),
              .reason = row.text(6),
              .subject = row.text(7),
              .address = row.text(8),
              .request_id = row.text(9),
              .count = row.integer(10),
              .last_at = row.maybe_time(11),
              .account_pseudonym = maybe_id<Pseudonym>(row, 12),
              .actor_pseudonym = maybe_id<Pseudonym>(row, 13),
              .account_sealed = maybe_bytes(row, 14),
              .actor_sealed = maybe_bytes(row, 15).value_or(Bytes{})};
  if (entry.account_sealed) {  // the chain is not over what else stands in the row, so that nobody is to believe it
    entry.account.reset();
    entry.actor.reset();
    entry.session.reset();
    entry.address.clear();
    entry.request_id.clear();
    if (!is_of_nobody(entry)) entry.subject.clear();
  }
  return entry;
}

std::vector<Entry> to_entries(const db::Rows& rows) {
  std::vector<Entry> entries;
  entries.reserve(rows.size());
  for (const auto& row : rows) entries.push_back(to_entry(row));
  return entries;
}

namespace {

std::vector<Sealed> to_sealed(const db::Rows& rows) {
  std::vector<Sealed> page;
  page.reserve(rows.size());
  for (const auto& row : rows) {
    page.push_back(
        {.entry = to_entry(row), .number = row.integer(entry_columns), .hash = maybe_bytes(row, entry_columns + 1)});
  }
  return page;
}

// The conflict is with a row that is not sealed: the index holds no other. A repeat that another process saw a little
// earlier moves nothing back.
void insert_one(db::Tx& tx, const NewEntry& one) {
  const Entry& a = one.entry;
  tx.later(
      "INSERT INTO audit_event (id, at, kind, account_pseudonym, actor_pseudonym, account_sealed, actor_sealed, "
      "reason, subject, address, request_id, flood) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10) "
      "ON CONFLICT (flood) WHERE number IS NULL AND flood IS NOT NULL DO UPDATE SET count = audit_event.count + 1, "
      "last_at = CASE WHEN excluded.at > COALESCE(audit_event.last_at, audit_event.at) THEN excluded.at "
      "ELSE COALESCE(audit_event.last_at, audit_event.at) END",
      a.id, a.at, a.kind, a.account_pseudonym, a.actor_pseudonym, a.account_sealed, a.actor_sealed, a.reason, a.subject,
      one.flood);
}

void insert_two(db::Tx& tx, const NewEntry& one, const NewEntry& other) {
  const Entry& a = one.entry;
  const Entry& b = other.entry;
  tx.later(
      "INSERT INTO audit_event (id, at, kind, account_pseudonym, actor_pseudonym, account_sealed, actor_sealed, "
      "reason, subject, address, request_id, flood) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10), "
      "($11, $12, $13, $14, $15, $16, $17, $18, $19, '', '', $20) "
      "ON CONFLICT (flood) WHERE number IS NULL AND flood IS NOT NULL DO UPDATE SET count = audit_event.count + 1, "
      "last_at = CASE WHEN excluded.at > COALESCE(audit_event.last_at, audit_event.at) THEN excluded.at "
      "ELSE COALESCE(audit_event.last_at, audit_event.at) END",
      a.id, a.at, a.kind, a.account_pseudonym, a.actor_pseudonym, a.account_sealed, a.actor_sealed, a.reason, a.subject,
      one.flood,  //
      b.id, b.at, b.kind, b.account_pseudonym, b.actor_pseudonym, b.account_sealed, b.actor_sealed, b.reason, b.subject,
      other.flood);
}

/// PostgreSQL's upsert changes no row twice in one statement.
bool are_counted_together(const NewEntry& one, const NewEntry& other) { return one.flood && one.flood == other.flood; }

Link to_link(std::int64_t number, const Bytes& hash) {
  Link link{.number = number};
  if (hash.size() != link.hash.size()) throw std::runtime_error{"a hash of the audit chain is damaged"};
  std::copy(hash.begin(), hash.end(), link.hash.begin());
  return link;
}

}  // namespace

void insert(db::Tx& tx, std::span<const NewEntry> entries) {
  while (!entries.empty()) {
    const bool is_pair = entries.size() > 1 && !are_counted_together(entries[0], entries[1]);
    if (is_pair)
      insert_two(tx, entries[0], entries[1]);
    else
      insert_one(tx, entries[0]);
    entries = entries.subspan(is_pair ? 2 : 1);
  }
}

Link head(db::Tx& tx) {
  const auto row = tx.one("SELECT number, hash FROM audit_event WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1");
  return row ? to_link(row->integer(0), row->bytes(1)) : Link{};
}

std::vector<Entry> unsealed(db::Tx& tx, std::int64_t limit) {
  return to_entries(
      tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, request_id, count, "
             "last_at, account_pseudonym, actor_pseudonym, account_sealed, actor_sealed FROM audit_event "
             "WHERE number IS NULL ORDER BY id LIMIT $1",
             limit));
}

std::vector<Entry> unsealed(db::Tx& tx, std::int64_t limit, Time now) {
  // What lies further ahead was written by a clock that was wrong, and must not wait for that time.
  return to_entries(
      tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, request_id, count, "
             "last_at, account_pseudonym, actor_pseudonym, account_sealed, actor_sealed FROM audit_event "
             "WHERE number IS NULL AND (flood IS NULL OR at <= $2 OR at >= $3) ORDER BY id LIMIT $1",
             limit, now - counted_within, now + counted_within));
}

void write_link(db::Tx& tx, const EventId& id, const Link& link) {
  tx.later("UPDATE audit_event SET number = $2, hash = $3, flood = NULL WHERE id = $1 AND number IS NULL", id,
           link.number, link.hash);
}

std::vector<Sealed> sealed_after(db::Tx& tx, std::int64_t after, std::int64_t limit, Columns columns) {
  switch (columns) {
    case Columns::all:
      return to_sealed(
          tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, request_id, count, "
                 "last_at, account_pseudonym, actor_pseudonym, account_sealed, actor_sealed, number, hash "
                 "FROM audit_event WHERE number > $1 ORDER BY number LIMIT $2",
                 after, limit));
    case Columns::without_pseudonyms:
      return to_sealed(
          tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, request_id, count, "
                 "last_at, NULL, NULL, NULL, NULL, number, hash FROM audit_event WHERE number > $1 "
                 "ORDER BY number LIMIT $2",
                 after, limit));
    case Columns::without_counts:
      return to_sealed(
          tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, request_id, 1, "
                 "NULL, NULL, NULL, NULL, NULL, number, hash FROM audit_event WHERE number > $1 "
                 "ORDER BY number LIMIT $2",
                 after, limit));
  }
  return {};
}

Tail read_tail(db::Tx& tx) {
  const auto open = tx.one("SELECT count(*), min(at), max(at) FROM audit_event WHERE number IS NULL");
  const auto last = tx.one("SELECT at FROM audit_event WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1");
  const Time newest_open = open->maybe_time(2).value_or(Time{});
  return {.unsealed = open->integer(0),
          .oldest_unsealed = open->maybe_time(1),
          .newest = std::max(newest_open, last ? last->time(0) : Time{}),
          .last_job = jobs::last_success(tx).value_or(Time{})};
}

std::optional<Checkpoint> find_checkpoint(db::Tx& tx) {
  const auto row = tx.one("SELECT number, hash, at, signature FROM audit_checkpoint ORDER BY number DESC LIMIT 1");
  if (!row) return std::nullopt;
  return Checkpoint{.link = to_link(row->integer(0), row->bytes(1)), .at = row->time(2), .signature = row->bytes(3)};
}

void replace_checkpoint(db::Tx& tx, const Checkpoint& checkpoint) {
  tx.later("DELETE FROM audit_checkpoint");
  tx.later("INSERT INTO audit_checkpoint (number, hash, at, signature) VALUES ($1, $2, $3, $4)", checkpoint.link.number,
           checkpoint.link.hash, checkpoint.at, checkpoint.signature);
}

std::int64_t remove_up_to(db::Tx& tx, std::int64_t number) {
  return tx.run("DELETE FROM audit_event WHERE number <= $1", number);
}

bool has_event_up_to(db::Tx& tx, std::int64_t number) {
  return tx.one("SELECT 1 FROM audit_event WHERE number <= $1 LIMIT 1", number).has_value();
}

std::optional<std::int64_t> first_number_since(db::Tx& tx, Time since) {
  const auto row = tx.one("SELECT min(number) FROM audit_event WHERE at >= $1", since);
  return row->is_null(0) ? std::nullopt : std::optional{row->integer(0)};
}

std::optional<std::int64_t> last_number_before(db::Tx& tx, Time until) {
  const auto row = tx.one("SELECT max(number) FROM audit_event WHERE at < $1", until);
  return row->is_null(0) ? std::nullopt : std::optional{row->integer(0)};
}

bool has_loose_hash(db::Tx& tx) {
  return tx.one("SELECT 1 FROM audit_event WHERE number IS NULL AND hash IS NOT NULL LIMIT 1").has_value();
}

}  // namespace cardea::audit
