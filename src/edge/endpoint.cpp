#include "edge/endpoint.hpp"

#include "base/text.hpp"
#include "edge/server.hpp"

namespace cardea::edge {

std::optional<Tcp::endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = text::parse_integer(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65'535) return std::nullopt;
  std::string host{text.substr(0, colon)};
  if (host == "localhost") host = "127.0.0.1";
  const bool is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error || address.is_v6() != is_bracketed) return std::nullopt;
  return Tcp::endpoint{address, static_cast<std::uint16_t>(*port)};
}

std::string address_text(const Tcp::endpoint& endpoint) {
  if (endpoint.address().is_v4()) return endpoint.address().to_string();
  auto address = endpoint.address().to_v6();
  if (address.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, address).to_string();
  address.scope_id(0);
  return address.to_string();
}

std::string problem_with_listen(std::string_view text) {
  if (parse_endpoint(text)) return {};
  return "\"" + std::string{text} + "\" is not an address and port, like 127.0.0.1:8025 or [::]:443";
}

bool is_same_listen(std::string_view one, std::string_view other) {
  const auto a = parse_endpoint(one);
  const auto b = parse_endpoint(other);
  if (!a || !b || a->port() != b->port() || a->port() == 0) return false;
  const auto takes = [](const Tcp::endpoint& all, const Tcp::endpoint& some) {
    // We listen on [::] for IPv4 too.
    return all.address().is_unspecified() && (all.address().is_v6() || some.address().is_v4());
  };
  return a->address() == b->address() || takes(*a, *b) || takes(*b, *a);
}

}  // namespace cardea::edge
