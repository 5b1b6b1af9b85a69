#include "base/time.hpp"

namespace cardea {
namespace {

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// Writes a number from 0 on with so many digits.
void put(char* at, int digits, std::int64_t number) {
  for (int i = digits - 1; i >= 0; --i, number /= 10) at[i] = static_cast<char>('0' + number % 10);
}

void append(std::string& text, Date date) {
  const int year = static_cast<int>(date.year());
  if (year >= 0 && year <= 9999) {
    text += "yyyy-mm-dd";
    put(text.data() + text.size() - 10, 4, year);
  } else {
    text += std::to_string(year) + "-mm-dd";  // no date of RFC 3339, but it may have been stored
  }
  char* at = text.data() + text.size() - 5;
  put(at, 2, static_cast<unsigned>(date.month()));
  put(at + 3, 2, static_cast<unsigned>(date.day()));
}

}  // namespace

std::string rfc3339(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::milliseconds>(time - day)};
  constexpr std::string_view of_day = "Thh:mm:ss.mmmZ";
  std::string text;
  text.reserve(10 + of_day.size());
  append(text, Date{day});
  text += of_day;
  char* at = text.data() + text.size() - of_day.size();
  put(at + 1, 2, clock.hours().count());
  put(at + 4, 2, clock.minutes().count());
  put(at + 7, 2, clock.seconds().count());
  put(at + 10, 3, clock.subseconds().count());
  return text;
}

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const Date date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                  std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::string to_text(Date date) {
  std::string text;
  append(text, date);
  return text;
}

}  // namespace cardea
