#pragma once
// Which program this is, for the metrics.

#include <string_view>

#include "observe/metrics.hpp"

namespace cardea::app {

/// Registers cardea_build_info, which is 1 and says in its labels the version, the compiler and the `engine` of the
/// database.
void measure_build(observe::Metrics& metrics, std::string_view engine);

}  // namespace cardea::app
