#pragma once
// One request and its response, whatever carries them: plan → confirm → body → lane → answer, and the pieces of a
// response that a producer makes. The one place of edge that speaks with the pipeline.
//
// Never: the bytes of a protocol, sockets, deadlines. Those belong to a session (http_session), which fills the
// request, asks before it reads a body, and sends what the response turns out to be.

#include <optional>
#include <string_view>

#include "edge/body_stream.hpp"
#include "edge/server_context.hpp"
#include "http/message.hpp"

namespace cardea::edge {

/// Used by the coroutines of one I/O thread. Holds its part of the memory of bodies until it goes, so it goes when the
/// response is sent.
class Exchange final {
 public:
  Exchange(const ServerContext& server, Executor home, Time now);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  /// Each thread keeps the memory of one for its next: it is too large for the quick part of malloc.
  static void* operator new(std::size_t size);
  static void operator delete(void* place) noexcept;

  /// The session's to fill. The body is wiped once it is answered.
  [[nodiscard]] http::Request& request() { return request_; }
  [[nodiscard]] Time now() const { return now_; }

  // An error of these two: the request is to be refused with it, its body unread.
  /// Decides, from a request whose head is complete, where it goes and whether a body of `length` bytes may be read. A
  /// body of unknown length counts as the longest that the route takes.
  [[nodiscard]] std::optional<Error> plan(std::optional<std::size_t> length);
  /// Bytes that a body may have, after plan().
  [[nodiscard]] std::size_t body_limit() const { return http::body_limit_of(plan_); }
  /// True when only the database can tell whether the caller may send so large a body: confirm() before it is read.
  [[nodiscard]] bool is_unsure() const { return is_large_ && to_handle() != nullptr && to_handle()->is_unsure; }
  [[nodiscard]] Task<std::optional<Error>> confirm();

  /// Bodies are paid for from the first byte, though they are small: there are many on one connection.
  void pay_for_small() { free_ = 0; }
  /// More room for a body that will have `length` bytes. False when there is no memory left for it.
  [[nodiscard]] bool make_room(std::size_t length);
  /// Wipes what there is of a body that does not come whole, and gives its memory back.
  void drop_body();

  // Each of these makes the response.
  /// Answers the complete request, on its lane. Where a producer makes the body, its first piece is there too.
  [[nodiscard]] Task<void> answer();
  /// The same in two steps, the first of which is mostly all and no coroutine: false when go_on() is to follow.
  [[nodiscard]] bool answer_at_once();
  [[nodiscard]] Task<void> go_on();
  /// For a request that got no plan, lane or body.
  void refuse(const Error& error);
  /// For a request that came over plain HTTP where TLS belongs.
  void redirect_to_tls();
  /// Instead of a response that its protocol cannot carry.
  void replace_response();

  [[nodiscard]] const http::Response& response() const { return response_; }
  /// Keeps nothing of a body that is not sent, nor the producer that would make it.
  void drop_response_body() { response_.body = {}; }
  /// Null, or the response's body as far as it is made: its producer's first piece.
  [[nodiscard]] BodyStream* stream() { return stream_ ? &*stream_ : nullptr; }
  /// Makes the next piece of stream(). False, and logged, when the body will never be complete.
  [[nodiscard]] Task<bool> pull();

 private:
  [[nodiscard]] const http::Handle* to_handle() const { return std::get_if<http::Handle>(&plan_); }
  [[nodiscard]] std::optional<Error> planned_refusal() const;
  /// Says whose memory the bodies take, as far as it is known.
  void own_share();
  /// On whose account the request takes its turns.
  [[nodiscard]] Share share() const;
  void forget_request_body();
  [[nodiscard]] bool fits();
  /// What is to be done with a response that was just made. True when it is whole: no producer has to begin.
  [[nodiscard]] bool settle();

  const ServerContext& server_;
  Executor home_;
  Time now_;
  http::Request request_;
  http::Plan plan_ = http::Redirect{};  // until there is one
  Pool* pool_ = nullptr;  // of the lane on which it is answered
  bool is_large_ = false;  // has a body of more than small_body
  std::size_t free_ = small_body;  // bytes of a body that need no share
  BodyShare share_;
  http::Response response_;
  std::optional<BodyStream> stream_;  // of the producer in response_
};

}  // namespace cardea::edge
