#pragma once
// Proofs that were used. Only a right one is ever written down.

#include "db/database.hpp"
#include "jobs/periodic.hpp"
#include "proof_of_work/work.hpp"

namespace cardea::proof_of_work {

/// Uses the challenge up; false when it was before. One statement, so that of many at once one succeeds.
[[nodiscard]] bool spend(db::Database& database, const Terms& terms);

/// Removes what nobody could use any more, by the clock of any process.
[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::proof_of_work
