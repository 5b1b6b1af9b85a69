#pragma once
// The live sessions of this process, and what shows no live one, so that checking either costs no database call.

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "base/recent_map.hpp"
#include "db/bus.hpp"
#include "session/session.hpp"

namespace cardea::session {

/// What is remembered of a session: the session, and what the journeys want to say about its account.
struct Live {
  Session session;
  Role role = Role::user;
  std::string answer;   // the ready body of GET /v1/session
  Time loaded_at;
};

/// Thread-safe. An entry is trusted for `trust`, then must be loaded again. What is announced as ended or changed, here
/// or by another process, is dropped; while other processes are not heard, nothing is trusted.
///
/// A load that began before a revocation must not put the revoked session back. So: take `epochs()` before reading the
/// database and hand them to `put`, which refuses when the session or its account was dropped in between. There is an
/// epoch per shard of ids, so that a flood of revocations elsewhere does not keep everybody out of memory.
///
/// What showed no live session is remembered too, for `trust_absent`, so that a client with a dead cookie does not cost
/// more than one with a live one. A session cannot begin under a token that was shown before: 256 bits are drawn for
/// it. An account that is unblocked, or processes that are heard again, end what was remembered so.
class Cache {
 public:
  static constexpr std::size_t shards = 64;
  static constexpr std::size_t of_absent = shards;  // the epoch of what is remembered as absent
  using Epochs = std::array<std::uint32_t, shards + 1>;
  static constexpr Duration trust_absent = std::chrono::seconds{10};
  static constexpr std::size_t most_absent = 16'384;

  Cache(std::int64_t most, Duration trust) : most_(static_cast<std::size_t>(most)), trust_(trust) {}
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  /// Hears `bus` from now on, and on `account_topic` what changes about accounts. The bus outlives this.
  void follow(db::Bus& bus, db::Topic account_topic);

  [[nodiscard]] Epochs epochs() const;
  /// Remembers; false (and nothing done) when the epochs of this session or account are no longer the present ones.
  bool put(const Epochs& epochs, std::shared_ptr<const Live> live);
  /// By the hash of its token, or by another one that show() gave it.
  [[nodiscard]] std::shared_ptr<const Live> find(const crypto::Digest& shown, Time now) const;
  [[nodiscard]] std::shared_ptr<const Live> find(const SessionId& id, Time now) const;
  /// Remembers that `shown`, the hash of a signed token, stands for a session that is remembered: until `until`, as
  /// long as entries are trusted, or the session's end here, whichever comes first. A session has a few of them.
  void show(const crypto::Digest& shown, const SessionId& id, Time until, Time now);
  /// Remembers that `shown` stands for no live session, unless something that could change that was announced since
  /// `epochs`.
  void put_absent(const Epochs& epochs, const crypto::Digest& shown, Time now);
  [[nodiscard]] bool is_absent(const crypto::Digest& shown, Time now) const;
  void drop(const SessionId& id);
  void drop(const crypto::Digest& token_hash);
  /// Forgets every session of an account, after what is remembered of it has changed.
  void drop_account(const AccountId& account);
  /// Forgets everything.
  void clear();
  [[nodiscard]] std::size_t size() const;

 private:
  struct DigestHash {
    std::size_t operator()(const crypto::Digest& digest) const;
  };
  [[nodiscard]] std::shared_ptr<const Live> trusted(std::shared_ptr<const Live> live, Time now) const;
  void erase(const SessionId& id);
  void advance(std::size_t shard);
  void forget_absent();

  std::size_t most_;
  Duration trust_;
  std::array<std::atomic<std::uint32_t>, shards + 1> epochs_{};
  std::atomic<bool> is_deaf_{false};  // other processes are not heard
  mutable std::shared_mutex mutex_;
  static constexpr std::size_t most_shown = 4;  // signed tokens of one session
  struct Entry {
    std::shared_ptr<const Live> live;
    std::list<SessionId>::iterator place;
    std::vector<crypto::Digest> shown = {};  // the latest last
  };
  struct Shown {
    SessionId id;
    Time until = Time::max();
  };
  std::list<SessionId> order_;  // oldest first
  std::unordered_map<SessionId, Entry> by_id_;
  std::unordered_map<AccountId, std::set<SessionId>> by_account_;
  std::unordered_map<crypto::Digest, Shown, DigestHash> by_token_;
  RecentMap<crypto::Digest, Time, DigestHash> absent_{most_absent};  // since when
  std::vector<db::Bus::Subscription> subscriptions_;  // last: ended first
};

}  // namespace cardea::session
