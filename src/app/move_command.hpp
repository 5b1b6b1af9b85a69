#pragma once
// Moving the database to another place or engine: `cardea move`.

#include <string>

#include "app/serve.hpp"

namespace cardea::app {

struct MoveOrder {
  std::string from;  // empty: the database that the settings name
  std::string to;
};

/// Copies every row of a database that nobody uses into one that is empty, compares all of it, and only then lets
/// anybody open the new one. Run again, it goes on where it was interrupted. The source is read and never written.
/// Returns the exit code: 0 only when the target holds what the source holds, and can be relied on.
int move_database(const Options& options, const MoveOrder& order);

}  // namespace cardea::app
