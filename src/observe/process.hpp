#pragma once
// What the kernel says of this process, under the names that every Prometheus client uses, so that ready-made
// dashboards and rules know them.

#include "observe/metrics.hpp"

namespace cardea::observe {

/// Registers process_cpu_seconds_total, process_start_time_seconds, process_resident_memory_bytes,
/// process_virtual_memory_bytes, process_threads, process_open_fds and process_max_fds. Read from /proc; NaN where that
/// cannot be.
void measure_process(Metrics& metrics);

}  // namespace cardea::observe
