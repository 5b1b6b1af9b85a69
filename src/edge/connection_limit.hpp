#pragma once
// How many connections there may be: in all, and of one client's network, so that one client cannot take every place.
// A network is counted at each of its widths (base/client_network.hpp).

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/client_network.hpp"
#include "base/time.hpp"
#include "edge/refusals.hpp"
#include "http/peers.hpp"

namespace cardea::edge {

/// Counts the connections of a server. Any thread.
class ConnectionLimit {
 public:
  struct Limits {
    std::int64_t all = 0;
    std::int64_t per_network = 0;
    http::Peers exempt = {};  // may have any number: proxies, which speak for many
    std::function<void(Refusal)> on_refusal = {};  // must not throw
  };
  explicit ConnectionLimit(Limits limits) : limits_(std::move(limits)) {}

  [[nodiscard]] std::int64_t count() const { return count_.load(); }
  /// How many of those that wait should make room, before there is none left; a few at a time, because to look for
  /// them costs more than to close them.
  [[nodiscard]] std::size_t places_wanted() const {
    if (count() < limits_.all - std::max<std::int64_t>(1, limits_.all / 32)) return 0;
    return static_cast<std::size_t>(std::clamp<std::int64_t>(limits_.all / 64, 1, 32));
  }
  /// True when all have ended within `span`.
  bool wait_until_none(Duration span) {
    std::unique_lock lock{mutex_};
    return none_left_.wait_for(lock, span, [this] { return count() == 0; });
  }

 private:
  friend class ConnectionPermit;
  /// Whom a connection is counted as. Absent when it is exempt.
  using Client = std::optional<ClientNetwork>;

  [[nodiscard]] Client client_at(std::string_view peer) const;
  /// Why not; absent when it is counted.
  [[nodiscard]] std::optional<Refusal> acquire(const Client& client);
  void release(const Client& client);

  const Limits limits_;
  std::atomic<std::int64_t> count_{0};
  std::mutex mutex_;
  std::condition_variable none_left_;
  std::map<std::string, std::int64_t> networks_;  // ordered: nobody can choose colliding addresses
};

/// Counts for one connection, as long as it lives.
class ConnectionPermit {
 public:
  /// Absent when there are too many already, of all or of this client's network. `peer` is the other end's address.
  [[nodiscard]] static std::optional<ConnectionPermit> acquire(ConnectionLimit& limit, std::string_view peer);
  ConnectionPermit(ConnectionPermit&& other) noexcept
      : limit_(std::exchange(other.limit_, nullptr)), client_(std::move(other.client_)) {}
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
