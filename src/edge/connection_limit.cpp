#include "edge/connection_limit.hpp"

#include <algorithm>

namespace cardea::edge {

ConnectionLimit::Client ConnectionLimit::client_at(std::string_view peer) const {
  const auto address = http::parse_address(peer.substr(0, peer.find('%')));  // without zone
  if (!address) return std::nullopt;
  const auto holds = [&address](const http::Network& network) { return http::contains(network, *address); };
  if (std::any_of(limits_.exempt.begin(), limits_.exempt.end(), holds)) return std::nullopt;
  auto octets = address->octets;
  if (!address->is_v4) std::fill(octets.begin() + 8, octets.end(), std::uint8_t{0});
  return octets;
}

bool ConnectionLimit::acquire(const Client& client) {
  const std::lock_guard lock{mutex_};
  if (count_ >= limits_.all) return false;
  if (client) {
    std::int64_t& held = clients_[*client];
    if (held >= limits_.per_address) return false;
    ++held;
  }
  ++count_;
  return true;
}

void ConnectionLimit::release(const Client& client) {
  const std::lock_guard lock{mutex_};
  if (client) {
    const auto entry = clients_.find(*client);
    if (--entry->second == 0) clients_.erase(entry);
  }
  if (--count_ == 0) none_left_.notify_all();
}

std::optional<ConnectionPermit> ConnectionPermit::acquire(ConnectionLimit& limit, std::string_view peer) {
  const auto client = limit.client_at(peer);
  if (!limit.acquire(client)) return std::nullopt;
  return ConnectionPermit{limit, client};
}

}  // namespace cardea::edge
