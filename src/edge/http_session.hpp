#pragma once
// HTTP/1.1 and 1.0 on one connection: heads, framing, deadlines, keep-alive, one write per response or piece. What a
// request means and who answers it is the exchange's (exchange.hpp). Included by start_session.cpp alone.

#include <array>
#include <optional>
#include <span>

#include "edge/body_arrival.hpp"
#include "edge/closing.hpp"
#include "edge/content.hpp"
#include "edge/delivery_budget.hpp"
#include "edge/exchange.hpp"
#include "edge/head_parser.hpp"
#include "edge/paid_room.hpp"
#include "edge/request_head.hpp"
#include "edge/response_text.hpp"
#include "http/problem.hpp"

namespace cardea::edge {

inline constexpr std::size_t kept_output = 4 * 1024;  // bytes an idle connection keeps for its next response
inline constexpr std::size_t body_step = 16 * 1024;  // bytes per read of a body

/// What a session does with requests.
enum class Answers {
  requests,
  redirect,  // tells each to come by TLS
};

/// One connection's coroutine and its state. `Stream` is Socket, or TlsStream with its handshake behind it.
template <class Stream>
class HttpSession {
 public:
  HttpSession(IoThread& thread, const ServerContext& server, Answers answers, ConnectionPermit permit, std::string peer,
              Stream stream)
      : thread_(thread),
        server_(server),
        answers_(answers),
        permit_(std::move(permit)),
        peer_(std::move(peer)),
        stream_(std::move(stream)) {
    input_share_.belongs_to(connection_.network(), {});
  }
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  Task<void> run() {
    connection_.expires_after(server_.settings.header_timeout);
    if constexpr (!is_tls) {
      error_code ignored;  // then each response waits until it is taken
      stream_.non_blocking(true, ignored);
    }
    Next next = Next::request;
    for (;;) {
      // What comes whole and is answered at once takes no coroutine but this one.
      begin_head();
      std::optional<Arrival> arrival = look_at_head();
      while (!arrival) {
        error_code error;
        const auto room = asio::buffer(room_.data(), room_.size());
        const std::size_t size = co_await stream_.async_read_some(room, into(error));
        arrival = take_input(size, error);
        if (!arrival) arrival = look_at_head();
      }
      if (*arrival == Arrival::gone) co_return;
      const auto exchange = std::make_unique<Exchange>(server_, thread_.executor(), server_.clock.now());
      const Progress progress = serve_at_once(*exchange, *arrival);
      next = progress.next.value_or(Next::drop);
      if (!progress.next) next = co_await serve_on(*exchange, progress);
      if (next != Next::request) break;
      connection_.expires_after(server_.settings.idle_timeout);
    }
    if (next == Next::close) {
      input_.consume(input_.view().size());
      co_await lingering_close(stream_, connection_, server_, input_.room());
    }
    if (next == Next::reset) edge::reset(socket_of(stream_));
  }

 private:
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

  enum class Arrival { head, refused, gone };
  /// What becomes of the connection.
  enum class Next {
    request,
    close,  // after a response that is to be read
    drop,  // nobody reads any more, or the client is to notice that the response is not whole
    reset,  // the same, where the end of the connection would be taken for the end of the response
  };

  /// How far a request has come.
  struct Progress {
    enum class Left { body, answer, sending };
    Left left;
    Verdict verdict = {};
    Ending ending = {};  // of what is left to send
    std::optional<Next> next = {};  // nothing is left
  };
  using Left = typename Progress::Left;

  /// Serves a request whose head is there, or refused, as far as that goes without waiting.
  Progress serve_at_once(Exchange& exchange, Arrival arrival) {
    exchange.request().arrived = arrived_;
    const Verdict verdict = arrival == Arrival::head ? understand(exchange.request()) : Verdict{.refusal = refusal_};
    if (verdict.refusal != nullptr) return refuse(exchange, *verdict.refusal);
    input_.consume(head_size_);
    if (answers_ == Answers::redirect) {
      exchange.redirect_to_tls();
      return send_at_once(exchange, {.keep_alive = false});
    }
    const auto length = verdict.is_chunked ? std::nullopt : std::optional{verdict.content_length};
    if (const std::optional<Error> refusal = exchange.plan(length)) return refuse(exchange, *refusal);
    if (verdict.is_chunked || verdict.content_length > 0) return {.left = Left::body, .verdict = verdict};
    return answer_at_once(exchange, verdict);
  }

