#pragma once
// How many audit events nothing vouches for yet, for the metrics.

#include "db/database.hpp"
#include "jobs/periodic.hpp"
#include "observe/metrics.hpp"

namespace cardea::app {

/// The job that seals, which also counts what is not sealed before and after, so that the number grows while sealing
/// fails. The gauge cardea_audit_unsealed_events says NaN where that was not looked at within a minute: in a process
/// that does not hold the job's lease.
[[nodiscard]] jobs::Periodic counting_unsealed(jobs::Periodic seal, db::Database& database, observe::Metrics& metrics);

}  // namespace cardea::app
