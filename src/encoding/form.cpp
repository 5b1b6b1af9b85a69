#include "encoding/form.hpp"

#include <algorithm>

#include "encoding/unicode.hpp"

namespace cardea::encoding {
namespace {

constexpr std::size_t max_fields = 100;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::optional<std::string> decode_field(std::string_view text) {
  auto decoded = percent_decode(text, true);
  if (!decoded || !unicode::is_utf8(*decoded)) return std::nullopt;
  return decoded;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) c = ' ';
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(static_cast<unsigned char>(high * 16 + low));
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

Result<wire::Value> parse_urlencoded(std::string_view body) {
  wire::Object fields;
  while (!body.empty()) {
    const auto end = body.find('&');
    const auto pair = body.substr(0, end);
    if (end != std::string_view::npos && end + 1 == body.size()) return Error{malformed_form, "empty field"};
    body.remove_prefix(std::min(pair.size() + 1, body.size()));

    if (fields.size() == max_fields) return Error{malformed_form, "too many fields"};
    const auto equals = pair.find('=');
    auto name = decode_field(pair.substr(0, equals));
    auto value = decode_field(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (!name || !value || name->empty()) return Error{malformed_form, "bad escape, NUL, invalid UTF-8 or empty name"};
    if (std::any_of(fields.begin(), fields.end(), [&](const auto& field) { return field.name == *name; })) {
      return Error{malformed_form, "duplicate field"};
    }
    fields.push_back({std::move(*name), std::move(*value)});
  }
  return wire::Value{std::move(fields)};
}

}  // namespace cardea::encoding
