#pragma once
// What this server is to others, as a document that libraries look for (RFC 8414).

#include <string>
#include <vector>

#include "http/route.hpp"

namespace cardea::app {

/// GET /.well-known/oauth-authorization-server, of the issuer at `url`.
[[nodiscard]] std::vector<http::Route> server_metadata_routes(const std::string& url);

}  // namespace cardea::app
