#pragma once
// Counters and latencies per route, looked up once when the pipeline is built.

#include <array>
#include <chrono>
#include <vector>

#include "http/route.hpp"
#include "observe/metrics.hpp"

namespace cardea::http {

class Meters {
 public:
  /// Registers cardea_http_requests_total{route,method,status} and cardea_http_request_seconds{route,method}. Labels
  /// are route patterns, never raw paths, so that nobody outside can make new ones.
  Meters(observe::Metrics& metrics, const std::vector<Route>& routes);

  /// Counts one answer; `route` is one of the constructor's or null.
  void record(const Route* route, int status, std::chrono::nanoseconds span) const;

 private:
  struct Meter {
    std::array<observe::Counter*, 5> by_class{};  // 1xx to 5xx
    observe::Histogram* seconds = nullptr;
  };
  static Meter make(observe::Metrics& metrics, std::string_view route, std::string_view method);

  const std::vector<Route>* routes_;
  std::vector<Meter> meters_;  // one per route, then one for requests without
};

}  // namespace cardea::http
