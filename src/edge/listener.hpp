#pragma once
// Sockets that listen, one per I/O thread on the same port (SO_REUSEPORT): the kernel spreads connections.

#include <string>
#include <vector>

#include "base/result.hpp"
#include "edge/start_session.hpp"

namespace cardea::edge {

/// Opens `address` on every thread. A port that another socket listens on is refused, unless `next_free_port` lets us
/// go on to one of the next 20. Returns the port. Errors: edge.cannot_listen.
[[nodiscard]] Result<std::uint16_t> listen(const std::string& address, bool next_free_port,
                                           const std::vector<std::unique_ptr<IoThread>>& threads,
                                           std::vector<Acceptor*>& opened);

/// Accepts until the acceptor is closed. The references outlive the thread's run.
Task<void> accept_all(Acceptor& acceptor, Protocol protocol, IoThread& thread, const ServerContext& server);

}  // namespace cardea::edge
