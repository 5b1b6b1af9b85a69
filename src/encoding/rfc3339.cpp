#include "encoding/rfc3339.hpp"

namespace cardea::wire {
namespace {

/// Takes two digits, a number below `limit` from the front.
std::optional<int> take_two_digits(std::string_view& text, int limit) {
  if (text.size() < 2) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, 2)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(2);
  if (value >= limit) return std::nullopt;
  return value;
}

bool take(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

/// Takes ".ddd", one to six digits; nothing there is zero.
std::optional<Duration> take_fraction(std::string_view& text) {
  Duration fraction{0};
  if (!take(text, '.')) return fraction;
  Duration unit = std::chrono::seconds{1};
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    unit /= 10;
    if (unit.count() == 0) return std::nullopt;
    fraction += unit * (text.front() - '0');
    text.remove_prefix(1);
  }
  if (unit == std::chrono::seconds{1}) return std::nullopt;
  return fraction;
}

std::optional<Duration> take_offset(std::string_view& text) {
  if (take(text, 'Z')) return Duration{0};
  const bool east = take(text, '+');
  if (!east && !take(text, '-')) return std::nullopt;
  const auto hours = take_two_digits(text, 24);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_two_digits(text, 60);
  if (!minutes) return std::nullopt;
  const Duration offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  return east ? offset : -offset;
}

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text) {
  const auto date = parse_date(text.substr(0, 10));
  if (!date) return std::nullopt;
  text.remove_prefix(10);
  if (!take(text, 'T')) return std::nullopt;
  const auto hours = take_two_digits(text, 24);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_two_digits(text, 60);
  if (!minutes || !take(text, ':')) return std::nullopt;
  const auto seconds = take_two_digits(text, 60);
  if (!seconds) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return Time{std::chrono::sys_days{*date}} + std::chrono::hours{*hours} + std::chrono::minutes{*minutes} +
         std::chrono::seconds{*seconds} + *fraction - *offset;
}

}  // namespace cardea::wire
