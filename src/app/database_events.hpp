#pragma once
// What is recorded of the database as a whole.

#include "audit/audit.hpp"

namespace cardea::app {

inline constexpr audit::Kind database_restored{"database.restored",
                                               "A backup was put in place, and every session ended."};

}  // namespace cardea::app
