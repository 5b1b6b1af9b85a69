#include "base/internet_date.hpp"

#include <array>
#include <ctime>
#include <string_view>

namespace cardea {

std::string internet_date(Time at) {
  const std::time_t seconds = to_seconds(at);
  std::tm parts{};
  (void)gmtime_r(&seconds, &parts);
  // By hand: strftime would speak the locale's language.
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto two = [](int n) { return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)}; };
  std::string text = std::string{days[static_cast<std::size_t>(parts.tm_wday)]} + ", " + two(parts.tm_mday) + " ";
  text += std::string{months[static_cast<std::size_t>(parts.tm_mon)]} + " " + std::to_string(parts.tm_year + 1900);
  return text + " " + two(parts.tm_hour) + ":" + two(parts.tm_min) + ":" + two(parts.tm_sec);
}

}  // namespace cardea
