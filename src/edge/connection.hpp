#pragma once
// One coroutine per connection: head, framing, body, lane, one write; again.

#include "edge/asio.hpp"
#include "edge/door.hpp"
#include "edge/io_thread.hpp"

namespace cardea::edge {

enum class Role {
  plain,
  tls,
  send_on,  // plain HTTP, answered with the public origin's address
};

/// Serves a connection on `thread`; called there. `peer` is the other end's address without port.
void welcome(Guest guest, Socket socket, std::string peer, Role role, IoThread& thread, const Door& door);

}  // namespace cardea::edge
