#pragma once
// Bodies of HTML forms, read into the same Value that JSON bodies become.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "encoding/value.hpp"

namespace cardea::encoding {

inline constexpr ErrorKind malformed_form{"malformed_form", 400, "The form could not be read."};

/// Decodes %XX and, when `plus_is_space`, "+". Absent on a bad escape or NUL.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
/// Encodes everything but unreserved characters (RFC 3986 §2.3).
[[nodiscard]] std::string percent_encode(std::string_view text);

/// application/x-www-form-urlencoded as an object of strings. Refuses duplicate names, more than 100 fields, invalid
/// UTF-8.
Result<wire::Value> parse_urlencoded(std::string_view body);

/// One part of multipart/form-data.
struct Part {
  std::string name;
  std::optional<std::string> filename;  // present for files
  std::string content;  // raw bytes
};

/// multipart/form-data (RFC 7578), strict; `content_type` is the request's header with its boundary. Refuses
/// duplicate names, more than 32 parts, missing names, anything after the closing boundary but CRLF.
Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace cardea::encoding
