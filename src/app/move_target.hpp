#pragma once
// Where a database is moved to: what is in it before, what says that it is being filled, and the end of that.
//
// A database is told from others by the instants at which its migrations were applied. They move with it.

#include <string>

#include "base/time.hpp"
#include "db/database.hpp"

namespace cardea::app {

/// What tells the database from others, whichever engine holds it.
[[nodiscard]] std::string identity_of(db::Tx& tx);

struct MoveTarget {
  enum class State {
    empty,  // at most a schema
    begun,  // a move of the same database was begun
    moved,  // it was moved here before, if the rows are the same
    unfit
  };
  State state;
  std::string problem = {};  // why it is unfit
};
[[nodiscard]] MoveTarget look_at_target(db::Database& target, const std::string& identity);

/// Gives an empty one the schema, and marks it as unfinished for whoever opens it.
void begin_target(db::Database& target, const std::string& identity, Time now);

/// Gives it the source's identity in place of the mark, in one transaction.
void finish_target(db::Tx& source, db::Database& target);

}  // namespace cardea::app
