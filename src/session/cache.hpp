#pragma once
// The live sessions of this process, so that checking one costs no database call.

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <unordered_map>

#include "session/session.hpp"

namespace cardea::session {

/// What is remembered of a session: the session, and what the journeys want to say about its account.
struct Live {
  Session session;
  Role role = Role::user;
  std::string answer;   // the ready body of GET /v1/session
  Time loaded_at;
};

/// Thread-safe. An entry is trusted for `trust`, then must be loaded again.
///
/// A load that began before a revocation must not put the revoked session back. So: take `epoch()` before reading the
/// database and hand it to `put`, which refuses when anything was dropped in between.
class Cache {
 public:
  Cache(std::int64_t most, Duration trust) : most_(static_cast<std::size_t>(most)), trust_(trust) {}

  [[nodiscard]] std::uint64_t epoch() const { return epoch_.load(std::memory_order_acquire); }
  /// Remembers; false (and nothing done) when `epoch` is no longer the present one.
  bool put(std::uint64_t epoch, std::shared_ptr<const Live> live);
  [[nodiscard]] std::shared_ptr<const Live> find(const crypto::Digest& token_hash, Time now) const;
  [[nodiscard]] std::shared_ptr<const Live> find(const SessionId& id, Time now) const;
  void drop(std::span<const SessionId> ids);
  /// Forgets every session of an account, after what is said about it has changed.
  void drop_account(const AccountId& account);
  [[nodiscard]] std::size_t size() const;

 private:
  struct DigestHash {
    std::size_t operator()(const crypto::Digest& digest) const;
  };
  [[nodiscard]] std::shared_ptr<const Live> trusted(std::shared_ptr<const Live> live, Time now) const;
  void erase(const SessionId& id);

  std::size_t most_;
  Duration trust_;
  std::atomic<std::uint64_t> epoch_{0};
  mutable std::shared_mutex mutex_;
  struct Entry {
    std::shared_ptr<const Live> live;
    std::list<SessionId>::iterator place;
  };
  std::list<SessionId> order_;  // oldest first
  std::unordered_map<SessionId, Entry> by_id_;
  std::unordered_map<AccountId, std::set<SessionId>> by_account_;
  std::unordered_map<crypto::Digest, SessionId, DigestHash> by_token_;
};

}  // namespace cardea::session
