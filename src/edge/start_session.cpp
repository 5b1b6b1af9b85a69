#include "edge/start_session.hpp"

#include "edge/http2_session.hpp"
#include "edge/http_session.hpp"
#include "edge/proxy_header.hpp"

namespace cardea::edge {
namespace {

Task<void> serve(std::unique_ptr<HttpSession<Socket>> session) { co_await session->run(); }

enum class Spoken { tls, other, nothing };

/// What the client speaks, by the first byte, which stays where it is: 22 begins a TLS handshake (RFC 8446 §5.1).
Task<Spoken> detect(Socket& socket, const std::string& peer, IoThread& thread, Duration patience) {
  constexpr unsigned char handshake = 22;
  Connection connection{thread, socket, peer};
  connection.expires_after(patience);
  connection.set_waiting(Connection::Waiting::for_request);
  unsigned char first = 0;
  error_code error;
  const auto buffer = asio::buffer(&first, 1);
  co_await socket.async_receive(buffer, Socket::message_peek, into(error));
  if (error) co_return Spoken::nothing;
  co_return first == handshake ? Spoken::tls : Spoken::other;
}

/// False, and logged, when it fails or takes too long.
Task<bool> shake_hands(TlsStream& stream, const std::string& peer, IoThread& thread, const ServerContext& server) {
  Connection connection{thread, stream.next_layer(), peer};
  connection.expires_after(server.settings.header_timeout);
  connection.set_waiting(Connection::Waiting::for_request);
  error_code error;
  co_await stream.async_handshake(asio::ssl::stream_base::server, into(error));
  if (error) log_end(server, peer, "edge.handshake_failed", error);
  co_return !error;
}

/// The two sides agreed on HTTP/1.1 or HTTP/2 in the handshake (ALPN, RFC 7301). TLS keeps its context alive: a reload
/// may drop the server's reference in the meantime.
Task<void> serve_tls(ConnectionPermit permit, Socket socket, std::string peer, TlsContext context, IoThread& thread,
                     const ServerContext& server) {
  TlsStream stream{std::move(socket), *context};
  const bool is_secure = co_await shake_hands(stream, peer, thread, server);
  if (!is_secure) co_return;
  if (agreed_on_http2(stream)) {
    const auto session =
        std::make_unique<Http2Session>(thread, server, std::move(permit), std::move(peer), std::move(stream));
    co_await session->run();
  } else {
    const auto session = std::make_unique<HttpSession<TlsStream>>(thread, server, Answers::requests, std::move(permit),
                                                                  std::move(peer), std::move(stream));
    co_await session->run();
  }
}

/// At the port for TLS. Who speaks plain HTTP there, mostly by a mistyped address, is told so instead of being cut off
/// without a word.
Task<void> serve_tls_port(ConnectionPermit permit, Socket socket, std::string peer, IoThread& thread,
                          const ServerContext& server) {
  const Spoken spoken = co_await detect(socket, peer, thread, server.settings.header_timeout);
  if (spoken == Spoken::nothing) co_return;
  if (spoken == Spoken::other) {
    auto session = std::make_unique<HttpSession<Socket>>(thread, server, Answers::redirect, std::move(permit),
                                                         std::move(peer), std::move(socket));
    co_return co_await serve(std::move(session));
  }
  co_await serve_tls(std::move(permit), std::move(socket), std::move(peer), server.tls.get(), thread, server);
}

/// Completes a connection's coroutine; the only place where its exceptions can surface.
struct LogFailure {
  observe::Log* log;
  void operator()(std::exception_ptr failure) const {
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      log->error("edge.connection_failed", {{"reason", error.what()}});
    } catch (...) {
      log->error("edge.connection_failed", {{"reason", "an exception of unknown type"}});
    }
  }
};

/// Once it is known who the client is.
void begin(ConnectionPermit permit, Socket socket, std::string peer, Protocol protocol, IoThread& thread,
           const ServerContext& server) {
  const LogFailure log_failure{&server.log};
  if (protocol == Protocol::tls) {
    auto serving = serve_tls_port(std::move(permit), std::move(socket), std::move(peer), thread, server);
    asio::co_spawn(thread.context(), std::move(serving), log_failure);
    return;
  }
  const Answers answers = protocol == Protocol::redirect ? Answers::redirect : Answers::requests;
  auto session = std::make_unique<HttpSession<Socket>>(thread, server, answers, std::move(permit), std::move(peer),
                                                       std::move(socket));
  asio::co_spawn(thread.context(), serve(std::move(session)), log_failure);
}

/// A proxy passes on somebody else's bytes, and says whose. That client is counted, and is the peer of the requests:
/// what it writes into X-Forwarded-For is not believed, also when it is not named.
Task<void> serve_announced(ConnectionPermit permit, Socket socket, std::string proxy, Protocol protocol,
                           IoThread& thread, const ServerContext& server) {
  const auto header = co_await receive_proxy_header(socket, proxy, thread, server.settings.header_timeout);
  if (thread.is_retiring()) co_return;
  if (!header) {
    server.refusals.add(Refusal::proxy_header);
    server.log.warn("edge.proxy_header_missing",
                    {{"proxy", proxy}, {"hint", "server.proxy_protocol wants one on every connection of it"}});
    co_return;
  }
  if (header->is_own) {
    begin(std::move(permit), std::move(socket), std::move(proxy), protocol, thread, server);
    co_return;
  }
  std::string client = header->client.value_or("unknown via " + proxy);
  auto own = ConnectionPermit::acquire(server.connection_limit, client);
  if (!own) co_return;
  begin(std::move(*own), std::move(socket), std::move(client), protocol, thread, server);
}

}  // namespace

void start_session(ConnectionPermit permit, Socket socket, std::string peer, Protocol protocol, IoThread& thread,
                   const ServerContext& server) {
  if (!server.announcing.holds(peer)) {
    begin(std::move(permit), std::move(socket), std::move(peer), protocol, thread, server);
    return;
  }
  auto serving = serve_announced(std::move(permit), std::move(socket), std::move(peer), protocol, thread, server);
  asio::co_spawn(thread.context(), std::move(serving), LogFailure{&server.log});
}

}  // namespace cardea::edge
