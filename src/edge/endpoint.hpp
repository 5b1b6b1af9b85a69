#pragma once
// Addresses as text.

#include <optional>
#include <string>
#include <string_view>

#include "edge/asio.hpp"

namespace cardea::edge {

inline constexpr std::string_view unix_scheme = "unix:";       // of a path to listen on
inline constexpr std::string_view passed_scheme = "systemd:";  // of the name of sockets that systemd passes

/// Reads "127.0.0.1:8025" or "[::1]:8025"; names are not looked up, but "localhost" is 127.0.0.1.
[[nodiscard]] std::optional<Tcp::endpoint> parse_endpoint(std::string_view text);

/// The address without port or zone, as RFC 5952 writes it; an IPv4 address that came mapped into IPv6 as IPv4. Of a
/// unix socket: http::unix_peer.
[[nodiscard]] std::string address_text(const Endpoint& endpoint);

/// Where a socket listens, as it is written in the settings: "127.0.0.1:8025", "[::1]:443", "unix:/run/x.sock".
[[nodiscard]] std::string listen_text(const Endpoint& endpoint);

/// 0 for a unix socket.
[[nodiscard]] std::uint16_t port_of(const Endpoint& endpoint);

}  // namespace cardea::edge
