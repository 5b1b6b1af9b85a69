#pragma once
// Who is at the other end of a socket, as a list in the settings names them.

#include <string>
#include <string_view>
#include <vector>

#include "http/address.hpp"

namespace cardea::http {

/// The peer of every connection that comes by a unix socket: there are no addresses there.
inline constexpr std::string_view unix_peer = "unix:";

/// A set of peers: networks, and perhaps all that come by a unix socket.
class Peers {
 public:
  Peers() = default;
  /// `texts` as in parse_network, or "unix:"; throws std::invalid_argument for one that is neither.
  explicit Peers(const std::vector<std::string>& texts);

  [[nodiscard]] bool empty() const { return networks_.empty() && !has_unix_; }
  [[nodiscard]] bool holds(const Address& address) const;
  /// `peer` is Request::peer: an address with or without zone, or unix_peer.
  [[nodiscard]] bool holds(std::string_view peer) const;

 private:
  std::vector<Network> networks_;
  bool has_unix_ = false;
};

/// The address that is at the other end. Absent for what is none.
[[nodiscard]] std::optional<Address> address_of_peer(std::string_view peer);

}  // namespace cardea::http
