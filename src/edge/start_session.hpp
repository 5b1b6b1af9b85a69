#pragma once
// From an accepted socket to the session that serves it: what the client speaks decides which.

#include "edge/asio.hpp"
#include "edge/io_thread.hpp"
#include "edge/server_context.hpp"

namespace cardea::edge {

/// What is spoken at a listening address.
enum class Protocol {
  plain,
  tls,
  redirect,  // plain HTTP, answered with the public origin's address
};

/// Serves a connection on `thread`; called there. `peer` is the other end's address without port.
void start_session(ConnectionPermit permit, Socket socket, std::string peer, Protocol protocol, IoThread& thread,
                   const ServerContext& server);

}  // namespace cardea::edge
