#pragma once
// Addresses as text.

#include <optional>
#include <string>
#include <string_view>

#include "edge/asio.hpp"

namespace cardea::edge {

/// Reads "127.0.0.1:8025" or "[::1]:8025"; names are not looked up, but "localhost" is 127.0.0.1.
[[nodiscard]] std::optional<Tcp::endpoint> parse_endpoint(std::string_view text);

/// The address without port or zone, as RFC 5952 writes it; an IPv4 address that came mapped into IPv6 as IPv4.
[[nodiscard]] std::string address_text(const Tcp::endpoint& endpoint);

}  // namespace cardea::edge
