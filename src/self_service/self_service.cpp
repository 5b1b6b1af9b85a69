#include "self_service/self_service.hpp"

#include "http/problem.hpp"

namespace cardea::self_service {

Feature feature(const Deps& deps) {
  Feature feature{.name = "self_service"};
  for (auto routes : {api_routes(deps.authn), profile_pages(deps), session_pages(deps)}) {
    for (auto& route : routes) feature.routes.push_back(std::move(route));
  }
  feature.errors = {&validation_failed, &not_found, &http::reauth_required, &throttle::rate_limited};
  return feature;
}

}  // namespace cardea::self_service
