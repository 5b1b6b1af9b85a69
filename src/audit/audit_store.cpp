#include "audit/audit_store.hpp"

#include <algorithm>
#include <stdexcept>

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
          .request_id = row.text(9)};
}

std::vector<Entry> to_entries(const db::Rows& rows) {
  std::vector<Entry> entries;
  entries.reserve(rows.size());
  for (const auto& row : rows) entries.push_back(to_entry(row));
  return entries;
}

void insert_one(db::Tx& tx, const Entry& a) {
  tx.later(
      "INSERT INTO audit_event (id, at, kind, account_id, actor_id, session_id, reason, subject, address, "
      "request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      a.id, a.at, a.kind, a.account, a.actor, a.session, a.reason, a.subject, a.address, a.request_id);
}

void insert_two(db::Tx& tx, const Entry& a, const Entry& b) {
  tx.later(
      "INSERT INTO audit_event (id, at, kind, account_id, actor_id, session_id, reason, subject, address, "
      "request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10), "
      "($11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
      a.id, a.at, a.kind, a.account, a.actor, a.session, a.reason, a.subject, a.address, a.request_id,  //
      b.id, b.at, b.kind, b.account, b.actor, b.session, b.reason, b.subject, b.address, b.request_id);
}

}  // namespace

void insert(db::Tx& tx, std::span<const Entry> entries) {
  for (; entries.size() > 1; entries = entries.subspan(2)) insert_two(tx, entries[0], entries[1]);
  if (!entries.empty()) insert_one(tx, entries[0]);
}

Link head(db::Tx& tx) {
  const auto row = tx.one("SELECT number, hash FROM audit_event WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1");
  if (!row) return {};
  Link link{.number = row->integer(0)};
  const Bytes& hash = row->bytes(1);
  if (hash.size() != link.hash.size()) throw std::runtime_error{"the head of the audit chain is damaged"};
  std::copy(hash.begin(), hash.end(), link.hash.begin());
  return link;
}

std::vector<Entry> unsealed(db::Tx& tx, std::int64_t limit) {
  return to_entries(
      tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, request_id "
             "FROM audit_event WHERE number IS NULL ORDER BY id LIMIT $1",
             limit));
}

void write_link(db::Tx& tx, const EventId& id, const Link& link) {
  tx.later("UPDATE audit_event SET number = $2, hash = $3 WHERE id = $1 AND number IS NULL", id, link.number,
           link.hash);
}

std::vector<Sealed> sealed_after(db::Tx& tx, std::int64_t after, std::int64_t limit) {
  std::vector<Sealed> page;
  for (const auto& row : tx.all("SELECT id, at, kind, account_id, actor_id, session_id, reason, subject, address, "
                                "request_id, number, hash FROM audit_event WHERE number > $1 ORDER BY number LIMIT $2",
                                after, limit)) {
    page.push_back({.entry = to_entry(row),
                    .number = row.integer(10),
                    .hash = row.is_null(11) ? std::nullopt : std::optional{row.bytes(11)}});
  }
  return page;
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

bool has_loose_hash(db::Tx& tx) {
  return tx.one("SELECT 1 FROM audit_event WHERE number IS NULL AND hash IS NOT NULL LIMIT 1").has_value();
}

}  // namespace cardea::audit
