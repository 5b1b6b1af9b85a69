#include "http/surface.hpp"

#include <algorithm>
#include <array>

#include "http/problem.hpp"

namespace cardea::http {
namespace {

constexpr std::array api_credentials{access_token_bearer, session_cookie};

}  // namespace

bool takes_bearer(const Surface& surface) {
  return std::any_of(surface.credentials.begin(), surface.credentials.end(),
                     [](const CredentialSource& source) { return source.place == CredentialPlace::bearer; });
}

const Surface& api_surface() {
  static const Surface surface{.name = "api",
                               .credentials = api_credentials,
                               .write_error = &write_problem,
                               .status_of = &own_status,
                               .unknown_parameters = UnknownParameters::refused};
  return surface;
}

const Surface& asset_surface() {
  static const Surface surface{.name = "asset", .write_error = &write_problem, .status_of = &own_status};
  return surface;
}

}  // namespace cardea::http
