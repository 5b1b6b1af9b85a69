#pragma once
// HTTP/2 frames made by hand, right or wrong (RFC 9113 §4, §6), and fields as literals (RFC 7541 §6.2.2).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cardea::testing_support::http2 {

inline constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum Type : std::uint8_t {
  data = 0,
  headers = 1,
  priority = 2,
  rst_stream = 3,
  settings = 4,
  push_promise = 5,
  ping = 6,
  goaway = 7,
  window_update = 8,
  continuation = 9,
};
enum Flag : std::uint8_t { none = 0, ack = 1, end_stream = 1, end_headers = 4, padded = 8, complete = 5 };
enum Code : std::uint32_t {
  no_error = 0,
  protocol_error = 1,
  internal_error = 2,
  flow_control_error = 3,
  stream_closed = 5,
  frame_size_error = 6,
  refused_stream = 7,
  cancel = 8,
  compression_error = 9,
  enhance_your_calm = 11,
};

struct Frame {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  std::string payload = {};
};

/// So many bytes of a number, the greatest first.
inline std::string number(std::uint64_t value, int bytes) {
  std::string text;
  while (--bytes >= 0) text += static_cast<char>(value >> (8 * bytes) & 0xff);
  return text;
}

/// The number in four bytes of `text`.
inline std::uint32_t number_at(std::string_view text, std::size_t at) {
  std::uint32_t value = 0;
  for (const char c : text.substr(at, 4)) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

inline std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, std::string_view payload = {}) {
  std::string text = number(payload.size(), 3);
  text += static_cast<char>(type);
  text += static_cast<char>(flags);
  return text + number(stream, 4) + std::string{payload};
}

/// The first frame of `bytes`, taken away; absent when it is not whole.
inline std::optional<Frame> take_frame(std::string& bytes) {
  constexpr std::size_t header = 9;
  if (bytes.size() < header) return std::nullopt;
  const std::size_t size = number_at(bytes, 0) >> 8;
  if (bytes.size() < header + size) return std::nullopt;
  Frame frame{.type = static_cast<std::uint8_t>(bytes[3]),
              .flags = static_cast<std::uint8_t>(bytes[4]),
              .stream = number_at(bytes, 5) & 0x7fffffff,
              .payload = bytes.substr(header, size)};
  bytes.erase(0, header + size);
  return frame;
}

/// A length in 7 bits and what does not fit in them (RFC 7541 §5.1).
inline std::string length(std::size_t size) {
  constexpr std::size_t most = 127;
  if (size < most) return {static_cast<char>(size)};
  std::string text{static_cast<char>(most)};
  for (size -= most; size >= 128; size /= 128) text += static_cast<char>(size % 128 + 128);
  return text + static_cast<char>(size);
}

using Fields = std::vector<std::pair<std::string, std::string>>;

inline std::string block(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += '\0';
    text += length(name.size()) + name + length(value.size()) + value;
  }
  return text;
}

/// The pseudo-header fields of a request.
inline Fields head_of(std::string_view method, std::string_view path) {
  return {{":method", std::string{method}}, {":scheme", "https"}, {":authority", "a"}, {":path", std::string{path}}};
}

inline Fields operator+(Fields fields, const Fields& more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

inline std::string get(std::uint32_t stream, std::string_view path = "/instant", const Fields& more = {}) {
  return frame(headers, complete, stream, block(head_of("GET", path) + more));
}

/// The head of a JSON post, whose body follows.
inline std::string post_head(std::uint32_t stream, std::string_view path, const Fields& more = {}) {
  const Fields type{{"content-type", "application/json"}};
  return frame(headers, end_headers, stream, block(head_of("POST", path) + type + more));
}

inline std::string reset(std::uint32_t stream, Code code = cancel) {
  return frame(rst_stream, none, stream, number(code, 4));
}

inline std::string window(std::uint32_t stream, std::uint32_t size) {
  return frame(window_update, none, stream, number(size, 4));
}

inline std::string setting(std::uint16_t id, std::uint32_t value) { return number(id, 2) + number(value, 4); }

inline std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace cardea::testing_support::http2