  /// Goes on from there.
  Task<Next> serve_on(Exchange& exchange, Progress progress) {
    if (progress.left == Left::body) {
      std::optional<Error> refusal;
      if (exchange.is_unsure()) refusal = co_await exchange.confirm();
      if (!refusal) {
        const BodyArrival body = co_await receive_body(exchange, progress.verdict);
        if (body == BodyArrival::gone) co_return Next::drop;
        if (body != BodyArrival::whole) refusal = reason_of(body);
      }
      progress = refusal ? refuse(exchange, *refusal) : answer_at_once(exchange, progress.verdict);
    }
    if (progress.left == Left::answer) {
      co_await exchange.go_on();
      progress = send_at_once(exchange, ending_of(progress.verdict));
    }
    if (progress.next) co_return *progress.next;
    co_return co_await send_rest(exchange, progress.ending);
  }

  /// Answers a request that gets no further and ends the connection: what follows may not be a request.
  Progress refuse(Exchange& exchange, const Error& error) {
    exchange.refuse(error);
    return send_at_once(exchange, {.keep_alive = false});
  }

  /// Answers a request that is there with its body.
  Progress answer_at_once(Exchange& exchange, const Verdict& verdict) {
    connection_.expires_never();
    if (!exchange.answer_at_once()) return {.left = Left::answer, .verdict = verdict};
    return send_at_once(exchange, ending_of(verdict));
  }

  [[nodiscard]] Ending ending_of(const Verdict& verdict) const {
    return {.keep_alive = verdict.keep_alive && !thread_.is_retiring(), .takes_chunks = verdict.is_http_1_1};
  }

  void begin_head() {
    if (input_.shrink()) input_share_.give_back();
    if (!input_.empty()) arrived_ = Monotonic::now();  // it came with the request before
    has_begun_ = false;
    head_size_ = 0;
  }

  /// Whether the input begins with a complete head, of `head_size_` bytes. Absent: more is to be read into `room_`.
  std::optional<Arrival> look_at_head() {
    const Scan scan = scan_head(input_.view(), head_size_);
    head_size_ = scan.at;
    if (scan.state == Scan::State::complete) return Arrival::head;
    if (scan.state == Scan::State::malformed) return refused(http::malformed_request);
    if (input_.full()) return refused(http::headers_too_large);
    if (input_.empty() && thread_.is_retiring()) return Arrival::gone;
    if (!input_.empty() && !has_begun_) {
      has_begun_ = true;
      connection_.expires_after(server_.settings.header_timeout);
    }
    room_ = paid_room(input_, input_share_);
    if (room_.empty()) return refused(overloaded);
    connection_.set_waiting(input_.empty() ? Connection::Waiting::for_request : Connection::Waiting::for_head);
    return std::nullopt;
  }

  /// What a read into `room_` came to. Absent: it brought something.
  std::optional<Arrival> take_input(std::size_t size, const error_code& error) {
    connection_.set_waiting(Connection::Waiting::no);
    if (error && connection_.has_expired() && !input_.empty()) return refused(http::request_timeout);
    if (error) {
      log_end(server_, peer_, "edge.connection_ended", error);
      return Arrival::gone;
    }
    if (input_.empty()) arrived_ = Monotonic::now();
    input_.received(size);
    return std::nullopt;
  }

  Arrival refused(const ErrorKind& kind) {
    refusal_ = &kind;
    return Arrival::refused;
  }

  /// Parses and judges the head at the front of the input.
  Verdict understand(http::Request& request) {
    HeadParser parser{request.headers};
    if (const ErrorKind* refusal = parser.parse(input_.view().substr(0, head_size_))) return {.refusal = refusal};
    request.peer = peer_;
    request.secure = is_tls;
    return read_request_head(
        {.method = parser.method(), .target = parser.target(), .version = parser.version(), .fields = request.headers},
        request);
  }

