#pragma once
// What header fields may hold (RFC 9110 §5.5 and §5.6.2). Every response is checked, so the loops have no branches.

#include <string_view>

#include "base/char_set.hpp"

namespace cardea::http {

namespace detail {
inline constexpr CharSet token_chars{"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"};
}  // namespace detail

/// One or more of the characters that a name may have.
[[nodiscard]] constexpr bool is_token(std::string_view text) {
  bool is = !text.empty();
  for (const char c : text) is &= detail::token_chars.contains(c);
  return is;
}

/// No control character but the tab.
[[nodiscard]] constexpr bool is_field_value(std::string_view text) {
  bool is = true;
  for (const char c : text) is &= (static_cast<unsigned char>(c) >= 0x20 || c == '\t') && c != '\x7f';
  return is;
}

}  // namespace cardea::http
