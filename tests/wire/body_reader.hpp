#pragma once
// Takes a response's body of any length apart without keeping it, and compares it with the pattern of exports.

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/raw_client.hpp"
#include "tests/wire/exports.hpp"

namespace cardea::wire_tests {

/// Finds the end of one body. Fed with what comes behind the head.
class BodyReader {
 public:
  explicit BodyReader(const testing_support::RawAnswer& head);

  void feed(std::string_view bytes);
  /// True when the head's framing says so. A body that ends with its connection is never complete by itself.
  [[nodiscard]] bool is_complete() const { return state_ == State::complete; }
  /// True when bytes were none of the pattern's, or no chunks.
  [[nodiscard]] bool is_wrong() const { return state_ == State::wrong; }
  [[nodiscard]] std::uint64_t received() const { return received_; }

 private:
  enum class State { content, chunk_size, chunk_end, last_end, complete, wrong };
  [[nodiscard]] std::string_view take_content(std::string_view bytes);
  [[nodiscard]] std::string_view take_line(std::string_view bytes);
  void use_line();

  Pattern pattern_;
  bool has_chunks_;
  State state_ = State::content;
  std::uint64_t left_ = 0;  // of the body or chunk
  std::uint64_t received_ = 0;
  std::string line_;
};

/// How reading ended.
enum class End { complete, closed, reset, wrong, enough };

/// A client of either kind that reads bodies without keeping them.
template <class Client>
class Reading : public Client {
 public:
  using Client::Client;

  /// Sends a request and reads the head of its response: true when it is a 200.
  [[nodiscard]] bool begin(std::string_view request) {
    if (!this->send(request)) return false;
    std::string bytes;
    while (bytes.find("\r\n\r\n") == std::string::npos) {
      char byte = 0;
      if (this->read_some(&byte, 1) != 1) return false;
      bytes += byte;
    }
    head_ = {.status = bytes.starts_with("HTTP/1.1 200 ") ? 200 : 0, .head = bytes, .body = {}};
    reader_ = std::make_unique<BodyReader>(head_);
    return head_.status == 200;
  }
  [[nodiscard]] const testing_support::RawAnswer& head() const { return head_; }
  [[nodiscard]] std::uint64_t received() const { return reader_->received(); }

  /// Reads until the body is complete, the connection ends, or at least `most` bytes of it have come.
  [[nodiscard]] End read(std::uint64_t most = UINT64_MAX) {
    while (!reader_->is_complete()) {
      if (reader_->is_wrong()) return End::wrong;
      if (reader_->received() >= most) return End::enough;
      const long size = this->read_some(buffer_.data(), buffer_.size());
      if (size <= 0) return size == 0 ? End::closed : End::reset;
      reader_->feed({buffer_.data(), static_cast<std::size_t>(size)});
    }
    return End::complete;
  }

 private:
  testing_support::RawAnswer head_;
  std::unique_ptr<BodyReader> reader_;
  std::string buffer_ = std::string(256 * 1024, '\0');
};

}  // namespace cardea::wire_tests
