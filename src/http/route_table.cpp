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
  }
  return "?";
}

Line line_of(const Route& route) {
  return {std::string{http::to_text(route.method)}, std::string{route.path},          std::string{to_text(route.lane)},
          cardea::to_text(route.requirement),       std::string{route.surface->name}, std::to_string(route.body_limit)};
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
