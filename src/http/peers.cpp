#include "http/peers.hpp"

#include <algorithm>
#include <stdexcept>

namespace cardea::http {

Peers::Peers(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    if (text == unix_peer) {
      has_unix_ = true;
      continue;
    }
    const auto network = parse_network(text);
    if (!network) throw std::invalid_argument{"not a network, nor \"unix:\": " + text};
    networks_.push_back(*network);
  }
}

bool Peers::holds(const Address& address) const {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const Network& network) { return contains(network, address); });
}

bool Peers::holds(std::string_view peer) const {
  if (peer == unix_peer) return has_unix_;
  const auto address = address_of_peer(peer);
  return address && holds(*address);
}

std::optional<Address> address_of_peer(std::string_view peer) {
  return parse_address(peer.substr(0, peer.find('%')));  // without zone
}

}  // namespace cardea::http
