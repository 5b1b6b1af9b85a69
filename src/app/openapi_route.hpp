#pragma once
// GET /openapi.json.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/route.hpp"

namespace cardea::app {

/// Makes the OpenAPI document of these routes and of the one that serves it, which is added to them. `url` is where
/// this server is.
std::shared_ptr<const std::string> add_openapi_route(std::vector<http::Route>& routes, std::string_view url);

}  // namespace cardea::app
