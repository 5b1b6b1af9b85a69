#include "http/meters.hpp"

#include <algorithm>

namespace cardea::http {

Meters::Meters(observe::Metrics& metrics, const std::vector<Route>& routes) : routes_(&routes) {
  for (const Route& route : routes) meters_.push_back(make(metrics, route.path, to_text(route.method)));
  meters_.push_back(make(metrics, "unmatched", "any"));
}

Meters::Meter Meters::make(observe::Metrics& metrics, std::string_view route, std::string_view method) {
  const observe::Labels labels{{"route", std::string{route}}, {"method", std::string{method}}};
  Meter meter;
  for (std::size_t i = 0; i < meter.by_class.size(); ++i) {
    observe::Labels with_status = labels;
    with_status.emplace_back("status", std::to_string(i + 1) + "xx");
    meter.by_class[i] =
        &metrics.counter("cardea_http_requests_total", "Requests answered, by route and status class.", with_status);
  }
  meter.seconds = &metrics.histogram("cardea_http_request_seconds",
                                     "Time from the first byte of a request to its response, queues included.", labels);
  return meter;
}

void Meters::record(const Route* route, int status, std::chrono::nanoseconds span) const {
  const auto index = route == nullptr ? routes_->size() : static_cast<std::size_t>(route - routes_->data());
  const Meter& meter = meters_[index];
  const int status_class = std::clamp(status / 100, 1, 5);
  meter.by_class[static_cast<std::size_t>(status_class - 1)]->add();
  meter.seconds->record(span);
}

}  // namespace cardea::http
