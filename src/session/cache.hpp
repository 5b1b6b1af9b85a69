#pragma once
// The live sessions of this process, so that checking one costs no database call.

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
class Cache {
 public:
  static constexpr std::size_t shards = 64;
  using Epochs = std::array<std::uint32_t, shards>;

  Cache(std::int64_t most, Duration trust) : most_(static_cast<std::size_t>(most)), trust_(trust) {}
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  /// Hears `bus` from now on, and on `account_topic` what changes about accounts. The bus outlives this.
  void follow(db::Bus& bus, db::Topic account_topic);

  [[nodiscard]] Epochs epochs() const;
  /// Remembers; false (and nothing done) when the epochs of this session or account are no longer the present ones.
  bool put(const Epochs& epochs, std::shared_ptr<const Live> live);
  [[nodiscard]] std::shared_ptr<const Live> find(const crypto::Digest& token_hash, Time now) const;
  [[nodiscard]] std::shared_ptr<const Live> find(const SessionId& id, Time now) const;
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

  std::size_t most_;
  Duration trust_;
  std::array<std::atomic<std::uint32_t>, shards> epochs_{};
  std::atomic<bool> is_deaf_{false};  // other processes are not heard
  mutable std::shared_mutex mutex_;
  struct Entry {
    std::shared_ptr<const Live> live;
    std::list<SessionId>::iterator place;
  };
  std::list<SessionId> order_;  // oldest first
  std::unordered_map<SessionId, Entry> by_id_;
  std::unordered_map<AccountId, std::set<SessionId>> by_account_;
  std::unordered_map<crypto::Digest, SessionId, DigestHash> by_token_;
  std::vector<db::Bus::Subscription> subscriptions_;  // last: ended first
};

}  // namespace cardea::session
