#pragma once
// Small ASCII text helpers. Anything about Unicode lives in encoding/unicode.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cardea::text {

[[nodiscard]] constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}
/// Without leading and trailing spaces and tabs.
[[nodiscard]] std::string_view trim(std::string_view text);
/// The pieces between separators, empty ones included; views into `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// A decimal integer with an optional minus, nothing before or after it, in range.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace cardea::text
