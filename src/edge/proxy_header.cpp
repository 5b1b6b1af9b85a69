#include "edge/proxy_header.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.hpp"
#include "http/address.hpp"

namespace cardea::edge {
namespace {

using State = ProxyHeader::State;

constexpr std::string_view v1_start = "PROXY ";
constexpr std::string_view v2_start{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t v1_shortest = 15;  // "PROXY UNKNOWN", CR LF
constexpr std::size_t v1_longest = 107;  // its CR LF included
constexpr std::size_t v2_fixed = 16;

ProxyHeader incomplete(std::size_t needed) { return {.state = State::incomplete, .needed = needed}; }
ProxyHeader complete(std::optional<std::string> client) {
  return {.state = State::complete, .client = std::move(client)};
}
ProxyHeader malformed() { return {}; }

bool is_port(std::string_view text) {
  const auto port = text::parse_integer(text);
  const bool is_plain = text == "0" || (text.size() <= 5 && !text.starts_with('0') && !text.starts_with('-'));
  return port && is_plain && *port <= 65'535;
}

bool is_address(std::string_view text, bool is_v6) {
  return http::parse_address(text) && (text.find(':') != std::string_view::npos) == is_v6;
}

/// The line without its CR LF.
ProxyHeader parse_v1_line(std::string_view line) {
  const auto words = text::split(line, ' ');
  if (words.size() >= 2 && words[1] == "UNKNOWN") return complete(std::nullopt);
  if (words.size() != 6 || (words[1] != "TCP4" && words[1] != "TCP6")) return malformed();
  const bool is_v6 = words[1] == "TCP6";
  const bool is_right =
      is_address(words[2], is_v6) && is_address(words[3], is_v6) && is_port(words[4]) && is_port(words[5]);
  return is_right ? complete(http::to_text(*http::parse_address(words[2]))) : malformed();
}

ProxyHeader parse_v1(std::string_view received) {
  const std::size_t newline = received.find('\n');
  if (newline == std::string_view::npos) {
    if (received.size() >= v1_longest) return malformed();
    return incomplete(received.size() < v1_shortest ? v1_shortest - received.size() : 1);
  }
  if (newline + 1 != received.size() || !received.ends_with("\r\n")) return malformed();
  return parse_v1_line(received.substr(0, newline - 1));
}

unsigned octet(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::string client_of(std::string_view source) {
  constexpr std::size_t v4_size = 4;
  http::Address address;
  address.is_v4 = source.size() == v4_size;
  if (address.is_v4) address.octets[10] = address.octets[11] = 0xff;
  std::memcpy(address.octets.data() + (address.octets.size() - source.size()), source.data(), source.size());
  return http::to_text(*http::parse_address(http::to_text(address)));  // a mapped one becomes IPv4
}

ProxyHeader parse_v2(std::string_view received) {
  if (received.size() < v2_fixed) return incomplete(v2_fixed - received.size());
  const unsigned command = octet(received, 12);
  const unsigned family = octet(received, 13);
  const std::size_t length = octet(received, 14) * 256 + octet(received, 15);
  const std::size_t whole = v2_fixed + length;
  constexpr unsigned local = 0x20;
  constexpr unsigned proxied = 0x21;
  if ((command != local && command != proxied) || whole > max_proxy_header || received.size() > whole)
    return malformed();
  if (received.size() < whole) return incomplete(whole - received.size());
  const std::string_view addresses = received.substr(v2_fixed);
  constexpr unsigned unspecified = 0x00;
  constexpr unsigned tcp4 = 0x11;
  constexpr unsigned tcp6 = 0x21;
  constexpr unsigned unix_stream = 0x31;
  if (command == local) return {.state = State::complete, .is_own = true};
  if (family == unspecified || family == unix_stream) return complete(std::nullopt);
  if (family == tcp4 && length >= 12) return complete(client_of(addresses.substr(0, 4)));
  if (family == tcp6 && length >= 36) return complete(client_of(addresses.substr(0, 16)));
  return malformed();
}

}  // namespace

ProxyHeader parse_proxy_header(std::string_view received) {
  if (received.size() < v2_start.size()) {
    const bool is_one =
        v2_start.starts_with(received) || v1_start.substr(0, received.size()) == received.substr(0, v1_start.size());
    return is_one ? incomplete(v2_start.size() - received.size()) : malformed();
  }
  if (received.starts_with(v2_start)) return parse_v2(received);
  return received.starts_with(v1_start) ? parse_v1(received) : malformed();
}

Task<std::optional<ProxyHeader>> receive_proxy_header(Socket& socket, const std::string& proxy, IoThread& thread,
                                                      Duration patience) {
  Connection connection{thread, socket, proxy};
  connection.expires_after(patience);
  connection.set_waiting(Connection::Waiting::for_request);
  std::string received;
  for (;;) {
    ProxyHeader header = parse_proxy_header(received);
    if (header.state == ProxyHeader::State::complete) co_return header;
    if (header.state == ProxyHeader::State::malformed) co_return std::nullopt;
    const std::size_t have = received.size();
    received.resize(have + header.needed);
    error_code error;
    const auto room = asio::buffer(received.data() + have, header.needed);
    const std::size_t size = co_await socket.async_read_some(room, into(error));
    connection.set_waiting(Connection::Waiting::no);
    if (error) co_return std::nullopt;
    received.resize(have + size);
  }
}

}  // namespace cardea::edge
