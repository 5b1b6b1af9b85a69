#include "http/cookie.hpp"
#include "http/field.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/char_set.hpp"
#include "base/text.hpp"

namespace cardea::http {
namespace {

/// RFC 6265 §4.1.1 cookie-octets: no control, space, quote, comma, semicolon, backslash or non-ASCII.
constexpr CharSet cookie_octets{
    [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != ',' && c != ';' && c != '\\'; }};

bool are_cookie_octets(std::string_view text) {
  bool are = true;
  for (const char c : text) are &= cookie_octets.contains(c);
  return are;
}

std::string_view to_text(SameSite same_site) {
  switch (same_site) {
    case SameSite::lax: return "Lax";
    case SameSite::strict: return "Strict";
    case SameSite::none: return "None";
  }
  return "Strict";
}

}  // namespace

std::optional<std::string_view> cookie(const Request& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (const Header& field : request.headers.fields()) {
    if (!text::equals_ignoring_case(field.name, "Cookie")) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const auto end = rest.find(';');
      const std::string_view pair = text::trim(rest.substr(0, end));
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      if (found) return std::nullopt;
      found = pair.substr(equals + 1);
    }
  }
  if (!found || !are_cookie_octets(*found)) return std::nullopt;
  return found;
}

std::string set_cookie(std::string_view name, std::string_view value, const CookieOptions& options) {
  if (!is_token(name)) {
    throw std::invalid_argument{"a cookie's name is not a token"};
  }
  if (!are_cookie_octets(value)) {
    throw std::invalid_argument{"a cookie's value holds an octet that a cookie may not"};
  }
  std::string out;
  out.reserve(name.size() + value.size() + 96);
  out.append(name).append("=").append(value).append("; Path=/; Secure");
  if (options.http_only) out.append("; HttpOnly");
  out.append("; SameSite=").append(to_text(options.same_site));
  // Below another site's page browsers keep, and send, only what says that it wants a jar for each such site (CHIPS).
  if (options.same_site == SameSite::none) out.append("; Partitioned");
  if (options.max_age) {
    out.append("; Max-Age=").append(std::to_string(std::max<std::int64_t>(0, options.max_age->count())));
  }
  return out;
}

}  // namespace cardea::http
