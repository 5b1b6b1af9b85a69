#pragma once
// A client that sends exactly the bytes it is told to, right or wrong.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cardea::testing_support {

/// A response as received.
struct RawAnswer {
  int status = 0;
  std::string head;  // status line and fields, with the empty line
  std::string body;
  /// The value of a field, or empty.
  [[nodiscard]] std::string field(std::string_view name) const;
};

/// A connection to 127.0.0.1, or by a unix socket. Waits of more than 20 s fail, so that a test ends.
class RawClient {
 public:
  /// Throws std::system_error when nobody listens. `source` is this side's address, one of 127.0.0.0/8.
  explicit RawClient(std::uint16_t port, const char* source = "127.0.0.1");
  /// Likewise, by the socket at `path`.
  explicit RawClient(const std::string& path);
  virtual ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False when the other end no longer takes it.
  bool send(std::string_view bytes);
  /// The next response; absent when the connection ends before it is complete.
  [[nodiscard]] std::optional<RawAnswer> receive();
  /// The next response without reading its body: that of a HEAD, or an interim one.
  [[nodiscard]] std::optional<RawAnswer> receive_head();
  /// Waits for the end of the connection; false when something else arrives, or nothing in time.
  [[nodiscard]] bool is_closed_by_peer();

  /// True as soon as something of a response, or the end, has arrived.
  [[nodiscard]] bool has_input_within(std::chrono::milliseconds span) const;

  /// send and receive.
  [[nodiscard]] std::optional<RawAnswer> ask(std::string_view bytes);

 protected:
  [[nodiscard]] int descriptor() const { return descriptor_; }
  virtual bool write_some(std::string_view& bytes);
  /// Bytes read, 0 at the end, negative when it fails.
  virtual long read_some(char* data, std::size_t size);

 private:
  bool fill();

  int descriptor_;
  std::string input_;
};

}  // namespace cardea::testing_support
