#include <array>

#include <fmt/format.h>

#include "page/page.hpp"

namespace cardea::page {

Data instant(Time at) {
  static constexpr std::array months{"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const Date date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::minutes>(at - day)};
  const auto words = fmt::format("{} {} {}", static_cast<unsigned>(date.day()),
                                 months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()));
  return wire::Object{
      {"iso", rfc3339(at)},
      {"text", fmt::format("{}, {:02}:{:02} UTC", words, clock.hours().count(), clock.minutes().count())},
      {"day", words}};
}

}  // namespace cardea::page
