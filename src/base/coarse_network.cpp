#include "base/coarse_network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace cardea {
namespace {

constexpr std::size_t kept_of_v4 = 3;  // bytes
constexpr std::size_t kept_of_v6 = 6;
constexpr std::array<unsigned char, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

template <std::size_t N>
std::string text_of(int family, std::array<unsigned char, N> octets, std::size_t kept) {
  std::fill(octets.begin() + static_cast<std::ptrdiff_t>(kept), octets.end(), static_cast<unsigned char>(0));
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family, octets.data(), text.data(), static_cast<socklen_t>(text.size()));
  return std::string{text.data()} + "/" + std::to_string(kept * 8);
}

}  // namespace

std::string coarse_network(std::string_view address) {
  const std::string bare{address.substr(0, address.find('%'))};
  std::array<unsigned char, 4> v4{};
  if (inet_pton(AF_INET, bare.c_str(), v4.data()) == 1) return text_of(AF_INET, v4, kept_of_v4);
  std::array<unsigned char, 16> v6{};
  if (inet_pton(AF_INET6, bare.c_str(), v6.data()) != 1) return {};
  if (!std::equal(mapped_prefix.begin(), mapped_prefix.end(), v6.begin())) return text_of(AF_INET6, v6, kept_of_v6);
  std::copy_n(v6.begin() + mapped_prefix.size(), v4.size(), v4.begin());
  return text_of(AF_INET, v4, kept_of_v4);
}

}  // namespace cardea
