#pragma once
// Periodic work on what processes told each other.

#include "jobs/periodic.hpp"

namespace cardea::jobs {

/// Forgets each hour what they told each other before the run before: it names accounts and sessions, also of those who
/// were erased since.
[[nodiscard]] Periodic announcement_sweep_job(db::Database& database);

}  // namespace cardea::jobs
