#pragma once
// A response as the bytes of one write: two writes cost a keep-alive client 44 ms instead of 0.07 ms.

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "http/message.hpp"

namespace cardea::edge {

/// The Date field's value (RFC 9110 §5.6.7), made once per second. One per thread.
class DateText {
 public:
  [[nodiscard]] std::string_view at(Time now);

 private:
  std::int64_t second_ = INT64_MIN;
  std::string text_;
};

struct Ending {
  bool is_head = false;  // the length of the body, but no body
  bool keep_alive = true;
  bool takes_chunks = true;  // the client speaks HTTP/1.1
  std::string_view date;
};

/// How a client finds the end of a body that is sent (RFC 9112 §6.3).
enum class BodyEnd { length, chunks, close };
/// Only a producer that does not know its length needs other than the first.
[[nodiscard]] BodyEnd body_end(const http::Response& response, const Ending& ending);

/// Appends what comes before the body to `out`, without the response's fields that are for the edge to say. False, and
/// nothing appended, when it is not sendable (content.hpp).
[[nodiscard]] bool append_head(std::string& out, const http::Response& response, const Ending& ending);

// A chunk is these two around its bytes (RFC 9112 §7.1); the last one is empty.
void append_chunk_head(std::string& out, std::size_t size);
inline constexpr std::string_view chunk_end = "\r\n";
inline constexpr std::string_view last_chunk_end = "\r\n0\r\n\r\n";  // of the last that has bytes
inline constexpr std::string_view empty_chunk = "0\r\n\r\n";           // of a body that has none

}  // namespace cardea::edge
