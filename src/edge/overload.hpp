#pragma once
// What a request is told that there is no room for.

#include "http/problem.hpp"

namespace cardea::edge {

/// A full queue or memory: 503, and try again in a second.
[[nodiscard]] inline Error overload() {
  Error error{http::overloaded};
  error.retry_after = std::chrono::seconds{1};
  return error;
}

}  // namespace cardea::edge
