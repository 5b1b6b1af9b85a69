#include <algorithm>

#include "http/problem.hpp"
#include "session/listing.hpp"
#include "session/session.hpp"

namespace cardea::session {
namespace {

crypto::Digest to_digest(const Bytes& bytes) {
  crypto::Digest digest{};
  std::copy_n(bytes.begin(), digest.size(), digest.begin());
  return digest;
}

/// Of two columns.
std::optional<Binding> to_binding(const db::Row& row, std::size_t first) {
  const auto at = row.maybe_time(first + 1);
  return at ? std::optional{Binding{.id = row.id<BindingId>(first), .at = *at}} : std::nullopt;
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
          .assurance = parse_assurance(row.text(9)),
          .binding = to_binding(row, 10)};
}

std::optional<Session> to_live(const std::optional<db::Row>& row) {
  return row ? std::optional{to_session(*row)} : std::nullopt;
}

std::int64_t announce(db::Tx& tx, const db::Rows& ended) {
  for (const auto& row : ended) tx.announce(ended_topic, row.id<SessionId>(0));
  return std::ssize(ended);
}

}  // namespace

std::optional<Session> find(db::Tx& tx, const crypto::Digest& token_hash, Time now) {
  return to_live(tx.one(
      "SELECT id, account_id, created_at, last_seen_at, idle_until, expires_at, user_agent, address, token_hash, "
      "shown, binding_id, bound_at FROM session WHERE token_hash = $1 AND idle_until > $2 AND expires_at > $2",
      token_hash, now));
}

std::optional<Session> find(db::Tx& tx, const SessionId& id, Time now) {
  return to_live(
      tx.one("SELECT id, account_id, created_at, last_seen_at, idle_until, expires_at, "
             "user_agent, address, token_hash, shown, binding_id, bound_at FROM session "
             "WHERE id = $1 AND idle_until > $2 AND expires_at > $2",
             id, now));
}

std::optional<Session> find_bound(db::Tx& tx, const BindingId& binding, Time now) {
  return to_live(tx.one(
      "SELECT id, account_id, created_at, last_seen_at, idle_until, expires_at, user_agent, address, token_hash, "
      "shown, binding_id, bound_at FROM session WHERE binding_id = $1 AND idle_until > $2 AND expires_at > $2",
      binding, now));
}

bool bind(db::Tx& tx, const SessionId& id, const Binding& binding, Time now) {
  const auto bound = tx.one(
      "UPDATE session SET binding_id = $2, bound_at = $3 "
      "WHERE id = $1 AND binding_id IS NULL AND idle_until > $4 AND expires_at > $4 RETURNING id",
      id, binding.id, binding.at, now);
  tx.announce(ended_topic, id);  // to be read again
  return bound.has_value();
}

std::vector<Session> live_after(db::Tx& tx, const SessionId& after, Time now, std::int64_t limit) {
  std::vector<Session> sessions;
  for (const auto& row :
       tx.all("SELECT id, account_id, created_at, last_seen_at, idle_until, expires_at, user_agent, address, "
              "token_hash, shown, binding_id, bound_at FROM session "
              "WHERE id > $1 AND idle_until > $2 AND expires_at > $2 ORDER BY id LIMIT $3",
              after, now, limit)) {
    sessions.push_back(to_session(row));
  }
  return sessions;
}

std::optional<Time> last_seen(db::Tx& tx, const AccountId& account) {
  const auto row = tx.one("SELECT max(last_seen_at) FROM session WHERE account_id = $1", account);
  return row ? row->maybe_time(0) : std::nullopt;
}

Result<Done> confirm(db::Tx& tx, const Context& context) {
  if (!context.principal || !context.principal->session) return done;
  const auto live = tx.one("SELECT account_id FROM session WHERE id = $1 AND idle_until > $2 AND expires_at > $2",
                           context.session(), context.now);
  if (!live || live->id<AccountId>(0) != context.account()) return http::unauthenticated;
  return done;
}

bool wants_touch(const Session& session, Time now) {
  // A tenth of a short time-out, or a session in constant use would end before its time-out was ever moved. One that
  // ends with the session is moved no more.
  const bool is_last = session.idle_until == session.expires_at;
  const Duration idle = is_last ? Duration::max() : session.idle_until - session.last_seen_at;
  return now - session.last_seen_at >= std::min<Duration>(std::chrono::minutes{1}, idle / 10);
}

