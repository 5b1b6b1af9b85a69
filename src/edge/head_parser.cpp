#include "edge/head_parser.hpp"

#include <optional>

#include "edge/framing.hpp"
#include "http/field.hpp"
#include "http/problem.hpp"

namespace cardea::edge {
namespace {

/// Takes the first line off `rest`, without the CR LF that ends it; absent when none does.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const std::size_t newline = rest.find('\n');
  if (newline == std::string_view::npos || newline == 0 || rest[newline - 1] != '\r') return std::nullopt;
  const std::string_view line = rest.substr(0, newline - 1);
  rest.remove_prefix(newline + 1);
  return line;
}

/// Without the white space that may stand around a value.
std::string_view without_space(std::string_view value) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!value.empty() && is_space(value.front())) value.remove_prefix(1);
  while (!value.empty() && is_space(value.back())) value.remove_suffix(1);
  return value;
}

}  // namespace

const ErrorKind* HeadParser::parse(std::string_view received) {
  if (received.size() > max_head_size) return &http::headers_too_large;
  std::string_view rest = fields_.keep(received);
  const auto request_line = take_line(rest);
  if (!request_line || !read_request_line(*request_line)) return &http::malformed_request;
  for (;;) {
    const auto line = take_line(rest);
    if (!line) return &http::malformed_request;
    if (line->empty()) return rest.empty() ? nullptr : &http::malformed_request;
    if (fields_.fields().size() == max_field_count) return &http::headers_too_large;
    if (!read_field(*line)) return &http::malformed_request;
  }
}

bool HeadParser::read_request_line(std::string_view line) {
  constexpr std::string_view modern = "HTTP/1.1";
  constexpr std::string_view old = "HTTP/1.0";
  const std::size_t behind_method = line.find(' ');
  if (behind_method == std::string_view::npos) return false;
  const std::size_t behind_target = line.find(' ', behind_method + 1);
  if (behind_target == std::string_view::npos) return false;
  method_ = line.substr(0, behind_method);
  target_ = line.substr(behind_method + 1, behind_target - behind_method - 1);
  const std::string_view version = line.substr(behind_target + 1);
  version_ = version == modern ? 11 : 10;
  return http::is_token(method_) && !target_.empty() && (version == modern || version == old);
}

bool HeadParser::read_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = without_space(line.substr(colon + 1));
  fields_.add_kept(name, value);
  return http::is_token(name) && http::is_field_value(value);
}

}  // namespace cardea::edge
