#pragma once
// Who the client is when reverse proxies stand in front: only a configured proxy is believed, and only about its peer.

#include <string>
#include <string_view>
#include <vector>

#include "http/address.hpp"
#include "http/message.hpp"

namespace cardea::http {

class Proxies {
 public:
  /// `networks` as in parse_network; throws std::invalid_argument for one that is not.
  explicit Proxies(const std::vector<std::string>& networks);

  struct Client {
    std::string address;  // canonical text; the peer's as given when it is no IP address
    bool secure = false;
    bool plain = false;   // a trusted proxy says that the client speaks HTTP without TLS
  };
  /// Walks X-Forwarded-For from the right, through trusted proxies, to the first address that is not one: everything
  /// further left was written by the client. An unreadable item on the way gives the peer's own address.
  /// X-Forwarded-Proto counts when the peer is trusted and it is sent once.
  [[nodiscard]] Client client_of(const Request& request) const;

  /// Whether the other end of the socket is a trusted proxy.
  [[nodiscard]] bool brought(const Request& request) const;

 private:
  [[nodiscard]] bool is_trusted(const Address& address) const;

  std::vector<Network> networks_;
};

}  // namespace cardea::http
