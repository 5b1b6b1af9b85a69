#include "http/openapi_responses.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "http/problem.hpp"
#include "http/problem_body.hpp"
#include "http/replays.hpp"

namespace cardea::http::openapi_detail {
namespace {

using wire::Array;
using wire::Object;
using wire::Value;

Value header(std::string_view doc, Value schema) { return Object{{"description", doc}, {"schema", std::move(schema)}}; }

Value text(std::string_view example) { return Object{{"type", "string"}, {"examples", Array{example}}}; }

bool pays_from_a_budget(const Route& route) {
  return std::any_of(route.doc.errors.begin(), route.doc.errors.end(),
                     [](const ErrorKind* kind) { return kind->status == 429; });
}

bool takes_body(const Route& route) { return !is_safe(route.method); }

/// What the pipeline itself may answer to the head of a request.
void add_errors_of_the_head(std::vector<const ErrorKind*>& errors, const Route& route) {
  errors.insert(errors.end(), {&malformed_request, &request_timeout, &headers_too_large, &unknown_transfer_coding,
                               &internal_error, &overloaded});
  if (!route.works_without_tls) errors.push_back(&tls_required);
  if (route.surface->unknown_parameters == UnknownParameters::refused) errors.push_back(&unknown_parameter);
  if (!route.query->parameters.empty()) errors.push_back(&validation_failed);
  if (route.has_etag && !is_safe(route.method)) errors.push_back(&precondition_failed);
  if (route.takes_idempotency_key) {
    errors.insert(errors.end(), idempotency_errors.begin(), idempotency_errors.end());
  }
}

void add_errors_of_the_caller(std::vector<const ErrorKind*>& errors, const Route& route) {
  const Requirement& requirement = route.requirement;
  if (refuses_bearer(route)) errors.push_back(&session_cookie_required);
  if (requirement.who == Who::principal) errors.push_back(&unauthenticated);
  if (requirement.level != Level::aal1 || requirement.max_age != Duration::max()) errors.push_back(&reauth_required);
  if (requirement.permission != nullptr) errors.push_back(&forbidden);
}

/// What may be answered besides what the feature lists.
std::vector<const ErrorKind*> all_errors(const Route& route, const Edition& edition) {
  std::vector<const ErrorKind*> errors = route.doc.errors;
  add_errors_of_the_head(errors, route);
  add_errors_of_the_caller(errors, route);
  if (takes_body(route)) {
    errors.insert(errors.end(), {&too_large, &wrong_media_type, &wrong_content_coding});
    if (route.surface->cross_site != CrossSite::open) errors.push_back(&cross_site);
  }
  if (route.doc.request != nullptr) errors.insert(errors.end(), {&wire::malformed_json, &validation_failed});
  const bool asks_database = route.lane != Lane::instant || route.requirement.who != Who::anyone;
  if (asks_database) errors.insert(errors.end(), edition.faults.begin(), edition.faults.end());
  return errors;
}

Object headers_of(const Route& route, int status) {
  Object headers{{"Request-Id", header("Stands in the server's log too.", text("req_01JD9QF8G2V5N4XQ7M3T6K8R9S"))}};
  const Value seconds = Object{{"type", "integer"}, {"minimum", 1}};
  const bool is_success = status >= 200 && status < 400;
  if (status == 429) headers.push_back({"Retry-After", header("Seconds to wait.", seconds)});
  if (status == 409 && route.takes_idempotency_key) {
    headers.push_back(
        {"Retry-After", header("Seconds until the request should be sent again, where it should.", seconds)});
  }
  if (status == 503) headers.push_back({"Retry-After", header("Seconds to wait, where waiting helps.", seconds)});
  if (status == 401) headers.push_back({"WWW-Authenticate", header("How to authenticate.", text("Bearer"))});
  if (status == 429 || (is_success && pays_from_a_budget(route))) {
    headers.push_back(
        {"RateLimit", header("What is left of the budget, and the seconds until it is whole; with nothing "
                             "left, until the next try (draft-ietf-httpapi-ratelimit-headers).",
                             text("\"signin.account\";r=4;t=180"))});
    headers.push_back({"RateLimit-Policy", header("The budget: how many tries, in how many seconds.",
                                                  text("\"signin.account\";q=5;w=900"))});
  }
  if (route.has_etag && (status == 200 || status == 304)) {
    headers.push_back({"ETag", header("Changes with what is answered.", text("\"zL1mYb9Qd7Xv5c3K1a0TRw5s\""))});
  }
  if (status == 201) headers.push_back({"Location", header("Where it is, when it has an address.", text("/v1/me"))});
  if (is_success && route.takes_idempotency_key) {
    headers.push_back({"Idempotency-Replayed",
                       header("There when this request was carried out before, and this is what was answered then.",
                              Object{{"type", "string"}, {"enum", Array{"true"}}})});
  }
  return headers;
}

struct Refused {
  std::set<std::string> codes;
  std::string description;
};

/// One response for each status, the codes it may carry as an enum.
void add_errors(Object& responses, const Route& route, const Edition& edition, Components& components) {
  std::map<int, Refused> by_status;
  for (const ErrorKind* kind : all_errors(route, edition)) {
    Refused& refused = by_status[route.surface->status_of(*kind)];
    if (!refused.codes.emplace(kind->code).second) continue;
    refused.description.append(refused.description.empty() ? "" : "\n")
        .append("- `")
        .append(kind->code)
        .append("`: ")
        .append(kind->title);
  }
  for (const auto& [status, refused] : by_status) {
    Value narrowed = Object{
        {"type", "object"},
        {"properties",
         Object{{"code", Object{{"type", "string"}, {"enum", Array(refused.codes.begin(), refused.codes.end())}}}}}};
    Value schema = Object{
        {"allOf", Array{components.hoist(wire::schema<ProblemBody>(), Direction::response), std::move(narrowed)}}};
    responses.push_back(
        {std::to_string(status),
         Object{{"description", refused.description},
                {"headers", headers_of(route, status)},
                {"content", Object{{"application/problem+json", Object{{"schema", std::move(schema)}}}}}}});
  }
}

}  // namespace

bool refuses_bearer(const Route& route) {
  return takes_bearer(*route.surface) && route.requirement.who != Who::anyone &&
         route.requirement.bearer == Bearer::refused;
}

Value responses_of(const Route& route, const Edition& edition, Components& components) {
  Object success{{"description", route.doc.status == 204   ? "Done."
                                 : route.doc.status == 201 ? "Created."
                                                           : "As asked."},
                 {"headers", headers_of(route, route.doc.status)}};
  Object bodies;
  if (route.doc.response != nullptr) {
    bodies.push_back(
        {"application/json", Object{{"schema", components.hoist(route.doc.response(), Direction::response)}}});
  }
  for (const std::string_view type : route.doc.media_types) bodies.push_back({std::string{type}, Object{}});
  if (!bodies.empty()) success.push_back({"content", std::move(bodies)});
  Object responses{{std::to_string(route.doc.status), std::move(success)}};
  if (route.has_etag && is_safe(route.method)) {
    responses.push_back(
        {"304", Object{{"description", "The client has it already."}, {"headers", headers_of(route, 304)}}});
  }
  for (const auto& [status, description] : route.doc.redirects) {
    responses.push_back(
        {std::to_string(status), Object{{"description", description},
                                        {"headers", Object{{"Location", header("Where to.", text("/signin"))}}}}});
  }
  add_errors(responses, route, edition, components);
  return responses;
}

}  // namespace cardea::http::openapi_detail
