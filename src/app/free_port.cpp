#include "app/free_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "base/text.hpp"

namespace cardea::app {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

std::optional<Address> to_address(const std::string& host, std::uint16_t port) {
  Address address;
  auto* four = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    address.size = sizeof *four;
    return address;
  }
  auto* six = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET6, host.c_str(), &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    address.size = sizeof *six;
    return address;
  }
  return std::nullopt;
}

// The port that a socket of its own gets there; without SO_REUSEPORT, so a port another server holds is not free.
std::optional<std::uint16_t> try_bind(const Address& wanted) {
  const int file = socket(wanted.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file < 0) return std::nullopt;
  const int on = 1;
  setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  Address got = wanted;
  const bool bound = bind(file, reinterpret_cast<const sockaddr*>(&wanted.storage), wanted.size) == 0 &&
                     listen(file, 1) == 0 &&
                     getsockname(file, reinterpret_cast<sockaddr*>(&got.storage), &got.size) == 0;
  close(file);
  if (!bound) return std::nullopt;
  return ntohs(reinterpret_cast<const sockaddr_in*>(&got.storage)->sin_port);  // at the same place in both families
}

}  // namespace

std::optional<Place> free_port(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto port = text::parse_integer(listen.substr(colon + 1));
  const std::string written = listen.substr(0, colon);
  const bool bracketed = written.starts_with('[') && written.ends_with(']');
  const std::string host = bracketed ? written.substr(1, written.size() - 2) : written;
  if (!port || *port < 0 || *port > 65535) return std::nullopt;
  for (std::int64_t candidate = *port; candidate < *port + 100 && candidate <= 65535; ++candidate) {
    const auto address = to_address(host, static_cast<std::uint16_t>(candidate));
    if (!address) return std::nullopt;
    if (const auto got = try_bind(*address)) return Place{.listen = written + ":" + std::to_string(*got), .port = *got};
  }
  return std::nullopt;
}

}  // namespace cardea::app
