#pragma once
// A client of HTTP/2 that sends the frames it is told to, right or wrong, and reads what comes.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/http2_frames.hpp"
#include "tests/wire/tls_client.hpp"

struct nghttp2_hd_inflater;

namespace cardea::wire_tests {

/// A response, as far as it came.
struct Http2Answer {
  int status = 0;
  std::map<std::string, std::string> fields = {};  // the last of each name
  std::string body = {};
  std::string interim = {};  // statuses of responses before it
  bool is_complete = false;
  std::optional<std::uint32_t> reset = {};  // the code
};

class Http2Client : public TlsClient {
 public:
  /// Sends the preface, and settings as a payload.
  Http2Client(std::uint16_t port, const std::string& trusted_file, std::string_view settings = {});
  ~Http2Client() override;

  /// Whether windows are opened again as bodies come; at first it is so.
  void give_window(bool gives) { gives_window_ = gives; }

  /// The response on a stream, complete or reset; what comes on others is kept for its own call. Absent when the
  /// connection ends before.
  [[nodiscard]] std::optional<Http2Answer> answer(std::uint32_t stream);
  /// send() and answer().
  [[nodiscard]] std::optional<Http2Answer> ask(std::uint32_t stream, std::string_view frames);
  /// Reads until `stream` has so many bytes of a body; false when it ends before.
  [[nodiscard]] bool reads(std::uint32_t stream, std::size_t size);

  struct GoAway {
    std::uint32_t last;
    std::uint32_t code;
  };
  /// Reads until the other side says that it ends; absent when it does so without a word.
  [[nodiscard]] std::optional<GoAway> go_away();
  /// Reads until the connection ends.
  [[nodiscard]] bool ends();
  /// Reads the next frame, whatever it is.
  [[nodiscard]] std::optional<testing_support::http2::Frame> next();

 private:
  void use(const testing_support::http2::Frame& frame);
  void use_headers(const testing_support::http2::Frame& frame);

  std::string input_;
  nghttp2_hd_inflater* inflater_ = nullptr;
  std::map<std::uint32_t, Http2Answer> answers_;
  std::optional<GoAway> go_away_;
  bool gives_window_ = true;
};

}  // namespace cardea::wire_tests
