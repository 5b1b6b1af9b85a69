#pragma once
// Who the client is when reverse proxies stand in front: only a configured proxy is believed, and only about its peer.

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "http/peers.hpp"

namespace cardea::http {

class Proxies {
 public:
  /// `trusted` as Peers takes them; throws std::invalid_argument likewise.
  explicit Proxies(const std::vector<std::string>& trusted) : trusted_(trusted) {}

  /// How the client's address is known.
  enum class Naming {
    known,       // it is the peer itself, or a trusted proxy names it
    missing,     // a trusted proxy names nobody: it may speak for itself, or for everybody in silence
    unheard,     // somebody is named over a unix socket, whose peers are not trusted
    unreadable,  // a trusted proxy names somebody in a way that means no address
  };
  struct Client {
    std::string address;  // canonical text; unix_peer; "unknown via PROXY"
    Naming naming = Naming::known;
    std::string_view header = {};  // unreadable: where it stands
    std::string_view item = {};    // unreadable: what stands there; a view into the request
  };
  /// Walks X-Forwarded-For, or Forwarded where that is missing, from the right, through trusted proxies, to the first
  /// address that is not one: everything further left was written by the client.
  ///
  /// A client whose address cannot be read on the way is "unknown via PROXY", with the proxy's address: a key of its
  /// own for budgets and events, so that it neither spends what is the proxy's nor hides among its requests. All such
  /// clients of one proxy share that key, because an identifier that is no address may be another with every request.
  [[nodiscard]] Client client_of(const Request& request) const;

  /// Whether a trusted proxy says that the client speaks HTTP without TLS. Each proxy adds what it saw, so the first
  /// item of X-Forwarded-Proto (or of Forwarded, where that is missing) is the client's own hop. A client that forges
  /// it deceives nobody but itself.
  [[nodiscard]] bool says_plain(const Request& request) const;

  /// Whether the other end of the socket is a trusted proxy.
  [[nodiscard]] bool brought(const Request& request) const { return trusted_.holds(request.peer); }

 private:
  Peers trusted_;
};

}  // namespace cardea::http
