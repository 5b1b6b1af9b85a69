#include <algorithm>
#include <array>
#include <tuple>

#include "http/openapi.hpp"

namespace cardea::http {
namespace {

constexpr std::size_t columns = 6;
using Line = std::array<std::string, columns>;

std::string_view to_text(Lane lane) {
  switch (lane) {
    case Lane::instant: return "instant";
    case Lane::quick: return "quick";
    case Lane::heavy: return "heavy";
    case Lane::remote: return "remote";
  }
  return "?";
}

std::string_view to_text(Access access) {
  switch (access) {
    case Access::anyone: return "anyone";
    case Access::optional: return "optional";
    case Access::signed_in: return "signed_in";
    case Access::recent: return "recent";
    case Access::admin: return "admin";
  }
  return "?";
}

std::string_view to_text(Style style) {
  switch (style) {
    case Style::api: return "api";
    case Style::classic: return "classic";
    case Style::page: return "page";
    case Style::asset: return "asset";
  }
  return "?";
}

Line line_of(const Route& route) {
  return {std::string{http::to_text(route.method)}, std::string{route.path},
          std::string{to_text(route.lane)},         std::string{to_text(route.access)},
          std::string{to_text(route.style)},        std::to_string(route.body_limit)};
}

}  // namespace

std::string route_table(const std::vector<Route>& routes) {
  std::vector<Line> lines;
  for (const Route& route : routes) lines.push_back(line_of(route));
  std::sort(lines.begin(), lines.end(),
            [](const Line& a, const Line& b) { return std::tie(a[1], a[0]) < std::tie(b[1], b[0]); });
  std::array<std::size_t, columns> widths{};
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string out;
  for (const Line& line : lines) {
    for (std::size_t i = 0; i + 1 < columns; ++i) {
      out.append(line[i]).append(widths[i] - line[i].size() + 2, ' ');
    }
    out.append(line[columns - 1]).append("\n");
  }
  return out;
}

}  // namespace cardea::http
