#pragma once
// What the system lets this process have.

#include <cstdint>

#include "observe/log.hpp"

namespace cardea::app {

/// Raises the limit of open files as far as the system lets it: shells and service managers start programs with 1,024,
/// and every connection is an open file. Warns when `connections` and what the program opens besides do not fit.
void raise_open_files(std::int64_t connections, observe::Log& log);

}  // namespace cardea::app
