#pragma once
// HTTP/2 on one TLS connection: what is read goes to the protocol (http2_protocol.hpp), each request to an exchange of
// its own (exchange.hpp), and what the protocol has to say is written, all on one thread. The limits are those of
// HTTP/1, per stream where there they are per connection.
//
// Three kinds of coroutines: one reads, one writes, and one serves each stream. Whatever happens to the connection,
// the reader ends last, when the others are done.

#include <array>
#include <exception>
#include <string>
#include <vector>

#include "edge/body_arrival.hpp"
#include "edge/exchange.hpp"
#include "edge/http2_protocol.hpp"
#include "edge/io_thread.hpp"
#include "edge/wakeup.hpp"

namespace cardea::edge {

class Http2Session final : private Retiring {
 public:
  /// `stream` has its handshake behind it.
  Http2Session(IoThread& thread, const ServerContext& server, ConnectionPermit permit, std::string peer,
               TlsStream stream);
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  [[nodiscard]] Task<void> run();

 private:
  using Instant = Monotonic::time_point;
  using Running = Http2Protocol::Running;

  Task<void> read();
  Task<void> write();
  Task<void> serve(Running stream, Instant arrived);

  /// Takes what was read; false when nothing more is to be.
  bool receive(std::string_view bytes);
  /// Judges the head and says where the request goes. An error: it is refused.
  std::optional<Error> plan(Exchange& exchange, Http2Stream& stream);
  Task<BodyArrival> read_body(Exchange& exchange, Http2Stream& stream);
  /// Moves what was received to the body, which pays for its memory as it grows. Absent: there is more to come.
  std::optional<BodyArrival> take_body(Exchange& exchange, Http2Stream& stream);
  Task<void> send(Exchange& exchange, Http2Stream& stream);
  /// Lets a client whose request was answered early go on for a while, as lingering_close does: there are those (curl
  /// 7.88) that lose the response when they are told at once to send no more.
  Task<void> discard_rest(Http2Stream& stream);
  /// Waits until all of `outgoing` is taken, if it is by `end`.
  Task<bool> deliver(Http2Stream& stream, Instant end);
  /// Until something about the stream changes, the connection ends, or `end`.
  Task<void> wait(Http2Stream& stream, Instant end);
  [[nodiscard]] bool is_gone(const Http2Stream& stream) const { return stream.is_closed || !is_reading_; }

  /// Moves frames to the output, as many as it may hold.
  void fill();
  /// The same, and wakes the writer.
  void pump();
  /// After whatever may change what the connection waits for.
  void update();
  /// When a coroutine is done.
  void settle(std::exception_ptr failure);
  void retire() override;
  /// Nothing can be read or written any more.
  void cancel();

  IoThread& thread_;
  const ServerContext& server_;
  ConnectionPermit permit_;
  std::string peer_;
  TlsStream stream_;
  Connection connection_{thread_, stream_.next_layer(), peer_};
  Http2Protocol protocol_{Monotonic::now()};
  std::array<char, 4 * 1024> input_;
  std::string output_;  // to be written
  std::string writing_;
  Wakeup writer_{thread_.executor()};
  Wakeup ended_{thread_.executor()};  // for the reader
  std::size_t exchanges_ = 0;
  std::vector<Timer*> waits_;  // of streams
  std::exception_ptr failure_;
  Instant arrived_ = {};  // the first byte of the latest head
  std::uint64_t heads_ = 0;  // with that one
  Instant idle_end_;
  Instant head_end_ = {};
  Instant write_end_ = {};
  bool has_writer_ = false;
  bool is_writing_ = false;
  bool is_reading_ = true;
  bool lingers_ = false;  // the other side has something to read, and may be writing
  bool is_draining_ = false;  // the other side was told to ask for no more
};

}  // namespace cardea::edge
