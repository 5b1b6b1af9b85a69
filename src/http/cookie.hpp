#pragma once
// Cookies (RFC 6265bis): strict reading, and writing with the safe attributes as defaults.

#include <optional>
#include <string>
#include <string_view>

#include "base/enum_text.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

namespace cardea::http {

/// The value of a cookie, a view into the request; absent when missing, or when the name appears twice (one may be
/// planted).
[[nodiscard]] std::optional<std::string_view> cookie(const Request& request, std::string_view name);

enum class SameSite { lax, strict, none };
constexpr auto enum_texts(SameSite) {
  return std::to_array<EnumText<SameSite>>(
      {{SameSite::lax, "lax"}, {SameSite::strict, "strict"}, {SameSite::none, "none"}});
}

struct CookieOptions {
  std::optional<std::chrono::seconds> max_age = {};  // absent: until the browser closes; 0: delete
  SameSite same_site = SameSite::lax;
  bool http_only = true;
};

/// A Set-Cookie value: Secure, Path=/, no Domain; Partitioned where it is SameSite=None. Throws std::invalid_argument
/// when name or value hold an octet that a cookie may not.
[[nodiscard]] std::string set_cookie(std::string_view name, std::string_view value, const CookieOptions& options);

}  // namespace cardea::http
