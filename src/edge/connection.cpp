#include "edge/connection.hpp"

#include <array>

#include "base/secret.hpp"
#include "edge/framing.hpp"
#include "edge/head_parser.hpp"
#include "edge/input_buffer.hpp"
#include "edge/run_on.hpp"
#include "http/problem.hpp"

namespace cardea::edge {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kept_output = 4 * 1024;       // bytes an idle connection keeps for its next response
constexpr std::size_t body_step = 16 * 1024;        // bytes per read of a body
constexpr std::size_t slowest_rate = 32 * 1024;     // bytes per second
constexpr std::size_t most_discarded = 16 * 1024 * 1024;  // bytes read after a refusal, so that it arrives
constexpr auto parting_silence = 2s;

enum class Arrival { head, refused, gone };
enum class Delivery { whole, late, crowded_out, gone };

template <class Stream>
class Visit {
 public:
  template <class... More>
  Visit(IoThread& thread, const Door& door, Role role, Guest guest, std::string peer, Socket socket, More&... more)
      : thread_(thread),
        door_(door),
        role_(role),
        guest_(std::move(guest)),
        peer_(std::move(peer)),
        stream_(std::move(socket), more...) {}
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  Task<void> run() {
    if constexpr (is_tls) {
      error_code error;
      seat_.arm(door_.settings.header_timeout);
      seat_.set_idle(true);
      co_await stream_.async_handshake(asio::ssl::stream_base::server, into(error));
      seat_.set_idle(false);
      if (error) {
        note("edge.handshake_failed", error);
        co_return;
      }
    }
    seat_.arm(door_.settings.header_timeout);
    while (co_await exchange()) seat_.arm(door_.settings.idle_timeout);
  }

 private:
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

  /// One request and its response. False ends the connection.
  Task<bool> exchange() {
    const Arrival arrival = co_await read_head();
    if (arrival == Arrival::gone) co_return false;
    const Time now = door_.clock.now();
    http::Request request;
    const Verdict verdict = arrival == Arrival::head ? understand(request) : Verdict{.refusal = refusal_};
    if (verdict.refusal != nullptr) co_return co_await refuse(*verdict.refusal, request, now);
    input_.consume(head_size_);
    if (role_ == Role::send_on) co_return co_await send_on(std::move(request), now);

    http::Plan plan = door_.desk.plan(request, now);
    if (verdict.content_length > http::body_limit_of(plan)) co_return co_await refuse(http::too_large, request, now);
    const bool is_large = verdict.content_length > small_body;
    auto* handle = std::get_if<http::Handle>(&plan);
    if (is_large && handle != nullptr && handle->is_unsure) {
      const auto ask = [&] { door_.desk.confirm(*handle, request, now); };
      const bool has_asked = co_await run_on(thread_.executor(), *door_.lanes.pool(http::Lane::quick), ask);
      if (!has_asked) co_return co_await refuse(overload(), request, now);
    }
    if (is_large && handle != nullptr && handle->refusal != nullptr) {
      co_return co_await refuse(*handle->refusal, request, now);
    }
    BodyShare share{door_.body_memory};
    if (verdict.content_length > 0) {
      const Delivery delivery = co_await read_body(request.body, share, verdict);
      if (delivery != Delivery::whole) share.give_back();
      if (delivery == Delivery::late) co_return co_await refuse(http::request_timeout, request, now);
      if (delivery == Delivery::crowded_out) co_return co_await refuse(overload(), request, now);
      if (delivery == Delivery::gone) co_return false;
    }
    http::Response response;
    if (Pool* pool = door_.lanes.pool(http::lane_of(plan))) {
      seat_.disarm();
      const auto work = [&] { response = door_.desk.answer(plan, request, now); };
      const bool has_run = co_await run_on(thread_.executor(), *pool, work);
      if (!has_run) response = door_.desk.refuse(overload(), &request, now);
    } else {
      response = door_.desk.answer(plan, request, now);
    }
    forget(request.body);
    if (!fits(response, request.method, share)) response = door_.desk.refuse(overload(), &request, now);
    const bool keep_alive = verdict.keep_alive && !thread_.is_retiring();
    const bool is_sent = co_await send(std::move(response), request.method, keep_alive, now);
    share.give_back();
    if (is_sent && !keep_alive) co_await part();
    co_return is_sent&& keep_alive;
  }

  /// Reads until the input begins with a complete head of `head_size_` bytes, or sets `refusal_`.
  Task<Arrival> read_head() {
    bool has_begun = false;
    std::size_t scanned = 0;
    input_.shrink();
    for (;;) {
      const Scan scan = scan_head(input_.view(), scanned);
      head_size_ = scanned = scan.at;
      if (scan.state == Scan::State::complete) co_return Arrival::head;
      if (scan.state == Scan::State::malformed) co_return refused(http::malformed_request);
      if (input_.full()) co_return refused(http::headers_too_large);
      if (input_.empty() && thread_.is_retiring()) co_return Arrival::gone;
      if (!input_.empty() && !has_begun) {
        has_begun = true;
        seat_.arm(door_.settings.header_timeout);
      }
      error_code error;
      const auto room = input_.room();
      seat_.set_idle(input_.empty());
      const std::size_t size = co_await stream_.async_read_some(asio::buffer(room.data(), room.size()), into(error));
      seat_.set_idle(false);
      if (error && seat_.is_late() && !input_.empty()) co_return refused(http::request_timeout);
      if (error) {
        note("edge.connection_ended", error);
        co_return Arrival::gone;
      }
      input_.received(size);
    }
  }

