#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace cardea::app {

struct Place {
  std::string listen;   // "127.0.0.1:8026"
  std::uint16_t port;
};

/// The first free port from the one `listen` ("127.0.0.1:8025", "[::1]:8025") names, within 100; port 0 takes any.
/// For `cardea dev`, whose address must be known before the server that uses it is built. Absent: none is free, or the
/// address is not of this machine.
[[nodiscard]] std::optional<Place> free_port(const std::string& listen);

}  // namespace cardea::app
