#include "edge/connection_limit.hpp"

namespace cardea::edge {

namespace {

/// At how many widths a network is counted.
std::size_t widths_of(const ClientNetwork& network) { return network.has_widths() ? ClientNetwork::widths : 1; }

}  // namespace

ConnectionLimit::Client ConnectionLimit::client_at(std::string_view peer) const {
  const bool is_somebody = peer == http::unix_peer || http::address_of_peer(peer);
  if (!is_somebody || limits_.exempt.holds(peer)) return std::nullopt;
  return ClientNetwork{peer};
}

std::optional<Refusal> ConnectionLimit::acquire(const Client& client) {
  const std::lock_guard lock{mutex_};
  if (count_ >= limits_.all) return Refusal::all;
  const std::size_t widths = client ? widths_of(*client) : 0;
  for (std::size_t i = 0; i < widths; ++i) {
    const auto held = networks_.find(client->text(i));
    if (held != networks_.end() && held->second >= limits_.per_network) return Refusal::network;
  }
  for (std::size_t i = 0; i < widths; ++i) networks_[client->text(i)] += 1;
  ++count_;
  return std::nullopt;
}

void ConnectionLimit::release(const Client& client) {
  const std::lock_guard lock{mutex_};
  const std::size_t widths = client ? widths_of(*client) : 0;
  for (std::size_t i = 0; i < widths; ++i) {
    const auto held = networks_.find(client->text(i));
    if (--held->second == 0) networks_.erase(held);
  }
  if (--count_ == 0) none_left_.notify_all();
}

std::optional<ConnectionPermit> ConnectionPermit::acquire(ConnectionLimit& limit, std::string_view peer) {
  const auto client = limit.client_at(peer);
  if (const auto refusal = limit.acquire(client)) {
    if (limit.limits_.on_refusal) limit.limits_.on_refusal(*refusal);
    return std::nullopt;
  }
  return ConnectionPermit{limit, client};
}

}  // namespace cardea::edge
