#pragma once
// feature: how a room or journey presents itself to the host.

#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "http/route.hpp"
#include "jobs/jobs.hpp"

namespace cardea {

struct Feature {
  std::string_view name;
  std::vector<http::Route> routes = {};
  std::vector<jobs::Job> jobs = {};
  std::vector<const ErrorKind*> errors = {};  // feeds docs/errors.md and /docs/errors
};

}  // namespace cardea
