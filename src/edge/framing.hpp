#pragma once
// Where a request ends, decided strictly: whatever two parsers could read differently is refused before any handler
// runs, because a proxy in front of us may be the other parser (request smuggling). Pure functions.

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "edge/request_target.hpp"
#include "http/message.hpp"

namespace cardea::edge {

inline constexpr std::size_t max_head_size = 16 * 1024;  // bytes, request line and fields
inline constexpr std::size_t max_field_count = 100;

/// What is known of the bytes received so far.
struct Scan {
  enum class State { incomplete, complete, malformed } state;
  std::size_t at;  // complete: one past the empty line; incomplete: where the next scan goes on
};

/// Looks for the empty line that ends a head, from offset `resume` on. A line ended by LF alone and a continued line
/// (obs-fold, RFC 9112 §5.2) are malformed.
[[nodiscard]] Scan scan_head(std::string_view received, std::size_t resume);

/// A head as the parser took it apart.
struct Head {
  std::string_view method;
  std::string_view target;
  int version;  // 10 or 11; 20 where the version before it framed the request: HTTP/2
  const http::Headers& fields;
};

/// What the head means for the connection; `refusal` is null when a handler may see the request.
struct Verdict {
  const ErrorKind* refusal = nullptr;
  std::size_t content_length = 0;
  bool is_chunked = false;  // the body's end is told by its chunks, its length by nobody
  bool keep_alive = false;
  bool expects_continue = false;
  bool is_http_1_1 = false;  // not 1.0
};

/// Judges a head: 405 for a method we do not know, 501 for a transfer coding, 400 for every other doubt. A
/// Transfer-Encoding is "chunked" and nothing else, once, in HTTP/1.1 and without a Content-Length beside it (RFC 9112
/// §6.1, §6.3): proxies have read everything else in two ways.
///
/// @param target  what read_target() says of the head's
[[nodiscard]] Verdict judge(const Head& head, const std::optional<RequestTarget>& target);

}  // namespace cardea::edge
