#include "base/client_network.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace cardea {
namespace {

using Octets = std::array<unsigned char, 16>;

constexpr Octets mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t mapped_size = 12;  // bytes of it that count

std::string hex(const Octets& octets, std::size_t from, std::size_t to) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = from; i < to; ++i) {
    text += digits[octets.at(i) >> 4U];
    text += digits[octets.at(i) & 15U];
  }
  return text;
}

}  // namespace

ClientNetwork::ClientNetwork(std::string_view address) : address_(address.substr(0, address.find('%'))) {
  Octets octets{};
  const bool is_v6 = inet_pton(AF_INET6, address_.c_str(), octets.data()) == 1;
  if (is_v6 && !std::equal(octets.begin(), octets.begin() + mapped_size, mapped_prefix.begin())) {
    path_ = {hex(octets, 0, 6) + "/48", hex(octets, 6, 7), hex(octets, 7, 8)};
    has_widths_ = true;
    return;
  }
  if (is_v6) {
    std::array<char, INET_ADDRSTRLEN> text{};
    inet_ntop(AF_INET, octets.data() + mapped_size, text.data(), static_cast<socklen_t>(text.size()));
    address_ = text.data();
  }
  path_[0] = address_;
}

std::string ClientNetwork::text(std::size_t width) const {
  if (!has_widths_) return address_;
  std::string text = path_[0];
  if (width > 0) text += "+" + path_[1];
  if (width > 1) text += path_[2];
  return text;
}

}  // namespace cardea
