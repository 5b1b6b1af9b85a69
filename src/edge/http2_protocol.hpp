#pragma once
// HTTP/2 (RFC 9113) without sockets, by nghttp2: bytes in, requests out; responses in, frames out.
//
// Never: what a request means, deadlines, the memory of bodies. Those belong to http2_session, which is woken by its
// streams (http2_stream.hpp) and says when it has used what was received.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edge/http2_stream.hpp"
#include "edge/http2_watch.hpp"
#include "http/message.hpp"

struct nghttp2_session;

namespace cardea::edge {

inline constexpr std::size_t max_streams = 100;  // requests of a connection at one time, cancelled ones included
inline constexpr std::size_t max_heads = 128 * 1024;  // bytes of their heads together

/// One connection, of a server. Used by one thread.
class Http2Protocol {
 public:
  /// Forgets a stream when its server is done with it.
  struct Finish {
    Http2Protocol* protocol;
    void operator()(Http2Stream* stream) const {
      protocol->finish(*stream);
      delete stream;
    }
  };
  using Running = std::unique_ptr<Http2Stream, Finish>;

  explicit Http2Protocol(Http2Watch::Instant now);
  ~Http2Protocol();
  Http2Protocol(const Http2Protocol&) = delete;
  Http2Protocol& operator=(const Http2Protocol&) = delete;

  /// Takes what was received. False when nothing more is to be read: next_frame() says why to the other end.
  [[nodiscard]] bool receive(std::string_view bytes, Http2Watch::Instant now);
  /// The streams whose heads are complete since the last call; the protocol outlives them.
  [[nodiscard]] std::vector<Running> take_started() { return std::exchange(started_, {}); }
  /// So much of what a stream received is used: the client may send that much more.
  void consume(const Http2Stream& stream, std::size_t size);

  /// 100 Continue.
  void invite(const Http2Stream& stream);
  enum class Body { none, outgoing };  // nothing, or what is put into `outgoing`
  /// Begins the response, which is sendable (content.hpp). `date` is the field's value.
  void respond(const Http2Stream& stream, const http::Response& response, std::string_view date, Body body);
  /// Goes on with a body, after more was put into `outgoing`.
  void resume(const Http2Stream& stream);
  enum class Reset { not_needed, cancelled, failed };  // NO_ERROR, CANCEL, INTERNAL_ERROR
  /// Ends a stream that is not closed.
  void reset(const Http2Stream& stream, Reset why);
  /// Takes no more streams, and says so: GOAWAY with the last one.
  void go_away();
  /// The next frame to be sent, whole, or nothing; a view until the next call.
  [[nodiscard]] std::string_view next_frame();

  /// True when neither side has anything more to say.
  [[nodiscard]] bool is_done() const;

  /// Streams that were begun and are not finished.
  [[nodiscard]] std::size_t running() const { return running_; }
  [[nodiscard]] const Http2Watch& watch() const { return watch_; }
  /// Why the connection ended, for the log; empty: in peace.
  [[nodiscard]] std::string_view problem() const { return problem_; }

 private:
  friend struct Http2Callbacks;

  void finish(Http2Stream& stream);
  /// Ends the connection, whatever state nghttp2 is in.
  void end(std::uint32_t code, std::string_view problem);
  [[nodiscard]] Http2Stream* find(std::int32_t id) const;

  Http2Watch watch_;
  nghttp2_session* session_ = nullptr;
  std::unique_ptr<Http2Stream> arriving_;  // its head is not complete yet
  std::vector<Running> started_;
  std::size_t running_ = 0;
  std::size_t heads_ = 0;  // bytes
  std::size_t unpacked_ = 0;  // bytes of the present field block
  std::string last_frame_;  // GOAWAY of our own making
  bool is_said_ = false;  // it was handed out
  bool is_over_ = false;
  std::string_view problem_;
};

}  // namespace cardea::edge
