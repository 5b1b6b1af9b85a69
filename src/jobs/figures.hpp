#pragma once
// The names of the figures that periodic jobs and kinds of the queue share. Internal to jobs.

#include <atomic>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "observe/metrics.hpp"

namespace cardea::jobs {

inline observe::Counter& failure_counter(observe::Metrics& metrics, const std::string& job) {
  return metrics.counter("cardea_job_failures_total", "Runs of periodic jobs and items of the queue that failed.",
                         {{"job", job}});
}

/// Prints `micros` as seconds since 1970; 0 says that there was none yet.
inline void success_gauge(observe::Metrics& metrics, const std::string& job,
                          std::shared_ptr<std::atomic<std::int64_t>> micros) {
  metrics.gauge("cardea_job_last_success_timestamp_seconds", "When the job last succeeded, in seconds since 1970.",
                [micros = std::move(micros)] { return static_cast<double>(micros->load()) / 1e6; }, {{"job", job}});
}

}  // namespace cardea::jobs
