#include "app/database_events.hpp"
#include "app/doctor_view.hpp"
#include "app/house.hpp"
#include "http/authorization.hpp"
#include "http/problem.hpp"

namespace cardea::app {
namespace {

inline constexpr ErrorKind not_ready{"not_ready", 503, "A part of the server does not work."};

http::Response plain(std::string body) {
  http::Response response{.body = std::move(body)};
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  return response;
}

http::Response metrics_text(const observe::Metrics& metrics) {
  http::Response response{.body = metrics.prometheus_text()};
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  return response;
}

bool shows_token(const http::Call& call, const Secret& token) {
  const auto shown = http::bearer_token(call.request.headers);
  return shown && crypto::constant_time_equal(as_bytes(*shown), token.reveal_bytes());
}

/// Names the parts that do not work. Nothing for the log, which is told by whoever finds it out.
Error not_ready_because(const std::vector<Readiness::Problem>& problems) {
  std::vector<FieldError> parts;
  for (const auto& [part, trouble] : problems) {
    parts.push_back({.field = part, .code = std::string{trouble.code}, .detail = trouble.what});
  }
  return {not_ready, std::move(parts)};
}

/// How the request of a doctor looks from here; absent for everybody else.
std::optional<http::Response> told_to_doctor(const Settings& settings, const Secret& key, const http::Proxies& proxies,
                                             const http::Call& call) {
  const auto token = call.request.headers.get(doctor_header);
  if (token.empty() || !is_doctor_token(key, token, call.now())) return std::nullopt;
  return http::json(see(settings, proxies, call));
}

// A wrong token is worth a line; a missing one is not.
Error refused_token(const http::Call& call) {
  return {http::unauthenticated, http::bearer_token(call.request.headers) ? "a wrong token for metrics" : ""};
}

}  // namespace

std::vector<http::Route> open_metrics_routes(const observe::Metrics& metrics) {
  std::vector<http::Route> routes;
  http::Routes{http::asset_surface(), routes}.get(
      "/metrics", http::Lane::instant, anyone,
      [&metrics](const http::Call&) -> Result<http::Response> { return metrics_text(metrics); });
  return routes;
}

Feature system_feature(const Parts& parts) {
  using http::Lane;
  Feature feature{.name = "system", .errors = {&not_ready}, .events = {database_restored}};
  for (const auto* kind : db::storage_errors()) feature.errors.push_back(kind);
  http::Routes api{http::asset_surface(), feature.routes};
  const auto doctor_secret = std::make_shared<const Secret>(doctor_key(parts.settings));
  api.get("/healthz", Lane::instant, anyone,
          [&settings = parts.settings, doctor_secret,
           proxies = http::Proxies{parts.settings.trusted_proxies}](const http::Call& call) -> Result<http::Response> {
            if (auto told = told_to_doctor(settings, *doctor_secret, proxies, call)) return *std::move(told);
            return plain("ok\n");
          })
      .works_without_tls = true;
  // From memory, like /metrics: neither waits for what it tells of.
  api.get("/readyz", Lane::instant, anyone,
          [&readiness = parts.readiness](const http::Call&) -> Result<http::Response> {
            const auto problems = readiness.problems();
            if (!problems.empty()) return not_ready_because(problems);
            return plain("ready\n");
          })
      .works_without_tls = true;
  if (parts.settings.metrics_token.empty()) return feature;
  api.get("/metrics", Lane::instant, anyone,
          [&metrics = parts.metrics,
           &token = parts.settings.metrics_token](const http::Call& call) -> Result<http::Response> {
            if (!shows_token(call, token)) return refused_token(call);
            return metrics_text(metrics);
          });
  return feature;
}

}  // namespace cardea::app