  Arrival refused(const ErrorKind& kind) {
    refusal_ = &kind;
    return Arrival::refused;
  }

  /// Parses and judges the head at the front of the input. Of a refused request, too, `request` is what is known: its
  /// answer looks like others at that address.
  Verdict understand(http::Request& request) {
    HeadParser parser{request.headers};
    if (const ErrorKind* refusal = parser.parse(input_.view().substr(0, head_size_))) return {.refusal = refusal};
    request.method = http::parse_method(parser.method()).value_or(http::Method::get);
    request.target = parser.target();
    request.peer = peer_;
    request.secure = is_tls;
    const bool is_target = http::parse_target(request.target, request.path, request.query);
    const Verdict verdict = judge(
        {.method = parser.method(), .target = parser.target(), .version = parser.version(), .fields = request.headers});
    if (verdict.refusal == nullptr && !is_target) return {.refusal = &http::malformed_request};
    return verdict;
  }

  /// Reads the body that `verdict` announces; it pays for its memory as it arrives, for an announcement costs the client
  /// nothing. When it does not come whole, nothing of it is kept.
  Task<Delivery> read_body(std::string& body, BodyShare& share, Verdict verdict) {
    const std::size_t length = verdict.content_length;
    seat_.arm(door_.settings.body_timeout + std::chrono::seconds{length / slowest_rate});
    body.reserve(std::min(length, small_body));
    const std::size_t here = std::min(length, input_.view().size());
    body.append(input_.view().substr(0, here));
    input_.consume(here);
    error_code error;
    if (verdict.expects_continue && body.size() < length) {
      const std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      co_await asio::async_write(stream_, asio::buffer(go_on), into(error));
    }
    while (!error && body.size() < length) {
      if (body.size() == body.capacity() && !make_room(body, share, length)) {
        forget(body);
        co_return Delivery::crowded_out;
      }
      const std::size_t have = body.size();
      // Within the capacity: of a string that grows by itself, unwiped copies would stay.
      body.resize(std::min({length, have + body_step, body.capacity()}));
      const auto room = asio::buffer(body.data() + have, body.size() - have);
      const std::size_t size = co_await stream_.async_read_some(room, into(error));
      body.resize(have + size);
    }
    if (!error) co_return Delivery::whole;
    const bool is_late = seat_.is_late();
    note("edge.body_incomplete", error);
    forget(body);
    co_return is_late ? Delivery::late : Delivery::gone;
  }

  /// Whether the response's body is small or gets its part of the memory. It has the room of the request's body, so that
  /// who was let in with a large one is told what became of it. Of a body that is not sent, nothing is kept.
  static bool fits(const http::Response& response, http::Method method, BodyShare& share) {
    const bool is_sent = sends_body(response, {.is_head = method == http::Method::head});
    if (is_sent && response.body.size() > small_body) return share.grow_to(response.body.size());
    share.give_back();
    return true;
  }

  /// Sends a response in one write. False when the client is gone.
  Task<bool> send(http::Response response, http::Method method, bool keep_alive, Time now) {
    const Ending ending{
        .is_head = method == http::Method::head, .keep_alive = keep_alive, .date = thread_.date().at(now)};
    output_.clear();
    if (!append_head(output_, response, ending)) {
      door_.log.error("edge.response_not_writable", {{"status", response.status}});
      response = door_.desk.refuse(Error{http::internal_error}, nullptr, now);
      if (!append_head(output_, response, ending)) co_return false;
    }
    // A small body goes beside its head; a large one stays where it is, so that it is there once.
    const bool is_apart = response.body.size() > small_body;
    if (!sends_body(response, ending)) {
      response.body = {};
    } else if (!is_apart) {
      output_ += response.body;
    }
    const std::string_view rest = is_apart ? response.body : std::string_view{};
    const std::array<asio::const_buffer, 2> parts{asio::buffer(output_), asio::buffer(rest)};
    error_code error;
    seat_.arm(door_.settings.write_timeout);
    co_await asio::async_write(stream_, parts, into(error));
    if (output_.capacity() > kept_output) std::string{}.swap(output_);
    if (error) note("edge.response_not_taken", error);
    co_return !error;
  }

