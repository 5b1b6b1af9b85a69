#include "outbound/public_address.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cardea::outbound {
namespace {

using Prefix = std::array<std::uint8_t, 16>;

struct Network {
  Prefix prefix;
  unsigned bits;
};

/// IANA's special-purpose registry (RFC 6890), and multicast.
constexpr Network special_v4[] = {
    {{0}, 8},             // "this network", 0.0.0.0
    {{10}, 8},            // private (RFC 1918)
    {{100, 64}, 10},      // shared by carriers (RFC 6598)
    {{127}, 8},           // loopback
    {{169, 254}, 16},     // link-local, where clouds have their metadata
    {{172, 16}, 12},      // private
    {{192, 0, 0}, 24},    // protocol assignments
    {{192, 0, 2}, 24},    // documentation
    {{192, 88, 99}, 24},  // 6to4 relays
    {{192, 168}, 16},     // private
    {{198, 18}, 15},      // benchmarks
    {{198, 51, 100}, 24}, // documentation
    {{203, 0, 113}, 24},  // documentation
    {{224}, 4},           // multicast
    {{240}, 4},           // reserved, and broadcast
};

constexpr Network mapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, 96};
constexpr Network nat64{{0x00, 0x64, 0xFF, 0x9B}, 96};

/// Of IPv6 only this is handed out to the public; loopback, link-local, unique local and multicast are outside of it.
constexpr Network global_unicast{{0x20}, 3};
constexpr Network special_v6[] = {
    {{0x20, 0x01}, 23},              // protocol assignments: Teredo, benchmarks, ORCHID
    {{0x20, 0x01, 0x0D, 0xB8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4
    {{0x3F, 0xFE}, 16},              // the former 6bone
    {{0x3F, 0xFF}, 20},              // documentation (RFC 9637)
};

bool is_in(BytesView address, const Network& network) {
  const std::size_t whole = network.bits / 8;
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), network.prefix.begin())) {
    return false;
  }
  const unsigned rest = network.bits % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xFFU << (8 - rest) & 0xFFU;
  return (address[whole] & mask) == (network.prefix[whole] & mask);
}

}  // namespace

bool is_public_address(BytesView address) {
  const auto is_around = [&](const Network& network) { return is_in(address, network); };
  if (address.size() == 4) return std::none_of(std::begin(special_v4), std::end(special_v4), is_around);
  if (address.size() != 16) return false;
  if (is_around(mapped) || is_around(nat64)) return is_public_address(address.last(4));
  return is_around(global_unicast) && std::none_of(std::begin(special_v6), std::end(special_v6), is_around);
}

}  // namespace cardea::outbound
