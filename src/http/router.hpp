#pragma once
// From method and path to a route. Built once; looking up neither allocates (but for parameters) nor locks.

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/route.hpp"

namespace cardea::http {

class Router {
 public:
  /// `routes` must outlive the router. Throws std::invalid_argument when two routes have the same method and path
  /// (the names of parameters do not tell paths apart), or when a path does not begin with "/".
  explicit Router(const std::vector<Route>& routes);

  struct Match {
    const Route* route = nullptr;  // answers this method; HEAD is answered by the GET route
    const Route* other = nullptr;  // a route of this path for some method; null: no such path
    std::string_view allow = {};   // the methods of this path, "GET, HEAD, OPTIONS"
  };
  /// Finds the route of a decoded path. A path belongs to one pattern: one without parameters before one with, then
  /// the one that is literal for longer. An empty segment never fills a parameter. A surplus trailing slash is
  /// tolerated where the surface says so. Fills `params` when a pattern has parameters.
  [[nodiscard]] Match find(Method method, std::string_view path, std::vector<std::string>& params) const;

 private:
  struct Place {
    std::array<const Route*, 7> by_method{};
    const Route* first = nullptr;
    std::string allow;
  };
  struct Pattern {
    std::vector<std::string> segments;  // "{}" takes any one segment
    Place place;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  void add(const Route& route, std::string_view path);
  Place& place_of(std::string_view path);
  [[nodiscard]] const Place* find_place(std::string_view path, std::vector<std::string>& params) const;

  std::unordered_map<std::string, Place, Hash, std::equal_to<>> exact_;
  std::vector<Pattern> patterns_;
};

}  // namespace cardea::http
