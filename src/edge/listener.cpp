#include "edge/listener.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <system_error>

#include "edge/endpoint.hpp"

namespace cardea::edge {
namespace {

using namespace std::chrono_literals;

constexpr int ports_to_try = 20;
constexpr auto pause_after_error = 100ms;

enum class Sharing { none, threads };

/// Binds a socket; with Sharing::threads the port may be bound again by this user's programs.
Acceptor bind(asio::io_context& context, const Tcp::endpoint& endpoint, Sharing sharing, error_code& error) {
  Acceptor acceptor{context};
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address{true}, error);
  if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only{false}, error);
  if (!error && sharing == Sharing::threads) {
    const int on = 1;
    if (setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
      error.assign(errno, boost::system::system_category());
    }
  }
  if (!error) acceptor.bind(endpoint, error);
  return acceptor;
}

/// A shared bind would succeed beside another instance of this program and steal half of its connections, so that
/// the port is first bound alone.
bool is_free(asio::io_context& context, const Tcp::endpoint& endpoint, error_code& error) {
  const Acceptor probe = bind(context, endpoint, Sharing::none, error);
  return !error;
}

std::optional<Tcp::endpoint> find_free(asio::io_context& context, Tcp::endpoint endpoint, int tries,
                                       error_code& error) {
  if (endpoint.port() == 0) return endpoint;
  for (int i = 0; i < tries && endpoint.port() != 0; ++i) {
    if (is_free(context, endpoint, error)) return endpoint;
    if (error != asio::error::address_in_use) return std::nullopt;
    endpoint.port(static_cast<std::uint16_t>(endpoint.port() + 1));
  }
  return std::nullopt;
}

void record(Opened& opened, const Endpoint& endpoint) {
  opened.place += (opened.place.empty() ? "" : ", ") + listen_text(endpoint);
  if (opened.port == 0) opened.port = port_of(endpoint);
}

Result<Done> listen_on_port(const Tcp::endpoint& wanted, const ListenOptions& options,
                            const std::vector<std::unique_ptr<IoThread>>& threads, Opened& opened) {
  const auto failed = [&options](const error_code& error) {
    return Error{cannot_listen, options.address + ": " + error.message()};
  };
  error_code error;
  auto endpoint = find_free(threads.front()->context(), wanted, options.next_free_port ? ports_to_try : 1, error);
  if (!endpoint) return failed(error);
  for (const auto& thread : threads) {
    Acceptor acceptor = bind(thread->context(), *endpoint, Sharing::threads, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) endpoint->port(port_of(acceptor.local_endpoint(error)));  // port 0 became a real one
    if (error) return failed(error);
    opened.listening.push_back({thread.get(), &thread->add(std::move(acceptor))});
  }
  record(opened, *endpoint);
  return done;
}

/// Each thread takes connections from one socket, by a descriptor of its own.
Result<Done> share(int descriptor, const std::vector<std::unique_ptr<IoThread>>& threads, Opened& opened) {
  Endpoint endpoint;
  socklen_t size = static_cast<socklen_t>(endpoint.capacity());
  if (getsockname(descriptor, endpoint.data(), &size) != 0) {
    return Error{cannot_listen, std::generic_category().message(errno)};
  }
  endpoint.resize(size);
  for (const auto& thread : threads) {
    const int own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own < 0) return Error{cannot_listen, std::generic_category().message(errno)};
    Acceptor acceptor{thread->context()};
    error_code error;
    acceptor.assign(Stream{endpoint.data()->sa_family, 0}, own, error);
    if (error) {
      close(own);
      return Error{cannot_listen, error.message()};
    }
    opened.listening.push_back({thread.get(), &thread->add(std::move(acceptor))});
  }
  record(opened, endpoint);
  return done;
}

std::string nothing_passed(const std::string& address) {
  return address + ": systemd passed no such socket; enable cardea.socket, or write an address";
}

}  // namespace

Result<Opened> listen(const ListenOptions& options, const std::vector<std::unique_ptr<IoThread>>& threads) {
  Opened opened;
  if (auto problem = problem_with_listen(options.address); !problem.empty()) {
    return Error{cannot_listen, std::move(problem)};
  }
  if (const auto wanted = parse_endpoint(options.address)) {
    TRY(listen_on_port(*wanted, options, threads, opened));
  } else if (options.address.starts_with(unix_scheme)) {
    opened.file = TRY(UnixListener::open(options.address.substr(unix_scheme.size()), options.socket_mode));
    TRY(share(opened.file->descriptor(), threads, opened));
  } else {
    if (options.passed.empty()) return Error{cannot_listen, nothing_passed(options.address)};
    for (const PassedSocket& socket : options.passed) TRY(share(socket.descriptor, threads, opened));
  }
  return opened;
}

Task<void> accept_all(Acceptor& acceptor, Protocol protocol, IoThread& thread, const ServerContext& server) {
  Timer pause{thread.context()};
  while (acceptor.is_open()) {
    error_code error;
    Socket socket{thread.context()};
    Endpoint peer;
    co_await acceptor.async_accept(socket, peer, into(error));
    if (error == asio::error::operation_aborted || thread.is_retiring()) co_return;
    if (error) {
      // Most likely no file descriptor is left; those in use come back, so wait instead of spinning.
      server.refusals.add(Refusal::accept);
      server.log.warn("edge.accept_failed", {{"reason", error.message()}});
      pause.expires_after(pause_after_error);
      co_await pause.async_wait(into(error));
      continue;
    }
    socket.set_option(Tcp::no_delay{true}, error);  // none by unix; who is gone already is noticed by the first read
    try {
      std::string address = address_text(peer);
      if (const std::size_t places = server.connection_limit.places_wanted(); places > 0) thread.make_room(places);
      auto permit = ConnectionPermit::acquire(server.connection_limit, address);
      if (!permit) continue;
      start_session(std::move(*permit), std::move(socket), std::move(address), protocol, thread, server);
    } catch (const std::exception& failure) {  // out of memory: this connection is lost, the listener is not
      server.log.error("edge.connection_failed", {{"reason", failure.what()}});
    }
  }
}

}  // namespace cardea::edge
