#pragma once
// The grammar of a request's head (RFC 9112 §3 and §5); what the head means is framing's business.
//
// Strict: one spelling for each line, CR LF behind it, no white space but around a value, no continued lines.

#include <string_view>

#include "base/error.hpp"
#include "http/message.hpp"

namespace cardea::edge {

/// Parses one complete head into fields that are views of one copy of it. Used once.
class HeadParser {
 public:
  /// Fields go to `fields`.
  explicit HeadParser(http::Headers& fields) : fields_(fields) {}

  /// Null, or why the head is refused. `received` ends with the empty line, and nothing stands behind it.
  [[nodiscard]] const ErrorKind* parse(std::string_view received);

  // Views into the copy of the head.
  [[nodiscard]] std::string_view method() const { return method_; }
  /// Any characters but a space: read_target() judges them.
  [[nodiscard]] std::string_view target() const { return target_; }
  /// 10 or 11.
  [[nodiscard]] int version() const { return version_; }

 private:
  [[nodiscard]] bool read_request_line(std::string_view line);
  [[nodiscard]] bool read_field(std::string_view line);

  http::Headers& fields_;
  std::string_view method_;
  std::string_view target_;
  int version_ = 0;
};

}  // namespace cardea::edge