  /// Reads the body that `verdict` announces, or drops what comes of it.
  Task<BodyArrival> receive_body(Exchange& exchange, Verdict verdict) {
    BodyArrival arrival = BodyArrival::whole;
    if (verdict.is_chunked) {
      arrival = co_await read_chunks(exchange, verdict);
    } else {
      arrival = co_await read_body(exchange, verdict);
    }
    if (arrival != BodyArrival::whole) exchange.drop_body();
    co_return arrival;
  }

  /// Reads a body of known length; it pays for its memory as it arrives, for an announcement costs the
  /// client nothing.
  Task<BodyArrival> read_body(Exchange& exchange, Verdict verdict) {
    const std::size_t length = verdict.content_length;
    std::string& body = exchange.request().body;
    connection_.expires_after(server_.settings.body_timeout + slowest_time(length));
    body.reserve(std::min(length, begun_body));
    const std::size_t here = std::min(length, input_.view().size());
    body.append(input_.view().substr(0, here));
    input_.consume(here);
    error_code error;
    if (verdict.expects_continue && body.size() < length) error = co_await invite();
    while (!error && body.size() < length) {
      if (body.size() == body.capacity() && !exchange.make_room(length)) co_return BodyArrival::no_memory;
      const std::size_t have = body.size();
      // Within the capacity: of a string that grows by itself, unwiped copies would stay.
      body.resize(std::min({length, have + body_step, body.capacity()}));
      const auto room = asio::buffer(body.data() + have, body.size() - have);
      const std::size_t size = co_await stream_.async_read_some(room, into(error));
      body.resize(have + size);
    }
    co_return error ? incomplete(error) : BodyArrival::whole;
  }

  /// Reads a body that comes in chunks, up to the route's limit and within the time that so much may take: its length
  /// is known at its end only.
  Task<BodyArrival> read_chunks(Exchange& exchange, Verdict verdict) {
    const std::size_t limit = exchange.body_limit();
    ChunkDecoder decoder{limit};
    connection_.expires_after(server_.settings.body_timeout + slowest_time(limit));
    exchange.request().body.reserve(std::min(limit, begun_body));
    error_code error;
    bool is_invited = !verdict.expects_continue;
    for (;;) {
      const std::optional<BodyArrival> end = take_chunks(exchange, input_, decoder);
      if (end) co_return *end;
      if (!is_invited) error = co_await invite();
      is_invited = true;
      if (error) co_return incomplete(error);
      const auto room = paid_room(input_, input_share_);
      if (room.empty()) co_return BodyArrival::no_memory;
      const std::size_t size = co_await stream_.async_read_some(asio::buffer(room.data(), room.size()), into(error));
      input_.received(size);
    }
  }

  /// Tells a client that waits for it to go on with its body (RFC 9110 §10.1.1).
  Task<error_code> invite() {
    const std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code error;
    co_await asio::async_write(stream_, asio::buffer(go_on), into(error));
    co_return error;
  }

  /// What to say of a body that stopped arriving.
  BodyArrival incomplete(const error_code& error) {
    const bool is_late = connection_.has_expired();
    log_end(server_, peer_, "edge.body_incomplete", error);
    return is_late ? BodyArrival::late : BodyArrival::gone;
  }

  /// Sends the exchange's response, a text in one write with its head, as far as that goes without waiting: that is all
  /// for a text that the socket has room for. `ending` says how the connection goes on; the rest of it is set here.
  Progress send_at_once(Exchange& exchange, Ending ending) {
    ending.is_head = exchange.request().method == http::Method::head;
    ending.date = thread_.date().at(exchange.now());
    output_.clear();
    written_ = 0;
    if (!append_head(output_, exchange.response(), ending)) {
      exchange.replace_response();
      if (!append_head(output_, exchange.response(), ending)) return {.left = Left::sending, .next = Next::drop};
    }
    Progress progress{.left = Left::sending, .ending = ending};
    if (exchange.stream() != nullptr) return progress;
    rest_ = place_text(exchange);
    if constexpr (!is_tls) {
      error_code ignored;  // whatever is wrong, send_rest() meets it too
      written_ =
          rest_.empty() ? stream_.write_some(asio::buffer(output_), ignored) : stream_.write_some(unwritten(), ignored);
      if (written_ == output_.size() + rest_.size()) progress.next = sent(ending);
    }
    return progress;
  }

