#pragma once
// Whom a client is counted as, wherever something is shared out.

#include <array>
#include <string>
#include <string_view>

namespace cardea {

/// The network behind an address, at three widths: of IPv6 the first 48, 56 and 64 bits, since a subscriber has at
/// least the last of them (RFC 6177); an IPv4 address, and what is no address, is one network at every width.
class ClientNetwork {
 public:
  static constexpr std::size_t widths = 3;

  ClientNetwork() = default;
  /// `address` as text, with or without zone. An IPv4 address mapped into IPv6 is the IPv4 address.
  explicit ClientNetwork(std::string_view address);

  /// What tells the network from others, widest first; each part only within the part before.
  [[nodiscard]] const std::array<std::string, widths>& path() const { return path_; }
  [[nodiscard]] bool has_widths() const { return has_widths_; }
  /// What stands for the network at `width` (0: widest, 2: narrowest) in a key: "192.0.2.1", "20010db80001/48+02".
  [[nodiscard]] std::string text(std::size_t width) const;

 private:
  std::array<std::string, widths> path_;
  std::string address_;  // where there is one width
  bool has_widths_ = false;
};

}  // namespace cardea
