// libraries: edge
// Whatever frames arrive, and however reads cut them: requests stay within their limits, every stream that was begun
// can be answered, and what is sent is whole frames. Behind the preface and settings, which are given; the first byte
// says how the rest is cut.

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "edge/content.hpp"
#include "edge/http2_protocol.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/http2_frames.hpp"

using cardea::fuzz::require;

namespace {

namespace edge = cardea::edge;
namespace h2 = cardea::testing_support::http2;

/// A server that answers each request with its own body, as it comes.
class Server {
 public:
  void receive(std::string_view bytes) {
    goes_on_ = protocol_.receive(bytes, now_);
    now_ += std::chrono::milliseconds{1};
    for (auto& stream : protocol_.take_started()) begin(std::move(stream));
    for (auto& stream : streams_) take_body(*stream);
    require(protocol_.running() <= edge::max_streams, "streams are bounded");
    send();
    std::erase_if(streams_, [](const auto& stream) { return stream->is_closed || stream->is_taken; });
    send();
  }
  [[nodiscard]] bool goes_on() const { return goes_on_; }

 private:
  void begin(edge::Http2Protocol::Running stream) {
    cardea::http::Request request;
    const edge::Verdict verdict = stream->head.read_into(request);
    require(request.headers.fields().size() <= edge::max_field_count, "fields are bounded");
    if (verdict.refusal == nullptr) {
      require(request.path.starts_with('/') || request.path == "*", "a path is one");
      require(!request.headers.get("Host").empty(), "there is a host");
    }
    cardea::http::Response response{.status = verdict.refusal == nullptr ? 200 : verdict.refusal->status};
    response.headers.add("X-Path", cardea::http::is_query(request.path) ? "good" : "odd");
    if (!stream->is_closed) {
      protocol_.respond(*stream, response, "today", edge::Http2Protocol::Body::outgoing);
      stream->outgoing = "a body";
      stream->is_last = true;
      protocol_.resume(*stream);
    }
    streams_.push_back(std::move(stream));
  }
  void take_body(edge::Http2Stream& stream) {
    require(stream.received.size() <= 65'535, "no more comes than the window lets through");
    if (!stream.received.empty()) protocol_.consume(stream, stream.received.size());
    stream.received.clear();
  }
  void send() {
    for (;;) {
      const std::string_view frame = protocol_.next_frame();
      if (frame.empty()) return;
      said_ += frame;
      while (h2::take_frame(said_)) continue;
      require(said_.empty(), "frames are sent whole");
    }
  }

  edge::Http2Watch::Instant now_ = edge::Http2Watch::Instant{} + std::chrono::hours{1};
  edge::Http2Protocol protocol_{now_};
  std::vector<edge::Http2Protocol::Running> streams_;
  std::string said_;
  bool goes_on_ = true;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = data[0] == 0 ? size : data[0];
  std::string_view rest = cardea::as_text({data + 1, size - 1});
  Server server;
  server.receive(std::string{h2::preface} + h2::frame(h2::settings, 0, 0));
  while (!rest.empty() && server.goes_on()) {
    server.receive(rest.substr(0, step));
    rest.remove_prefix(std::min(step, rest.size()));
  }
  return 0;
}
