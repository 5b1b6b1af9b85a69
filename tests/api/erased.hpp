#pragma once
// What becomes of an account whose deletion was asked for, when nobody keeps it.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {

/// The time to think again passes, and what is over then is erased.
inline void erase_closed(World& world) {
  world.advance(14 * 24h);
  world.run_jobs();
}

}  // namespace cardea::api_tests
