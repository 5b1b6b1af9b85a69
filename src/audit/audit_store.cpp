#include "audit/audit_store.hpp"

#include <algorithm>
#include <stdexcept>

#include "audit/listing.hpp"

namespace cardea::audit {
namespace {

template <class IdType>
std::optional<IdType> maybe_id(const db::Row& row, std::size_t column) {
  return row.is_null(column) ? std::nullopt : std::optional{row.id<IdType>(column)};
}

Entry to_entry(const db::Row& row) {
  return {.id = row.id<EventId>(0),
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
          .last_at = row.maybe_time(11)};
}

std::vector<Entry> to_entries(const db::Rows& rows) {
  std::vector<Entry> entries;
  entries.reserve(rows.size());
  for (const auto& row : rows) entries.push_back(to_entry(row));
  return entries;
}

std::vector<Sealed> to_sealed(const db::Rows& rows) {
  std::vector<Sealed> page;
  page.reserve(rows.size());
  for (const auto& row : rows) {
    page.push_back({.entry = to_entry(row),
                    .number = row.integer(12),
                    .hash = row.is_null(13) ? std::nullopt : std::optional{row.bytes(13)}});
  }
  return page;
}

// The conflict is with a row that is not sealed: the index holds no other. A repeat that another process saw a little
// earlier moves nothing back.
void insert_one(db::Tx& tx, const NewEntry& one) {
  const Entry& a = one.entry;
  tx.later(
      "INSERT INTO audit_event (id, at, kind, account_id, actor_id, session_id, reason, subject, address, "
      "request_id, flood) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
      "ON CONFLICT (flood) WHERE number IS NULL AND flood IS NOT NULL DO UPDATE SET count = audit_event.count + 1, "
      "last_at = CASE WHEN excluded.at > COALESCE(audit_event.last_at, audit_event.at) THEN excluded.at "
      "ELSE COALESCE(audit_event.last_at, audit_event.at) END",
      a.id, a.at, a.kind, a.account, a.actor, a.session, a.reason, a.subject, a.address, a.request_id, one.flood);
}

void insert_two(db::Tx& tx, const NewEntry& one, const NewEntry& other) {
  const Entry& a = one.entry;
  const Entry& b = other.entry;
  tx.later(
      "INSERT INTO audit_event (id, at, kind, account_id, actor_id, session_id, reason, subject, address, "
      "request_id, flood) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11), "
      "($12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) "
      "ON CONFLICT (flood) WHERE number IS NULL AND flood IS NOT NULL DO UPDATE SET count = audit_event.count + 1, "
      "last_at = CASE WHEN excluded.at > COALESCE(audit_event.last_at, audit_event.at) THEN excluded.at "
      "ELSE COALESCE(audit_event.last_at, audit_event.at) END",
      a.id, a.at, a.kind, a.account, a.actor, a.session, a.reason, a.subject, a.address, a.request_id, one.flood,  //
      b.id, b.at, b.kind, b.account, b.actor, b.session, b.reason, b.subject, b.address, b.request_id, other.flood);
}

/// PostgreSQL's upsert changes no row twice in one statement.
bool are_counted_together(const NewEntry& one, const NewEntry& other) { return one.flood && one.flood == other.flood; }

Link to_link(std::int64_t number, const Bytes& hash) {
  Link link{.number = number};
  if (hash.size() != link.hash.size()) throw std::runtime_error{"a hash of the audit chain is damaged"};
  std::copy(hash.begin(), hash.end(), link.hash.begin());
  return link;
}

/// Below every other that is made at that time or later.
EventId lowest_id(Time time) {
  class Zeros : public Random {
   public:
    void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), std::uint8_t{0}); }
  } zeros;
  return EventId::make(time, zeros);
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
             "last_at FROM audit_event WHERE number IS NULL ORDER BY id LIMIT $1",
             limit));
}

std::vector<Entry> unsealed(db::Tx& tx, std::int64_t limit, Time now) {
  // What lies further ahead was written by a clock that was wrong, and must not wait for that time.
  return to_entries(
      tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, request_id, count, "
             "last_at FROM audit_event WHERE number IS NULL AND (flood IS NULL OR at <= $2 OR at >= $3) ORDER BY id "
             "LIMIT $1",
             limit, now - counted_within, now + counted_within));
}

void write_link(db::Tx& tx, const EventId& id, const Link& link) {
  tx.later("UPDATE audit_event SET number = $2, hash = $3, flood = NULL WHERE id = $1 AND number IS NULL", id,
           link.number, link.hash);
}

std::vector<Sealed> sealed_after(db::Tx& tx, std::int64_t after, std::int64_t limit) {
  return to_sealed(
      tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, "
             "request_id, count, last_at, number, hash FROM audit_event WHERE number > $1 "
             "ORDER BY number LIMIT $2",
             after, limit));
}

std::vector<Sealed> sealed_after_without_counts(db::Tx& tx, std::int64_t after, std::int64_t limit) {
  return to_sealed(
      tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, "
             "request_id, 1, NULL, number, hash FROM audit_event WHERE number > $1 "
             "ORDER BY number LIMIT $2",
             after, limit));
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

std::vector<Entry> latest(db::Tx& tx, const Wanted& wanted, std::int64_t limit) {
  db::Select select{
      "SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, request_id, count, last_at "
      "FROM audit_event"};
  if (!wanted.kind.empty()) select.where("(kind = $? OR kind LIKE $?)", wanted.kind, wanted.kind + ".%");
  if (wanted.account) select.where("(account_id = $? OR actor_id = $?)", *wanted.account, *wanted.account);
  if (!wanted.address.empty()) select.where("address = $?", wanted.address);
  if (wanted.since) select.where("COALESCE(last_at, at) >= $?", *wanted.since);
  if (wanted.until) select.where("at < $?", *wanted.until);
  auto entries = to_entries(tx.all(select.order_by("id", db::Direction::descending).limit(limit)));
  std::reverse(entries.begin(), entries.end());
  return entries;
}

std::vector<Entry> about(db::Tx& tx, const AccountId& account, const std::optional<EventId>& before, Time since,
                         std::int64_t limit) {
  // Ids begin with their time, so that both ends of what is looked through are places in the index by account.
  const EventId first = lowest_id(since);
  return to_entries(
      before ? tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, request_id, "
                      "count, last_at FROM audit_event WHERE account_id = $1 AND id >= $2 AND id < $3 "
                      "ORDER BY id DESC LIMIT $4",
                      account, first, *before, limit)
             : tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, request_id, "
                      "count, last_at FROM audit_event WHERE account_id = $1 AND id >= $2 ORDER BY id DESC LIMIT $3",
                      account, first, limit));
}

bool has_loose_hash(db::Tx& tx) {
  return tx.one("SELECT 1 FROM audit_event WHERE number IS NULL AND hash IS NOT NULL LIMIT 1").has_value();
}

}  // namespace cardea::audit
