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
  bool is_head = false;     // the length of the body, but no body
  bool keep_alive = true;
  std::string_view date;
};

/// Appends what comes before the body to `out`. The length and the connection's fate are ours to say: fields of the
/// response about them are left out. False, and nothing appended, when a field would not be one field on the wire (a
/// line break in a value is response splitting).
[[nodiscard]] bool append_head(std::string& out, const http::Response& response, const Ending& ending);

/// True when the response's body follows its head: not for HEAD, and not where the status has none.
[[nodiscard]] bool sends_body(const http::Response& response, const Ending& ending);

}  // namespace cardea::edge
