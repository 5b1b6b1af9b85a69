#include "app/database_events.hpp"
#include "app/house.hpp"
#include "http/problem.hpp"

namespace cardea::app {
namespace {

inline constexpr ErrorKind not_ready{"not_ready", 503, "The database does not answer."};

/// What is wrong with the database, by its kind; the log says more of it.
std::optional<Error> database_problem(db::Database& database) {
  const auto failure = database.failure();
  if (!failure) return std::nullopt;
  const ErrorKind* kind = db::kind_of(*failure);
  return Error{kind == nullptr ? not_ready : *kind, "database: " + std::string{enum_text(*failure)}};
}

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
  const auto authorization = call.request.headers.get("authorization");
  constexpr std::string_view scheme = "Bearer ";
  return authorization.starts_with(scheme) &&
         crypto::constant_time_equal(as_bytes(authorization.substr(scheme.size())), token.reveal_bytes());
}

// A wrong token is worth a line; a missing one is not.
Error refused_token(const http::Call& call) {
  return {http::unauthenticated, call.request.headers.has("authorization") ? "a wrong token for metrics" : ""};
}

}  // namespace

std::vector<http::Route> open_metrics_routes(const observe::Metrics& metrics) {
  std::vector<http::Route> routes;
  http::Routes{http::api_surface(), routes}.get(
      "/metrics", http::Lane::quick, anyone,
      [&metrics](const http::Call&) -> Result<http::Response> { return metrics_text(metrics); });
  return routes;
}

Feature system_feature(const Parts& parts) {
  using http::Lane;
  Feature feature{.name = "system", .errors = {&not_ready}, .events = {database_restored}};
  for (const auto* kind : db::storage_errors()) feature.errors.push_back(kind);
  http::Routes api{http::api_surface(), feature.routes};
  api.get("/healthz", Lane::instant, anyone, [](const http::Call&) -> Result<http::Response> { return plain("ok\n"); });
  api.get("/readyz", Lane::quick, anyone,
          [&database = parts.authn.database](const http::Call&) -> Result<http::Response> {
            if (auto problem = database_problem(database)) return *std::move(problem);
            return plain("ready\n");
          });
  if (parts.settings.metrics_token.empty()) return feature;
  api.get("/metrics", Lane::quick, anyone,
          [&metrics = parts.metrics,
           &token = parts.settings.metrics_token](const http::Call& call) -> Result<http::Response> {
            if (!shows_token(call, token)) return refused_token(call);
            return metrics_text(metrics);
          });
  return feature;
}

}  // namespace cardea::app
