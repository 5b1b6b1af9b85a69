#include "http/address.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.hpp"

namespace cardea::http {
namespace {

constexpr std::size_t v4_offset = 12;
constexpr std::array<std::uint8_t, v4_offset> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t longest_text = 45;

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  if (text.empty() || text.size() > longest_text || text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated{text};
  Address address;
  std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.octets.begin());
  if (inet_pton(AF_INET, terminated.c_str(), &address.octets[v4_offset]) == 1) {
    address.is_v4 = true;
    return address;
  }
  if (inet_pton(AF_INET6, terminated.c_str(), address.octets.data()) != 1) return std::nullopt;
  address.is_v4 = std::equal(mapped_prefix.begin(), mapped_prefix.end(), address.octets.begin());
  return address;
}

std::string to_text(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const int family = address.is_v4 ? AF_INET : AF_INET6;
  const void* octets = address.is_v4 ? &address.octets[v4_offset] : address.octets.data();
  inet_ntop(family, octets, buffer.data(), static_cast<socklen_t>(buffer.size()));
  return buffer.data();
}

std::optional<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = parse_address(text.substr(0, slash));
  if (!base) return std::nullopt;
  if (slash == std::string_view::npos) return Network{*base, 128};
  const auto bits = text::parse_integer(text.substr(slash + 1));
  // A mapped base may be written with IPv4's or IPv6's count; only the dotted text means IPv4's.
  const bool is_dotted = text.substr(0, slash).find(':') == std::string_view::npos;
  const std::int64_t most = is_dotted ? 32 : 128;
  if (!bits || *bits < 0 || *bits > most) return std::nullopt;
  return Network{*base, static_cast<unsigned>(is_dotted ? *bits + 96 : *bits)};
}

bool contains(const Network& network, const Address& address) {
  // ::/0 means every IPv6 address, not every IPv4 address that hides in its mapped range.
  if (network.base.is_v4 != address.is_v4) return false;
  for (unsigned bit = 0; bit < network.bits; bit += 8) {
    const unsigned left = std::min(8U, network.bits - bit);
    const auto mask = static_cast<std::uint8_t>(0xffU << (8U - left));
    if (((network.base.octets[bit / 8] ^ address.octets[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace cardea::http
