#pragma once
// What the route table says of itself: the OpenAPI 3.1 document, and one line per route for review.

#include <string>
#include <string_view>
#include <vector>

#include "http/route.hpp"

namespace cardea::http {

/// What a document says besides its routes.
struct Edition {
  std::string_view title = "Cardea";
  std::string_view version;
  std::string_view url;  // of the server, without a slash at its end
  std::vector<const ErrorKind*> faults = {};  // what a route that asks the database may answer as well
};

/// The OpenAPI 3.1 document of the routes that have a Doc. The order is by path and method, whatever the order of
/// `routes`, so that the text is a golden file.
[[nodiscard]] std::string openapi(const std::vector<Route>& routes, const Edition& edition);

/// One aligned line per route, by path and method: method, path, lane, requirement, surface, body limit in bytes.
[[nodiscard]] std::string route_table(const std::vector<Route>& routes);

}  // namespace cardea::http
