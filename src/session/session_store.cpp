#include <algorithm>

#include "http/problem.hpp"
#include "session/cache.hpp"
#include "session/session.hpp"

namespace cardea::session {
namespace {

crypto::Digest to_digest(const Bytes& bytes) {
  crypto::Digest digest{};
  std::copy_n(bytes.begin(), digest.size(), digest.begin());
  return digest;
}

Session to_session(const db::Row& row) {
  return {.id = row.id<SessionId>(0),
          .account = row.id<AccountId>(1),
          .token_hash = to_digest(row.bytes(8)),
          .created_at = row.time(2),
          .last_seen_at = row.time(3),
          .idle_until = row.time(4),
          .expires_at = row.time(5),
          .user_agent = row.text(6),
          .address = row.text(7),
          .assurance = parse_assurance(row.text(9))};
}

std::optional<Session> to_live(const std::optional<db::Row>& row) {
  return row ? std::optional{to_session(*row)} : std::nullopt;
}

// Dropping after the commit, before `write` returns: nobody is told of a revocation that memory has not heard of.
std::vector<SessionId> drop_after_commit(db::Tx& tx, Cache& cache, const db::Rows& removed) {
  std::vector<SessionId> ids;
  ids.reserve(removed.size());
  for (const auto& row : removed) ids.push_back(row.id<SessionId>(0));
  if (!ids.empty()) tx.after_commit([&cache, ids] { cache.drop(ids); });
  return ids;
}

}  // namespace

std::optional<Session> find(db::Tx& tx, const crypto::Digest& token_hash, Time now) {
  return to_live(tx.one(
      "SELECT id, account_id, created_at, last_seen_at, idle_until, expires_at, "
      "user_agent, address, token_hash, shown FROM session WHERE token_hash = $1 AND idle_until > $2 AND expires_at > $2",
      token_hash, now));
}

std::optional<Session> find(db::Tx& tx, const SessionId& id, Time now) {
  return to_live(tx.one(
      "SELECT id, account_id, created_at, last_seen_at, idle_until, expires_at, "
      "user_agent, address, token_hash, shown FROM session WHERE id = $1 AND idle_until > $2 AND expires_at > $2",
      id, now));
}

Result<Done> confirm(db::Tx& tx, const Context& context) {
  if (!context.principal || !context.principal->session) return done;
  const auto live = tx.one("SELECT account_id FROM session WHERE id = $1 AND idle_until > $2 AND expires_at > $2",
                           context.session(), context.now);
  if (!live || live->id<AccountId>(0) != context.account()) return http::unauthenticated;
  return done;
}

bool wants_touch(const Session& session, Time now) {
  // A tenth of a short time-out, or a session in constant use would end before its time-out was ever moved.
  const Duration idle = session.idle_until - session.last_seen_at;
  return now - session.last_seen_at >= std::min<Duration>(std::chrono::minutes{1}, idle / 10);
}

void touch(db::Tx& tx, Session& session, const Settings& settings, Time now) {
  session.last_seen_at = now;
  session.idle_until = now + settings.idle;
  tx.run("UPDATE session SET last_seen_at = $2, idle_until = $3 WHERE id = $1", session.id, now, session.idle_until);
}

std::vector<Session> list(db::Tx& tx, const AccountId& account, Time now) {
  std::vector<Session> sessions;
  for (const auto& row : tx.all(
           "SELECT id, account_id, created_at, last_seen_at, idle_until, "
           "expires_at, user_agent, address, token_hash, shown FROM session WHERE account_id = $1 AND idle_until > $2 "
           "AND expires_at > $2 ORDER BY last_seen_at DESC, id DESC LIMIT 200",
           account, now)) {
    sessions.push_back(to_session(row));
  }
  return sessions;
}

bool revoke(db::Tx& tx, Cache& cache, const AccountId& account, const SessionId& id) {
  const auto removed = tx.all("DELETE FROM session WHERE id = $1 AND account_id = $2 RETURNING id", id, account);
  return !drop_after_commit(tx, cache, removed).empty();
}

std::int64_t revoke_others(db::Tx& tx, Cache& cache, const AccountId& account, const SessionId& keep) {
  const auto removed = tx.all("DELETE FROM session WHERE account_id = $1 AND id <> $2 RETURNING id", account, keep);
  return std::ssize(drop_after_commit(tx, cache, removed));
}

std::int64_t revoke_all(db::Tx& tx, Cache& cache, const AccountId& account) {
  const auto removed = tx.all("DELETE FROM session WHERE account_id = $1 RETURNING id", account);
  return std::ssize(drop_after_commit(tx, cache, removed));
}

std::vector<SessionId> limit(db::Tx& tx, Cache& cache, const AccountId& account, const Settings& settings) {
  // Ids made later sort later, so the newest are the highest.
  return drop_after_commit(
      tx, cache,
      tx.all("DELETE FROM session WHERE account_id = $1 AND id NOT IN (SELECT id FROM session WHERE account_id = $1 "
             "ORDER BY id DESC LIMIT $2) RETURNING id",
             account, settings.per_account));
}

}  // namespace cardea::session
