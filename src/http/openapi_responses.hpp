#pragma once
// The answers of one operation of an OpenAPI document. Internal to it.

#include "http/openapi.hpp"
#include "http/openapi_components.hpp"

namespace cardea::http::openapi_detail {

/// Whether a token that its surface takes is worth nothing on a route.
[[nodiscard]] bool refuses_bearer(const Route& route);

/// Every status, with the codes that it may carry and the headers that it has.
[[nodiscard]] wire::Value responses_of(const Route& route, const Edition& edition, Components& components);

}  // namespace cardea::http::openapi_detail
