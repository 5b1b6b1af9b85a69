#include "base/user_agent.hpp"

#include <array>
#include <utility>

namespace cardea {
namespace {

using Table = std::pair<std::string_view, std::string_view>;

// In order: the first token found names it. Edge and Opera say Chrome too, and Chrome says Safari.
constexpr std::array<Table, 9> programs{{{"Edg/", "Edge"},
                                         {"OPR/", "Opera"},
                                         {"Firefox/", "Firefox"},
                                         {"FxiOS/", "Firefox"},
                                         {"CriOS/", "Chrome"},
                                         {"Chrome/", "Chrome"},
                                         {"Safari/", "Safari"},
                                         {"curl/", "curl"},
                                         {"python", "Python"}}};
constexpr std::array<Table, 7> systems{{{"iPhone", "iPhone"},
                                        {"iPad", "iPad"},
                                        {"Android", "Android"},
                                        {"Windows", "Windows"},
                                        {"Mac OS X", "macOS"},
                                        {"CrOS", "ChromeOS"},
                                        {"Linux", "Linux"}}};

template <std::size_t N>
std::string_view first_of(const std::array<Table, N>& table, std::string_view text) {
  for (const auto& [token, name] : table) {
    if (text.find(token) != std::string_view::npos) return name;
  }
  return {};
}

}  // namespace

BrowserHint describe_browser(std::string_view user_agent) {
  const auto program = first_of(programs, user_agent);
  const auto system = first_of(systems, user_agent);
  const bool phone = system == "iPhone" || (system == "Android" && user_agent.find("Mobile") != std::string_view::npos);
  return {.program = program, .system = system, .type = phone ? "phone" : "computer"};
}

}  // namespace cardea
