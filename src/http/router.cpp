#include "http/router.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace cardea::http {
namespace {

constexpr std::string_view any_segment = "{}";
constexpr std::size_t most_segments = 16;

bool is_parameter(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

std::vector<std::string> pattern_of(std::string_view path) {
  std::vector<std::string> segments;
  for (const std::string_view segment : text::split(path.substr(1), '/')) {
    segments.emplace_back(is_parameter(segment) ? any_segment : segment);
  }
  return segments;
}

/// Literal segments sort before parameters, so that the first match is the most specific one.
bool is_more_specific(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    if ((x == any_segment) != (y == any_segment)) return y == any_segment;
    return x < y;
  });
}

struct Segments {
  std::array<std::string_view, most_segments> items{};
  std::size_t count = 0;  // 0: too many to match anything
};

Segments split_path(std::string_view path) {
  Segments segments;
  std::string_view rest = path.substr(1);
  while (segments.count < most_segments) {
    const auto end = rest.find('/');
    segments.items[segments.count++] = rest.substr(0, end);
    if (end == std::string_view::npos) return segments;
    rest.remove_prefix(end + 1);
  }
  segments.count = 0;
  return segments;
}

bool fits(const std::vector<std::string>& pattern, const Segments& segments) {
  if (pattern.size() != segments.count) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool good = pattern[i] == any_segment ? !segments.items[i].empty() : pattern[i] == segments.items[i];
    if (!good) return false;
  }
  return true;
}

std::string methods_of(const std::array<const Route*, 7>& by_method) {
  std::string allow;
  for (std::size_t i = 0; i < by_method.size(); ++i) {
    const auto method = static_cast<Method>(i);
    const bool is_implied = method == Method::options ||
                            (method == Method::head && by_method[static_cast<std::size_t>(Method::get)] != nullptr);
    if (by_method[i] == nullptr && !is_implied) continue;
    if (!allow.empty()) allow += ", ";
    allow += to_text(method);
  }
  return allow;
}

}  // namespace

Router::Router(const std::vector<Route>& routes) {
  for (const Route& route : routes) {
    if (!route.path.starts_with('/')) throw std::invalid_argument{"route without a path: " + std::string{route.path}};
    add(route, route.path);
    if (!route.surface->tolerates_trailing_slash || route.path == "/") continue;
    const bool ends_in_slash = route.path.ends_with('/');
    add(route,
        ends_in_slash ? std::string{route.path.substr(0, route.path.size() - 1)} : std::string{route.path} + "/");
  }
  std::sort(patterns_.begin(), patterns_.end(),
            [](const Pattern& a, const Pattern& b) { return is_more_specific(a.segments, b.segments); });
}

void Router::add(const Route& route, std::string_view path) {
  Place& place = place_of(path);
  const Route*& slot = place.by_method[static_cast<std::size_t>(route.method)];
  if (slot != nullptr) {
    throw std::invalid_argument{"two routes answer " + std::string{to_text(route.method)} + " " + std::string{path}};
  }
  slot = &route;
  if (place.first == nullptr) place.first = &route;
  place.allow = methods_of(place.by_method);
}

Router::Place& Router::place_of(std::string_view path) {
  std::vector<std::string> segments = pattern_of(path);
  if (std::find(segments.begin(), segments.end(), any_segment) == segments.end()) return exact_[std::string{path}];
  const auto known = std::find_if(patterns_.begin(), patterns_.end(),
                                  [&](const Pattern& pattern) { return pattern.segments == segments; });
  if (known != patterns_.end()) return known->place;
  return patterns_.emplace_back(Pattern{std::move(segments), {}}).place;
}

const Router::Place* Router::find_place(std::string_view path, std::vector<std::string>& params) const {
  const auto exact = exact_.find(path);
  if (exact != exact_.end()) return &exact->second;
  if (!path.starts_with('/')) return nullptr;
  const Segments segments = split_path(path);
  for (const Pattern& pattern : patterns_) {
    if (!fits(pattern.segments, segments)) continue;
    for (std::size_t i = 0; i < segments.count; ++i) {
      if (pattern.segments[i] == any_segment) params.emplace_back(segments.items[i]);
    }
    return &pattern.place;
  }
  return nullptr;
}

Router::Match Router::find(Method method, std::string_view path, std::vector<std::string>& params) const {
  params.clear();
  const Place* place = find_place(path, params);
  if (place == nullptr) return {};
  const Route* route = place->by_method[static_cast<std::size_t>(method)];
  if (route == nullptr && method == Method::head) route = place->by_method[static_cast<std::size_t>(Method::get)];
  return {route, place->first, place->allow};
}

}  // namespace cardea::http
