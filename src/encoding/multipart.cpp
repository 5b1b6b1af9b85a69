#include <algorithm>

#include "base/text.hpp"
#include "encoding/form.hpp"
#include "encoding/unicode.hpp"

namespace cardea::encoding {
namespace {

constexpr std::size_t max_parts = 32;
constexpr std::size_t max_part_header = 2048;
constexpr std::size_t max_boundary = 70;  // RFC 2046 §5.1.1

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

/// Takes everything before `end`, and `end`.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const auto taken = text.substr(0, at);
  text.remove_prefix(at + end.size());
  return taken;
}

bool is_boundary_character(char c) {
  const char low = text::lower(c);
  return (c >= '0' && c <= '9') || (low >= 'a' && low <= 'z') ||
         std::string_view{"'()+_,-./:=?"}.find(c) != std::string_view::npos;
}

/// The boundary, which is the only parameter we look at; none of its characters needs care when splitting at ";".
std::optional<std::string_view> find_boundary(std::string_view content_type) {
  const auto pieces = text::split(content_type, ';');
  if (!text::equals_ignoring_case(text::trim(pieces.front()), "multipart/form-data")) return std::nullopt;
  std::optional<std::string_view> boundary;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    auto parameter = text::trim(pieces[i]);
    const auto name = take_until(parameter, "=");
    if (!name) return std::nullopt;
    if (!text::equals_ignoring_case(*name, "boundary")) continue;
    if (boundary) return std::nullopt;
    if (parameter.size() >= 2 && parameter.starts_with('"') && parameter.ends_with('"'))
      parameter = parameter.substr(1, parameter.size() - 2);
    if (parameter.empty() || parameter.size() > max_boundary) return std::nullopt;
    if (!std::all_of(parameter.begin(), parameter.end(), is_boundary_character)) return std::nullopt;
    boundary = parameter;
  }
  return boundary;
}

bool is_clean(std::string_view text) {
  const bool has_control =
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
  return !has_control && unicode::is_utf8(text);
}

/// Reads `form-data; name="a"; filename="b"`. Values are taken as sent: browsers write %22 for a quotation mark.
bool read_disposition(std::string_view value, Part& part) {
  bool has_name = false;
  if (!take(value, "form-data")) return false;
  while (!value.empty()) {
    if (!take(value, ";")) return false;
    value = text::trim(value);
    const auto name = take_until(value, "=\"");
    const auto content = name ? take_until(value, "\"") : std::nullopt;
    if (!content || !is_clean(*content)) return false;
    if (*name == "name" && !has_name) {
      part.name = *content;
      has_name = true;
    } else if (*name == "filename" && !part.filename) {
      part.filename = *content;
    } else {
      return false;
    }
  }
  return !part.name.empty();
}

/// Reads the lines before a part's content: one Content-Disposition and at most one Content-Type, which says nothing
/// worth believing.
bool read_header(std::string_view header, Part& part) {
  bool has_disposition = false;
  bool has_type = false;
  while (!header.empty()) {
    auto line = take_until(header, "\r\n");
    const auto name = line ? take_until(*line, ":") : std::nullopt;
    if (!name) return false;
    if (text::equals_ignoring_case(*name, "content-disposition") && !has_disposition) {
      has_disposition = read_disposition(text::trim(*line), part);
      if (!has_disposition) return false;
    } else if (text::equals_ignoring_case(*name, "content-type") && !has_type && is_clean(*line)) {
      has_type = true;
    } else {
      return false;
    }
  }
  return has_disposition;
}

/// Takes one part: CRLF behind its opening boundary, header, empty line, content, closing boundary.
std::optional<Part> take_part(std::string_view& body, std::string_view delimiter) {
  if (!take(body, "\r\n")) return std::nullopt;
  const auto header_size = body.substr(0, max_part_header).find("\r\n\r\n");
  if (header_size == std::string_view::npos) return std::nullopt;
  Part part;
  if (!read_header(body.substr(0, header_size + 2), part)) return std::nullopt;
  body.remove_prefix(header_size + 4);
  const auto content = take_until(body, delimiter);
  if (!content) return std::nullopt;
  part.content = *content;
  return part;
}

}  // namespace

Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body) {
  const auto boundary = find_boundary(content_type);
  if (!boundary) return Error{malformed_form, "no usable boundary"};
  const std::string delimiter = "\r\n--" + std::string{*boundary};
  if (!take(body, std::string_view{delimiter}.substr(2))) return Error{malformed_form, "no opening boundary"};
  std::vector<Part> parts;
  while (!take(body, "--")) {
    if (parts.size() == max_parts) return Error{malformed_form, "too many parts"};
    auto part = take_part(body, delimiter);
    if (!part) return Error{malformed_form, "malformed part"};
    if (std::any_of(parts.begin(), parts.end(), [&](const Part& other) { return other.name == part->name; })) {
      return Error{malformed_form, "duplicate part"};
    }
    parts.push_back(std::move(*part));
  }
  if (!body.empty() && body != "\r\n") return Error{malformed_form, "data after the closing boundary"};
  return parts;
}

}  // namespace cardea::encoding
