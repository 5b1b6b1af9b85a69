#pragma once
// Listening sockets that the service manager made and handed over (sd_listen_fds(3)).

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cardea::edge {

/// One of them: its name (FileDescriptorName=) and its descriptor, which lives as long as the process.
struct PassedSocket {
  std::string name;
  int descriptor = -1;
};

/// Those that LISTEN_FDS, LISTEN_FDNAMES and LISTEN_PID tell of; none when they are meant for another process.
/// `variable` reads the environment. Errors: edge.cannot_listen for one that is no listening stream socket.
[[nodiscard]] Result<std::vector<PassedSocket>> passed_sockets(
    const std::function<std::optional<std::string>(std::string_view)>& variable);

/// Moves those that `listen` ("systemd:NAME", or "systemd:" for all) asks for out of `sockets`.
[[nodiscard]] std::vector<PassedSocket> take_named(std::vector<PassedSocket>& sockets, std::string_view listen);

}  // namespace cardea::edge
