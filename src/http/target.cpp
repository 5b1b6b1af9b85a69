#include <algorithm>

#include "encoding/unicode.hpp"
#include "http/message.hpp"

namespace cardea::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Visible ASCII, as a target is sent. Browsers escape everything else; "#" never travels.
bool is_sent_as_is(std::string_view text) {
  bool is = true;
  for (const char c : text) is &= c > ' ' && c < '\x7f' && c != '#' && c != '\\';
  return is;
}

/// Decodes %XX once. A decoded control character or separator is refused: whatever stands behind or before this
/// program could read it as the end of a line or of a segment.
bool decode(std::string_view raw, std::string& out) {
  if (raw.find('%') == std::string_view::npos) {
    out = raw;
    return true;
  }
  bool ascii = true;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (c == '%') {
      if (raw.size() - i < 3) return false;
      const int high = hex_digit(raw[i + 1]);
      const int low = hex_digit(raw[i + 2]);
      if (high < 0 || low < 0) return false;
      const int octet = high * 16 + low;
      if (octet < 0x20 || octet == 0x7f || octet == '/' || octet == '\\') return false;
      c = static_cast<char>(octet);
      ascii = ascii && octet < 0x80;
      i += 2;
    }
    out.push_back(c);
  }
  return ascii || unicode::is_utf8(out);
}

/// No empty segment but a last one, no "." and no "..".
bool has_plain_segments(std::string_view path) {
  std::size_t start = 1;
  while (start <= path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, end - start);
    if (segment == "." || segment == "..") return false;
    if (segment.empty() && end != path.size()) return false;
    start = end + 1;
  }
  return true;
}

}  // namespace

bool parse_target(std::string_view target, std::string& path, std::string& query) {
  path.clear();
  query.clear();
  if (!target.starts_with('/') || !is_sent_as_is(target)) return false;
  const std::size_t mark = target.find('?');
  if (!decode(target.substr(0, mark), path) || !has_plain_segments(path)) {
    path.clear();
    return false;
  }
  if (mark != std::string_view::npos) query = target.substr(mark + 1);
  return true;
}

}  // namespace cardea::http
