#pragma once
// feature: how a room or journey presents itself to the host.

#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "http/route.hpp"
#include "jobs/periodic.hpp"
#include "jobs/queue.hpp"

namespace cardea {

struct Feature {
  std::string_view name;
  std::vector<http::Route> routes = {};
  std::vector<jobs::Periodic> periodic = {};
  std::vector<jobs::Worker> workers = {};  // of the queue, by kind
  std::vector<const ErrorKind*> errors = {};  // feeds docs/errors.md and /docs/errors
};

}  // namespace cardea
