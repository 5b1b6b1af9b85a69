#include "sms/number.hpp"

#include <algorithm>

#include "sms/calling_codes.hpp"

namespace cardea::sms {
namespace {

constexpr std::size_t fewest_digits = 8;
constexpr std::size_t most_digits = 15;
constexpr std::size_t most_typed = 40;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_mark(char c) { return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')'; }

/// Marks stand one at a time between digits; parentheses in pairs, around some of them, perhaps beside a space.
bool are_marks_sound(std::string_view behind_plus) {
  bool is_open = false;
  char last = '+';
  for (const char c : behind_plus) {
    const bool is_behind_digits = is_digit(last) || last == ')';
    if (c == '(') {
      if (is_open || !(is_digit(last) || last == ' ')) return false;
      is_open = true;
    } else if (c == ')') {
      if (!is_open || !is_digit(last)) return false;
      is_open = false;
    } else if (is_mark(c) && !is_behind_digits) {
      return false;
    }
    last = c;
  }
  return !is_open && is_digit(last);
}

/// How long the calling code of these digits is; 0: they begin with none.
std::size_t size_of_code(std::string_view digits) {
  for (std::size_t size = std::min(longest_code, digits.size()); size > 0; --size) {
    if (std::binary_search(calling_codes.begin(), calling_codes.end(), digits.substr(0, size))) return size;
  }
  return 0;
}

}  // namespace

std::optional<Number> Number::parse(std::string_view text) {
  if (text.size() > most_typed || text.empty() || text.front() != '+') return std::nullopt;
  const auto behind = text.substr(1);
  if (!std::all_of(behind.begin(), behind.end(), [](char c) { return is_digit(c) || is_mark(c); })) return std::nullopt;
  if (!are_marks_sound(behind) || behind.find("(0)") != std::string_view::npos) return std::nullopt;
  std::string digits;
  std::copy_if(behind.begin(), behind.end(), std::back_inserter(digits), is_digit);
  if (digits.size() < fewest_digits || digits.size() > most_digits) return std::nullopt;
  const auto size = size_of_code(digits);
  if (size == 0) return std::nullopt;
  return Number{"+" + digits, size + 1};
}

std::string Number::hint() const { return "•••• " + text_.substr(text_.size() - 2); }

bool is_calling_code(std::string_view text) {
  return text.starts_with('+') && std::binary_search(calling_codes.begin(), calling_codes.end(), text.substr(1));
}

}  // namespace cardea::sms
