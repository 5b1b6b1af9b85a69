#pragma once
// feature: all that a journey gives its host, so that hosting it is one line.

#include <optional>
#include <string_view>
#include <vector>

#include "audit/audit.hpp"
#include "authn/proof.hpp"
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
  std::vector<audit::Kind> events = {};       // what it may record
  std::vector<Permission> permissions = {};   // what it guards
  std::optional<authn::Factor> factor = {};   // the second factor it brings
};

}  // namespace cardea
