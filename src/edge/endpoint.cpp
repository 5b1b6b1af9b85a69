#include "edge/endpoint.hpp"

#include <sys/un.h>

#include <cstring>

#include "base/text.hpp"
#include "edge/server.hpp"
#include "http/peers.hpp"

namespace cardea::edge {
namespace {

constexpr std::size_t longest_unix_path = sizeof(sockaddr_un::sun_path) - 1;

/// Absent for a unix socket.
std::optional<Tcp::endpoint> tcp_of(const Endpoint& endpoint) {
  const int family = endpoint.data()->sa_family;
  if (family != AF_INET && family != AF_INET6) return std::nullopt;
  Tcp::endpoint tcp{family == AF_INET ? Tcp::v4() : Tcp::v6(), 0};
  std::memcpy(tcp.data(), endpoint.data(), std::min(endpoint.size(), tcp.capacity()));
  return tcp;
}

std::string problem_with_unix_path(std::string_view path) {
  if (path.empty()) return "there is no path behind \"unix:\"; write \"unix:/run/cardea/cardea.sock\"";
  if (path.find('\0') != std::string_view::npos) return "a path has no NUL";
  if (path.front() == '@') return "a name that begins with @ has no file, so every user could connect; write a path";
  if (path.back() == '/') return "it is a folder; name a file in it";
  if (path.size() > longest_unix_path) return "the path of a unix socket has 107 bytes at most";
  return {};
}

/// systemd's own rule (sd_listen_fds_with_names(3)), without spaces.
std::string problem_with_socket_name(std::string_view name) {
  for (const char c : name) {
    if (c <= ' ' || c == ':' || c == 0x7f) return "a name of a socket has no spaces, colons and control characters";
  }
  return name.size() > 255 ? "a name of a socket has 255 characters at most" : "";
}

}  // namespace

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

std::string address_text(const Endpoint& endpoint) {
  const auto tcp = tcp_of(endpoint);
  if (!tcp) return std::string{http::unix_peer};
  if (tcp->address().is_v4()) return tcp->address().to_string();
  auto address = tcp->address().to_v6();
  if (address.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, address).to_string();
  address.scope_id(0);
  return address.to_string();
}

std::string listen_text(const Endpoint& endpoint) {
  const auto tcp = tcp_of(endpoint);
  if (tcp) {
    const std::string address = tcp->address().to_string();
    return (tcp->address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(tcp->port());
  }
  const auto* path = reinterpret_cast<const char*>(endpoint.data()) + offsetof(sockaddr_un, sun_path);
  const std::size_t most = endpoint.size() - std::min(endpoint.size(), offsetof(sockaddr_un, sun_path));
  return std::string{unix_scheme} + std::string{path, strnlen(path, most)};
}

std::uint16_t port_of(const Endpoint& endpoint) {
  const auto tcp = tcp_of(endpoint);
  return tcp ? tcp->port() : std::uint16_t{0};
}

std::string problem_with_listen(std::string_view text) {
  std::string problem;
  if (text.starts_with(unix_scheme)) {
    problem = problem_with_unix_path(text.substr(unix_scheme.size()));
  } else if (text.starts_with(passed_scheme)) {
    problem = problem_with_socket_name(text.substr(passed_scheme.size()));
  } else if (!parse_endpoint(text)) {
    problem = "it is not an address and port, like 127.0.0.1:8025 or [::]:443, nor a path like unix:/run/cardea.sock";
  }
  return problem.empty() ? "" : "\"" + std::string{text} + "\": " + problem;
}

bool is_same_listen(std::string_view one, std::string_view other) {
  const auto a = parse_endpoint(one);
  const auto b = parse_endpoint(other);
  if (!a || !b) return !one.empty() && one == other && problem_with_listen(one).empty();
  if (a->port() != b->port() || a->port() == 0) return false;
  const auto takes = [](const Tcp::endpoint& all, const Tcp::endpoint& some) {
    // We listen on [::] for IPv4 too.
    return all.address().is_unspecified() && (all.address().is_v6() || some.address().is_v4());
  };
  return a->address() == b->address() || takes(*a, *b) || takes(*b, *a);
}

}  // namespace cardea::edge
