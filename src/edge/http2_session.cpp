#include "edge/http2_session.hpp"

#include "base/secret.hpp"
#include "edge/chunked.hpp"
#include "edge/closing.hpp"
#include "edge/content.hpp"
#include "edge/delivery_budget.hpp"
#include "http/problem.hpp"

namespace cardea::edge {
namespace {

constexpr std::size_t most_output = 32 * 1024;  // bytes, and a frame more; twice that while some of it is written
constexpr std::size_t kept_buffer = 4 * 1024;   // bytes an idle connection keeps
constexpr std::size_t free_streams = 4;  // so many at one time have small bodies for nothing, as over HTTP/1 one has

/// Counts as long as it lives.
struct Counted {
  explicit Counted(std::size_t& count_) : count(count_) { ++count; }
  ~Counted() { --count; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  std::size_t& count;
};

bool takes_no_body(const http::Request& request) {
  return request.method == http::Method::get || request.method == http::Method::head;
}

}  // namespace

Http2Session::Http2Session(IoThread& thread, const ServerContext& server, ConnectionPermit permit, std::string peer,
                           TlsStream stream)
    : thread_(thread),
      server_(server),
      permit_(std::move(permit)),
      peer_(std::move(peer)),
      stream_(std::move(stream)),
      idle_end_(Monotonic::now() + server.settings.header_timeout) {}

Task<void> Http2Session::run() {
  connection_.tell(*this);
  has_writer_ = true;
  asio::co_spawn(thread_.executor(), write(), [this](std::exception_ptr failure) {
    has_writer_ = false;
    settle(failure);
  });
  try {
    co_await read();
  } catch (...) {
    failure_ = std::current_exception();
  }
  is_reading_ = false;
  update();
  writer_.wake();
  for (Timer* wait : waits_) wait->cancel();
  while (has_writer_ || protocol_.running() > 0) co_await ended_.wait();
  if (!protocol_.problem().empty()) {
    server_.misbehaved.add();
    server_.log.info("edge.http2_ended", {{"peer", peer_}, {"reason", protocol_.problem()}});
  }
  if (failure_) std::rethrow_exception(failure_);
  if (lingers_) co_await lingering_close(stream_, connection_, server_, input_);
}

Task<void> Http2Session::read() {
  pump();
  for (;;) {
    if (thread_.is_retiring()) retire();
    update();
    error_code error;
    const std::size_t size = co_await stream_.async_read_some(asio::buffer(input_), into(error));
    if (error) {
      log_end(server_, peer_, "edge.connection_ended", error);
      lingers_ = protocol_.is_done();
      if (error == asio::error::operation_aborted) retire();  // idle for too long, or to make room
      co_return;
    }
    const bool goes_on = receive({input_.data(), size});
    wipe(input_.data(), size);
    pump();
    lingers_ = !goes_on;
    if (!goes_on) co_return;
  }
}

bool Http2Session::receive(std::string_view bytes) {
  const Instant now = Monotonic::now();
  const bool was_in_head = protocol_.watch().is_in_head();
  Instant arrived = was_in_head ? arrived_ : now;
  const bool goes_on = protocol_.receive(bytes, now);
  if (protocol_.watch().heads() != heads_) {
    heads_ = protocol_.watch().heads();
    arrived_ = now;
    head_end_ = now + server_.settings.header_timeout;
  }
  std::vector<Running> started = protocol_.take_started();
  if (!goes_on) return false;
  for (Running& stream : started) {
    const auto settled = [this](std::exception_ptr failure) { settle(failure); };
    asio::co_spawn(thread_.executor(), serve(std::move(stream), arrived), settled);
    arrived = now;
  }
  return true;
}

Task<void> Http2Session::write() {
  for (;;) {
    fill();
    if (output_.empty()) {
      if (!is_reading_) co_return;
      if (protocol_.is_done()) cancel();
      co_await writer_.wait();
      continue;
    }
    writing_.swap(output_);
    is_writing_ = true;
    write_end_ = Monotonic::now() + server_.settings.write_timeout;
    update();
    error_code error;
    co_await asio::async_write(stream_, asio::buffer(writing_), into(error));
    is_writing_ = false;
    writing_.clear();
    if (writing_.capacity() > kept_buffer) std::string{}.swap(writing_);
    if (error) {
      log_end(server_, peer_, "edge.response_not_taken", error);
      error_code ignored;
      stream_.next_layer().close(ignored);
      co_return;
    }
    update();
  }
}

Task<void> Http2Session::serve(Running stream, Instant arrived) {
  std::optional<Exchange> present{std::in_place, server_, thread_.executor(), server_.clock.now()};
  Exchange& exchange = *present;
  exchange.request().arrived = arrived;
  const Counted counted{exchanges_};
  if (exchanges_ > free_streams) exchange.pay_for_small();
  std::optional<Error> refusal = plan(exchange, *stream);
  if (!refusal && exchange.is_unsure()) refusal = co_await exchange.confirm();
  if (!refusal) {
    std::optional<BodyArrival> body = take_body(exchange, *stream);
    if (!body) body = co_await read_body(exchange, *stream);
    if (body != BodyArrival::whole) {
      exchange.drop_body();
      refusal = reason_of(*body);
    }
  }
  if (is_gone(*stream)) co_return;
  if (refusal) {
    exchange.refuse(*refusal);
  } else {
    co_await exchange.answer();
  }
  if (!is_gone(*stream)) co_await send(exchange, *stream);
  stream->is_taken = true;  // whatever is left of the response goes now
  present.reset();
  if (!stream->is_whole && !is_gone(*stream)) co_await discard_rest(*stream);
}

std::optional<Error> Http2Session::plan(Exchange& exchange, Http2Stream& stream) {
  http::Request& request = exchange.request();
  request.peer = peer_;
  request.secure = true;
  const Verdict verdict = stream.head.read_into(request);
  if (verdict.refusal != nullptr) return Error{*verdict.refusal};
  std::optional<std::size_t> length;
  if (request.headers.has("Content-Length") || takes_no_body(request)) {
    length = verdict.content_length;  // nghttp2 sees to it that there are as many (§8.1.1)
  } else if (stream.is_whole) {
    length = stream.received.size();
  }
  std::optional<Error> refusal = exchange.plan(length);
  stream.body_limit = length.value_or(exchange.body_limit());
  stream.expects_continue = verdict.expects_continue;
  return refusal;
}

std::optional<BodyArrival> Http2Session::take_body(Exchange& exchange, Http2Stream& stream) {
  std::string& body = exchange.request().body;
  const std::size_t size = stream.received.size();
  if (size > stream.body_limit - body.size()) {
    return takes_no_body(exchange.request()) ? BodyArrival::malformed : BodyArrival::too_large;
  }
  // Within the capacity: of a string that grows by itself, unwiped copies would stay.
  while (body.capacity() - body.size() < size) {
    if (!exchange.make_room(stream.body_limit)) return BodyArrival::no_memory;
  }
  if (size > 0) {
    body.append(stream.received);
    wipe(stream.received);
    std::string{}.swap(stream.received);
    protocol_.consume(stream, size);
  }
  if (stream.trailers > max_trailers) return BodyArrival::malformed;
  if (stream.is_whole) return BodyArrival::whole;
  return is_gone(stream) ? std::optional{BodyArrival::gone} : std::nullopt;
}

Task<BodyArrival> Http2Session::read_body(Exchange& exchange, Http2Stream& stream) {
  const Instant end = Monotonic::now() + server_.settings.body_timeout + slowest_time(stream.body_limit);
  if (stream.expects_continue && exchange.request().body.empty()) protocol_.invite(stream);
  for (;;) {
    pump();  // the client may send as much more
    co_await wait(stream, end);
    const std::optional<BodyArrival> arrival = take_body(exchange, stream);
    if (arrival) co_return *arrival;
    if (Monotonic::now() >= end) co_return BodyArrival::late;
  }
}

Task<void> Http2Session::send(Exchange& exchange, Http2Stream& stream) {
  if (!is_sendable(exchange.response())) exchange.replace_response();
  const http::Response& response = exchange.response();
  const bool has_body = sends_body(response, exchange.request().method) && !response.body.empty();
  protocol_.respond(stream, response, thread_.date().at(exchange.now()),
                    has_body ? Http2Protocol::Body::outgoing : Http2Protocol::Body::none);
  DeliveryBudget budget{server_.settings.write_timeout};
  while (has_body) {
    const BodyStream* pieces = exchange.stream();
    stream.outgoing = pieces != nullptr ? std::string_view{pieces->piece()} : response.body.text();
    stream.is_last = pieces == nullptr || pieces->is_complete();
    stream.is_taken = false;
    const Instant begun = Monotonic::now();
    protocol_.resume(stream);
    pump();
    if (!stream.is_taken) {
      const bool is_taken = co_await deliver(stream, begun + budget.for_next(stream.outgoing.size()));
      if (!is_taken) co_return;
      budget.spend(std::chrono::duration_cast<Duration>(Monotonic::now() - begun));
    }
    if (stream.is_last) break;
    const bool is_made = co_await exchange.pull();
    if (is_gone(stream)) co_return;
    if (!is_made) {
      protocol_.reset(stream, Http2Protocol::Reset::failed);
      break;
    }
  }
  pump();
}

Task<void> Http2Session::discard_rest(Http2Stream& stream) {
  const Instant end = Monotonic::now() + server_.settings.body_timeout;
  for (std::size_t discarded = 0; discarded < most_discarded && !stream.is_whole && !is_gone(stream);) {
    discarded += stream.received.size();
    protocol_.consume(stream, stream.received.size());
    wipe(stream.received);
    pump();
    co_await wait(stream, std::min<Instant>(end, Monotonic::now() + lingering_silence));
    if (stream.received.empty() || Monotonic::now() >= end) break;
  }
  if (!stream.is_whole && !is_gone(stream)) protocol_.reset(stream, Http2Protocol::Reset::not_needed);
  pump();
}

Task<bool> Http2Session::deliver(Http2Stream& stream, Instant end) {
  while (!stream.is_taken) {
    if (is_gone(stream)) co_return false;
    if (Monotonic::now() >= end) {
      log_end(server_, peer_, "edge.response_not_taken", asio::error::timed_out);
      protocol_.reset(stream, Http2Protocol::Reset::cancelled);
      pump();
      co_return false;
    }
    co_await wait(stream, end);
  }
  co_return true;
}

Task<void> Http2Session::wait(Http2Stream& stream, Instant end) {
  if (!is_reading_) co_return;
  Timer timer{thread_.executor(), end};
  waits_.push_back(&timer);
  stream.on_change = [&timer] { timer.cancel(); };
  error_code ignored;
  co_await timer.async_wait(into(ignored));
  stream.on_change = nullptr;
  std::erase(waits_, &timer);
}

void Http2Session::fill() {
  while (output_.size() < most_output) {
    const std::string_view frame = protocol_.next_frame();
    if (frame.empty()) return;
    output_ += frame;
  }
}

void Http2Session::pump() {
  fill();
  writer_.wake();
}

void Http2Session::update() {
  using Waiting = Connection::Waiting;
  const bool is_in_head = protocol_.watch().is_in_head();
  const bool is_idle = protocol_.running() == 0;
  Instant end = is_writing_ ? write_end_ : Instant::max();
  if (is_reading_ && is_in_head) {
    end = std::min(end, head_end_);
  } else if (is_reading_ && is_idle) {
    end = std::min(end, idle_end_);
  }
  connection_.expires_at(end);
  const bool may_end = is_reading_ && is_idle && !is_writing_ && output_.empty();
  connection_.set_waiting(!may_end ? Waiting::no : is_in_head ? Waiting::for_head : Waiting::for_request);
}

void Http2Session::settle(std::exception_ptr failure) {
  if (failure) {
    failure_ = failure;
    cancel();
  }
  if (protocol_.running() == 0) idle_end_ = Monotonic::now() + server_.settings.idle_timeout;
  update();
  writer_.wake();
  if (!is_reading_) ended_.wake();
}

void Http2Session::retire() {
  if (std::exchange(is_draining_, true)) return;
  try {
    protocol_.go_away();
    pump();
  } catch (const std::bad_alloc&) {
    cancel();
  }
}

void Http2Session::cancel() {
  error_code ignored;
  stream_.next_layer().cancel(ignored);
}

}  // namespace cardea::edge