Session touched(Session session, const Settings& settings, Time now) {
  session.last_seen_at = now;
  session.idle_until = std::min(now + settings.idle, session.expires_at);
  return session;
}

void touch(db::Tx& tx, const SessionId& id, const Settings& settings, Time now) {
  tx.later(
      "UPDATE session SET last_seen_at = $2, idle_until = CASE WHEN expires_at < $3 THEN expires_at ELSE $3 END "
      "WHERE id = $1 AND last_seen_at < $2",
      id, now, now + settings.idle);
}

std::vector<Session> list(db::Tx& tx, const AccountId& account, Time now) {
  std::vector<Session> sessions;
  for (
      const auto& row : tx.all(
          "SELECT id, account_id, created_at, last_seen_at, idle_until, "
          "expires_at, user_agent, address, token_hash, shown, binding_id, bound_at FROM session "
          "WHERE account_id = $1 AND idle_until > $2 AND expires_at > $2 ORDER BY last_seen_at DESC, id DESC LIMIT 200",
          account, now)) {
    sessions.push_back(to_session(row));
  }
  return sessions;
}

bool revoke(db::Tx& tx, const AccountId& account, const SessionId& id) {
  const auto ended = tx.one("DELETE FROM session WHERE id = $1 AND account_id = $2 RETURNING id", id, account);
  tx.announce(ended_topic, id);
  return ended.has_value();
}

std::optional<Session> revoke(db::Tx& tx, const Key& key, Time now) {
  const auto* token_hash = std::get_if<crypto::Digest>(&key);
  if (token_hash != nullptr) tx.announce(ended_topic, BytesView{*token_hash});
  auto session = std::visit([&](const auto& by) { return find(tx, by, now); }, key);
  if (!session || !revoke(tx, session->account, session->id)) return std::nullopt;
  return session;
}

std::int64_t end_all(db::Tx& tx) {
  tx.announce(ended_topic);
  return tx.run("DELETE FROM session");
}

std::int64_t revoke_others(db::Tx& tx, const AccountId& account, const SessionId& keep) {
  return announce(tx, tx.all("DELETE FROM session WHERE account_id = $1 AND id <> $2 RETURNING id", account, keep));
}

std::int64_t revoke_all(db::Tx& tx, const AccountId& account) {
  tx.announce(ended_of_topic, account);
  return announce(tx, tx.all("DELETE FROM session WHERE account_id = $1 RETURNING id", account));
}

std::vector<Ended> make_room(db::Tx& tx, const AccountId& account, const std::optional<Key>& replaced,
                             const Settings& settings, Time now) {
  const auto* token = replaced ? std::get_if<crypto::Digest>(&*replaced) : nullptr;
  const auto* id = replaced ? std::get_if<SessionId>(&*replaced) : nullptr;
  const crypto::Digest token_hash = token != nullptr ? *token : crypto::Digest{};
  const SessionId by_id = id != nullptr ? *id : SessionId{};
  std::vector<Ended> ended;
  // Ids made later sort later, so the newest are the highest. Each part reads one index, at any size and whatever the
  // planner knows of the table.
  for (const auto& row : tx.all(
           "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE token_hash = $1 "
           "UNION ALL SELECT id FROM session WHERE id = $2 "
           "UNION ALL SELECT id FROM (SELECT id FROM session WHERE account_id = $3 AND token_hash <> $1 AND id <> $2 "
           "ORDER BY id DESC LIMIT 1000000 OFFSET $4) AS oldest) "
           "RETURNING id, account_id, token_hash, idle_until, expires_at, binding_id, bound_at",
           token_hash, by_id, account, settings.per_account - 1)) {
    const auto found = row.id<SessionId>(0);
    tx.announce(ended_topic, found);
    const bool is_replaced = found == by_id || to_digest(row.bytes(2)) == token_hash;
    const bool was_live = now < row.time(3) && now < row.time(4);
    if (was_live || !is_replaced) {
      ended.push_back(
          {.id = found, .account = row.id<AccountId>(1), .is_replaced = is_replaced, .binding = to_binding(row, 5)});
    }
  }
  return ended;
}

}  // namespace cardea::session
