#pragma once
// For the contract tests of audit: accounts that events are about, and events as an earlier version stored them.

#include "audit/audit.hpp"

namespace cardea::audit {

inline void add_account(db::Database& database, const AccountId& id) {
  database.write([&](db::Tx& tx) {
    tx.run("INSERT INTO account (id, name, status, created_at, updated_at) VALUES ($1, '', 'active', 0, 0)", id);
  });
}
inline void remove_account(db::Database& database, const AccountId& id) {
  database.write([&](db::Tx& tx) { tx.run("DELETE FROM account WHERE id = $1", id); });
}

/// All it says in the clear.
inline void record_older(db::Database& database, const Entry& entry) {
  database.write([&](db::Tx& tx) {
    tx.run(
        "INSERT INTO audit_event (id, at, kind, account_id, actor_id, session_id, reason, subject, address, "
        "request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        entry.id, entry.at, entry.kind, entry.account, entry.actor, entry.session, entry.reason, entry.subject,
        entry.address, entry.request_id);
  });
}

}  // namespace cardea::audit