  /// Answers a request that gets no further and ends the connection: what follows may not be a request.
  Task<bool> refuse(Error error, const http::Request& request, Time now) {
    http::Response response = door_.desk.refuse(error, &request, now);
    if (error.is(http::method_not_allowed)) {
      response.headers.set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    if (co_await send(std::move(response), request.method, false, now)) co_await part();
    co_return false;
  }

  static Error overload() {
    Error error{http::overloaded};
    error.retry_after = 1s;
    return error;
  }

  /// Answers a request that should have come by TLS and ends the connection.
  Task<bool> send_on(http::Request request, Time now) {
    http::Response response = door_.desk.answer_plain(request, now);
    if (co_await send(std::move(response), request.method, false, now)) co_await part();
    co_return false;
  }

  /// Closes so that the last response is read: closing with unread input would reset the connection, and most clients
  /// send a whole body before they read. What comes is thrown away, up to `most_discarded` and as long as a body may take.
  Task<void> part() {
    const Monotonic::time_point end = Monotonic::now() + door_.settings.body_timeout;
    seat_.arm(parting_silence);
    error_code error;
    if constexpr (is_tls) co_await stream_.async_shutdown(into(error));
    error.clear();
    socket().shutdown(Socket::shutdown_send, error);
    for (std::size_t discarded = 0; !error && discarded < most_discarded && Monotonic::now() < end;) {
      const auto left = std::chrono::duration_cast<Duration>(end - Monotonic::now());
      seat_.arm(std::min<Duration>(parting_silence, left));
      input_.consume(input_.view().size());
      const auto room = input_.room();
      const std::size_t size = co_await socket().async_read_some(asio::buffer(room.data(), room.size()), into(error));
      discarded += size;
    }
  }

  /// Wipes a body and gives its memory back.
  static void forget(std::string& body) {
    wipe(body);
    std::string{}.swap(body);
  }

  void note(std::string_view event, const error_code& error) {
    if (error == asio::error::eof || error == asio::error::operation_aborted) return;
    door_.log.debug(event, {{"peer", peer_}, {"reason", error.message()}});
  }

  Socket& socket() {
    if constexpr (is_tls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  IoThread& thread_;
  const Door& door_;
  Role role_;
  Guest guest_;
  std::string peer_;
  Stream stream_;
  Seat seat_{thread_, socket()};
  InputBuffer input_{max_head_size};
  std::string output_;
  std::size_t head_size_ = 0;
  const ErrorKind* refusal_ = nullptr;
};

Task<void> serve(std::unique_ptr<Visit<Socket>> visit) { co_await visit->run(); }

/// TLS keeps its context alive: a reload may drop the server's reference in the middle of a handshake.
Task<void> serve_tls(std::unique_ptr<Visit<TlsStream>> visit, TlsContext context) {
  co_await visit->run();
  visit.reset();
}

enum class Speech { tls, other, none };

/// What the client speaks, by the first byte, which stays where it is: 22 begins a TLS handshake (RFC 8446 §5.1).
Task<Speech> listen_to(Socket& socket, IoThread& thread, Duration patience) {
  constexpr unsigned char handshake = 22;
  Seat seat{thread, socket};
  seat.arm(patience);
  seat.set_idle(true);
  unsigned char first = 0;
  error_code error;
  const auto buffer = asio::buffer(&first, 1);
  co_await socket.async_receive(buffer, Socket::message_peek, into(error));
  if (error) co_return Speech::none;
  co_return first == handshake ? Speech::tls : Speech::other;
}

/// At the port that speaks TLS. Who speaks plain HTTP there, mostly by a mistyped address, is told so instead of being
/// cut off without a word.
Task<void> serve_secure(Guest guest, Socket socket, std::string peer, IoThread& thread, const Door& door) {
  const Speech speech = co_await listen_to(socket, thread, door.settings.header_timeout);
  if (speech == Speech::none) co_return;
  if (speech == Speech::other) {
    auto visit = std::make_unique<Visit<Socket>>(thread, door, Role::send_on, std::move(guest), std::move(peer),
                                                 std::move(socket));
    co_return co_await serve(std::move(visit));
  }
  TlsContext context = door.tls.get();
  auto visit = std::make_unique<Visit<TlsStream>>(thread, door, Role::tls, std::move(guest), std::move(peer),
                                                  std::move(socket), *context);
  co_await serve_tls(std::move(visit), std::move(context));
}

/// The end of a connection's coroutine; the only place where its exceptions can surface.
struct Farewell {
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

}  // namespace

void welcome(Guest guest, Socket socket, std::string peer, Role role, IoThread& thread, const Door& door) {
  const Farewell farewell{&door.log};
  if (role == Role::tls) {
    auto secure = serve_secure(std::move(guest), std::move(socket), std::move(peer), thread, door);
    asio::co_spawn(thread.context(), std::move(secure), farewell);
    return;
  }
  auto visit =
      std::make_unique<Visit<Socket>>(thread, door, role, std::move(guest), std::move(peer), std::move(socket));
  asio::co_spawn(thread.context(), serve(std::move(visit)), farewell);
}

}  // namespace cardea::edge
