#pragma once
// session: browser sessions and the sessions behind access tokens.
//
// Owns: session, and the in-memory cache of live ones. Never: knows a password, or what a caller may do.
// The token is 256 random bits, seen once; the database holds its SHA-256. A session ends by its idle time-out, its
// absolute time-out or its revocation; a revocation is announced, and has emptied the cache before it is acknowledged.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "config/section.hpp"
#include "crypto/hash.hpp"
#include "db/database.hpp"
#include "jobs/periodic.hpp"
#include "principal/context.hpp"

namespace cardea::session {

struct Settings {
  Duration idle = std::chrono::hours{24 * 14};
  Duration absolute = std::chrono::hours{24 * 90};
  Duration recent = std::chrono::minutes{10};
  Duration trust_cache = std::chrono::minutes{1};
  std::int64_t cache_size = 100'000;
  std::int64_t per_account = 100;
};
void describe(config::Section& section, Settings& settings);

/// What binds a session to the device on which it began.
struct BindingTag {
  static constexpr std::string_view prefix = "dev_";
};
using BindingId = Id<BindingTag>;
struct Binding {
  BindingId id;
  Time at;
};

struct Session {
  SessionId id;
  AccountId account;
  crypto::Digest token_hash{};
  Time created_at;
  Time last_seen_at;
  Time idle_until;  // not after expires_at
  Time expires_at;
  std::string user_agent;
  std::string address;
  Assurance assurance = {};  // what was shown in it, and when
  std::optional<Binding> binding = {};  // absent: its token alone is enough
  [[nodiscard]] bool is_live(Time now) const { return now < idle_until && now < expires_at; }
};

struct Opened {
  Session session;
  Secret token;   // for the cookie; not to be had again
};

/// A session that a client shows a key of.
using Key = std::variant<crypto::Digest, SessionId>;

/// Opens a session for the client of `context`. `absolute` ends it sooner than the settings say; `binding` is that of
/// the session which it replaces in the same browser.
Opened open(db::Tx& tx, const Context& context, const AccountId& account, const Assurance& assurance,
            const Settings& settings, Random& random, std::optional<Duration> absolute = {},
            const std::optional<Binding>& binding = {});
/// Binds a session that is live and not bound yet; false: it is neither. Every process that has it in memory is told.
bool bind(db::Tx& tx, const SessionId& id, const Binding& binding, Time now);
/// The live session of a binding.
std::optional<Session> find_bound(db::Tx& tx, const BindingId& binding, Time now);
/// A session that is live at `now`.
std::optional<Session> find(db::Tx& tx, const crypto::Digest& token_hash, Time now);
std::optional<Session> find(db::Tx& tx, const SessionId& id, Time now);
/// Whether the principal of `context` may still act: the row of its session is there, live and of its account. Memory
/// may answer a question but never authorises a change, so every transaction that writes for somebody asks this first;
/// see `write_for`. Errors: unauthenticated.
Result<Done> confirm(db::Tx& tx, const Context& context);

/// `database.write` for the principal of `context`. Errors: unauthenticated, those of `work`.
template <class Work>
auto write_for(db::Database& database, const Context& context, Work&& work) {
  using Answer = std::invoke_result_t<Work&, db::Tx&>;
  return database.write([&](db::Tx& tx) -> Answer {
    TRY(confirm(tx, context));
    return work(tx);
  });
}

/// The idle time-out has not been moved for a minute, or a tenth of it if that is less; sooner is not worth a write.
[[nodiscard]] bool wants_touch(const Session& session, Time now);
/// Moves the idle time-out.
[[nodiscard]] Session touched(Session session, const Settings& settings, Time now);
/// Writes that a session was used at `now`; one that is no more, or was used later, stays as it is.
void touch(db::Tx& tx, const SessionId& id, const Settings& settings, Time now);
/// The live sessions of an account, most recently used first; at most 200.
std::vector<Session> list(db::Tx& tx, const AccountId& account, Time now);

/// What follows announces what it ends (db::Bus): a session's id, or the hash of its token; and for all of an account
/// its id. Whether or not a row was found: one that ended in a transaction whose outcome nobody knows is ended again by
/// who tries again.
inline constexpr db::Topic ended_topic{"session"};
inline constexpr db::Topic ended_of_topic{"sessions_of"};
/// Ends one session of this account; false when it has none of that id.
bool revoke(db::Tx& tx, const AccountId& account, const SessionId& id);
/// Ends the session that a key belongs to; absent when there is none that is live.
std::optional<Session> revoke(db::Tx& tx, const Key& key, Time now);
/// Ends all but one; returns how many.
std::int64_t revoke_others(db::Tx& tx, const AccountId& account, const SessionId& keep);
std::int64_t revoke_all(db::Tx& tx, const AccountId& account);
/// Ends every session of everybody.
std::int64_t end_all(db::Tx& tx);

struct Ended {
  SessionId id;
  AccountId account;
  bool is_replaced = false;  // by key; else it was one too many
  std::optional<Binding> binding = {};
};
/// Makes room for a session that is about to be opened: ends the one of `replaced`, whosever it is, and the oldest of
/// the account so that `settings.per_account` are not exceeded. One statement.
std::vector<Ended> make_room(db::Tx& tx, const AccountId& account, const std::optional<Key>& replaced,
                             const Settings& settings, Time now);

/// Removes sessions that have ended by time.
[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::session
