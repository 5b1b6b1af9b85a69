#pragma once
// Sockets that listen, one per I/O thread. On one TCP port (SO_REUSEPORT) the kernel spreads connections; a unix socket
// and what systemd passes is one socket, from which each thread takes as it comes to it.

#include <string>
#include <vector>

#include "base/result.hpp"
#include "edge/passed_sockets.hpp"
#include "edge/start_session.hpp"
#include "edge/unix_listener.hpp"

namespace cardea::edge {

struct ListenOptions {
  std::string address;  // as problem_with_listen() wants it
  bool next_free_port = false;  // where the port is taken, go on to one of the next 20
  mode_t socket_mode = 0660;  // of a unix socket's file
  std::vector<PassedSocket> passed = {};  // for an address that asks for them
};

struct Listening {
  IoThread* thread;
  Acceptor* acceptor;
};

/// What was opened.
struct Opened {
  std::vector<Listening> listening;
  std::string place;  // as in the settings, with the real port; of several sockets, joined by ", "
  std::uint16_t port = 0;  // of the first that has one
  std::unique_ptr<UnixListener> file = {};
};

/// Opens an address on every thread. One that another socket listens on is refused. Errors: edge.cannot_listen.
[[nodiscard]] Result<Opened> listen(const ListenOptions& options,
                                    const std::vector<std::unique_ptr<IoThread>>& threads);

/// Accepts until the acceptor is closed. The references outlive the thread's run.
Task<void> accept_all(Acceptor& acceptor, Protocol protocol, IoThread& thread, const ServerContext& server);

}  // namespace cardea::edge
