#pragma once
// IP addresses and networks, read strictly and compared by value.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cardea::http {

/// An IPv4 or IPv6 address. An IPv4 address mapped into IPv6 (::ffff:a.b.c.d) is the IPv4 address.
struct Address {
  std::array<std::uint8_t, 16> octets{};  // IPv4 in its mapped form
  bool is_v4 = false;

  friend bool operator==(const Address&, const Address&) = default;
};

/// Reads "192.0.2.1" or "2001:db8::1"; no port, brackets, zone or leading zeros.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
/// The canonical text (RFC 5952).
[[nodiscard]] std::string to_text(const Address& address);

struct Network {
  Address base;
  unsigned bits = 128;  // of the 128-bit form: a.b.c.d/8 is 104
};

/// Reads "10.0.0.0/8", "::1/128" or a lone address.
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);
[[nodiscard]] bool contains(const Network& network, const Address& address);

}  // namespace cardea::http