  Task<Next> send_rest(Exchange& exchange, const Ending& ending) {
    const BodyEnd end = body_end(exchange.response(), ending);
    bool is_sent = false;
    if (exchange.stream() != nullptr) {
      is_sent = co_await send_stream(exchange, end);
    } else {
      error_code error;
      connection_.expires_after(server_.settings.write_timeout);
      co_await asio::async_write(stream_, unwritten(), into(error));
      if (error) log_end(server_, peer_, "edge.response_not_taken", error);
      is_sent = !error;
    }
    const Next next = sent(ending);
    if (!is_sent) co_return end == BodyEnd::close ? Next::reset : Next::drop;
    co_return next;
  }

  Next sent(const Ending& ending) {
    if (output_.capacity() > kept_output) std::string{}.swap(output_);
    return ending.keep_alive ? Next::request : Next::close;
  }

  /// What is left of a head and its text.
  [[nodiscard]] std::array<asio::const_buffer, 2> unwritten() const {
    const std::size_t of_head = std::min(written_, output_.size());
    return {asio::buffer(output_) + of_head, asio::buffer(rest_) + (written_ - of_head)};
  }

  /// Puts a small text beside its head, and returns a large one, which stays where it is so that it is there once.
  std::string_view place_text(Exchange& exchange) {
    if (!sends_body(exchange.response(), exchange.request().method)) {
      exchange.drop_response_body();
      return {};
    }
    const std::string& text = exchange.response().body.text();
    if (text.size() > small_body) return text;
    output_ += text;
    return {};
  }

  /// Sends the head in `output_` and a body piece by piece, each made when the one before is taken, so that one is in
  /// memory. False when the client is gone or the body cannot be completed.
  Task<bool> send_stream(Exchange& exchange, BodyEnd end) {
    const BodyStream& stream = *exchange.stream();
    DeliveryBudget budget{server_.settings.write_timeout};
    for (;;) {
      const std::string_view tail = end == BodyEnd::chunks ? frame_chunk(stream) : std::string_view{};
      const std::array<asio::const_buffer, 3> parts{asio::buffer(output_), asio::buffer(stream.piece()),
                                                    asio::buffer(tail)};
      error_code error;
      connection_.expires_after(budget.for_next(stream.piece().size()));
      const Monotonic::time_point begun = Monotonic::now();
      co_await asio::async_write(stream_, parts, into(error));
      budget.spend(std::chrono::duration_cast<Duration>(Monotonic::now() - begun));
      if (error) log_end(server_, peer_, "edge.response_not_taken", error);
      if (error || stream.is_complete()) co_return !error;
      output_.clear();
      connection_.expires_never();
      const bool is_made = co_await exchange.pull();
      if (!is_made) co_return false;
    }
  }

  /// Puts the chunk's head behind what is in `output_`, and returns what goes behind the piece.
  std::string_view frame_chunk(const BodyStream& stream) {
    if (stream.piece().empty()) return empty_chunk;  // at the end alone
    append_chunk_head(output_, stream.piece().size());
    return stream.is_complete() ? last_chunk_end : chunk_end;
  }

  IoThread& thread_;
  const ServerContext& server_;
  Answers answers_;
  ConnectionPermit permit_;
  std::string peer_;
  Stream stream_;
  Connection connection_{thread_, socket_of(stream_), peer_};
  InputBuffer input_{max_head_size};
  BodyShare input_share_{server_.body_memory};  // what input_ has grown to
  std::string output_;
  std::string_view rest_;  // a text that stays in its response; goes behind `output_`
  std::size_t written_ = 0;  // of both
  std::size_t head_size_ = 0;  // of the present one, as far as it was looked at
  bool has_begun_ = false;  // some of a head is there
  std::span<char> room_;  // for the next read
  Monotonic::time_point arrived_ = {};  // the first byte of the present head
  const ErrorKind* refusal_ = nullptr;
};

}  // namespace cardea::edge
