#pragma once
// What must hold after a crash: every promise kept, nothing half-written.

#include "db/database.hpp"
#include "tests/support/visitor.hpp"

namespace cardea::testing_support {

/// Asks the program at `port` for everything in the ledger. Reports what is missing as test failures.
void expect_kept(std::uint16_t port, const Ledger& ledger);

/// Looks into the stopped program's database for rows without what belongs to them.
void expect_whole(db::Database& database);

}  // namespace cardea::testing_support
