#pragma once
// How many connections there may be: in all, and of one client's network, so that one client cannot take every place.

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "http/address.hpp"

namespace cardea::edge {

/// Counts the connections of a server. Any thread.
class ConnectionLimit {
 public:
  struct Limits {
    std::int64_t all = 0;
    std::int64_t per_address = 0;
    std::vector<http::Network> exempt = {};  // may have any number: proxies, which speak for many
  };
  explicit ConnectionLimit(Limits limits) : limits_(std::move(limits)) {}

  [[nodiscard]] std::int64_t count() const { return count_.load(); }
  /// True when all have ended within `span`.
  bool wait_until_none(Duration span) {
    std::unique_lock lock{mutex_};
    return none_left_.wait_for(lock, span, [this] { return count() == 0; });
  }

 private:
  friend class ConnectionPermit;
  /// What is counted as one client: an IPv4 address whole, IPv6 by its first 64 bits, since a subscriber has all the
  /// rest. Absent when it is exempt.
  using Client = std::optional<std::array<std::uint8_t, 16>>;

  [[nodiscard]] Client client_at(std::string_view peer) const;
  [[nodiscard]] bool acquire(const Client& client);
  void release(const Client& client);

  const Limits limits_;
  std::atomic<std::int64_t> count_{0};
  std::mutex mutex_;
  std::condition_variable none_left_;
  std::map<std::array<std::uint8_t, 16>, std::int64_t> clients_;  // ordered: nobody can choose colliding addresses
};

/// Counts for one connection, as long as it lives.
class ConnectionPermit {
 public:
  /// Absent when there are too many already, of all or of this client. `peer` is the other end's address.
  [[nodiscard]] static std::optional<ConnectionPermit> acquire(ConnectionLimit& limit, std::string_view peer);
  ConnectionPermit(ConnectionPermit&& other) noexcept
      : limit_(std::exchange(other.limit_, nullptr)), client_(other.client_) {}
  ConnectionPermit& operator=(ConnectionPermit&&) = delete;
  ~ConnectionPermit() {
    if (limit_ != nullptr) limit_->release(client_);
  }

 private:
  ConnectionPermit(ConnectionLimit& limit, const ConnectionLimit::Client& client) : limit_(&limit), client_(client) {}
  ConnectionLimit* limit_;
  ConnectionLimit::Client client_;
};

}  // namespace cardea::edge
