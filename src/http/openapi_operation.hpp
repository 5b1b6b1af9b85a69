#pragma once
// One operation of an OpenAPI document. Internal to it.

#include "http/openapi.hpp"
#include "http/openapi_components.hpp"

namespace cardea::http::openapi_detail {

[[nodiscard]] wire::Value operation_of(const Route& route, const Edition& edition, Components& components);

}  // namespace cardea::http::openapi_detail
