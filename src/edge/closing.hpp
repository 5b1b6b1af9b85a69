#pragma once
// How a connection ends so that the other side reads what was said last, whatever was spoken on it.

#include <algorithm>
#include <span>
#include <string_view>
#include <type_traits>

#include "edge/io_thread.hpp"
#include "edge/server_context.hpp"

namespace cardea::edge {

inline constexpr std::size_t most_discarded = 16 * 1024 * 1024;  // bytes read after a refusal, so that it arrives
inline constexpr auto lingering_silence = std::chrono::seconds{2};  // without a byte, a refused client has read enough

inline Socket& socket_of(Socket& socket) { return socket; }
inline Socket& socket_of(TlsStream& stream) { return stream.next_layer(); }

/// Logs why a connection ended; not when the other side just closed it, or we did.
inline void log_end(const ServerContext& server, std::string_view peer, std::string_view event,
                    const error_code& error) {
  if (error == asio::error::eof || error == asio::error::operation_aborted) return;
  server.log.debug(event, {{"peer", peer}, {"reason", error.message()}});
}

/// Ends the connection so that the other side notices that something is missing.
inline void reset(Socket& socket) {
  error_code ignored;
  socket.set_option(asio::socket_base::linger{true, 0}, ignored);
  socket.close(ignored);
}

/// Closes so that the last response is read: closing with unread input would reset the connection, and most clients
/// send a whole body before they read. What comes is thrown away, up to `most_discarded` and as long as a body may
/// take. `scratch` is for what comes.
template <class Stream>
Task<void> lingering_close(Stream& stream, Connection& connection, const ServerContext& server,
                           std::span<char> scratch) {
  Socket& socket = socket_of(stream);
  const Monotonic::time_point end = Monotonic::now() + server.settings.body_timeout;
  connection.expires_after(lingering_silence);
  error_code error;
  if constexpr (std::is_same_v<Stream, TlsStream>) co_await stream.async_shutdown(into(error));
  error.clear();
  socket.shutdown(Socket::shutdown_send, error);
  for (std::size_t discarded = 0; !error && discarded < most_discarded && Monotonic::now() < end;) {
    const auto left = std::chrono::duration_cast<Duration>(end - Monotonic::now());
    connection.expires_after(std::min<Duration>(lingering_silence, left));
    const auto room = asio::buffer(scratch.data(), scratch.size());
    discarded += co_await socket.async_read_some(room, into(error));
  }
}

}  // namespace cardea::edge
