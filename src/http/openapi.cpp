#include "http/openapi.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "http/problem.hpp"

namespace cardea::http {
namespace {

using wire::Array;
using wire::Object;
using wire::Value;

Value reference(std::string_view section, std::string_view name) {
  return Object{{"$ref", "#/components/" + std::string{section} + "/" + std::string{name}}};
}

Value content(std::string_view type, Value schema) {
  return Object{{std::string{type}, Object{{"schema", std::move(schema)}}}};
}

Value text_schema() { return Object{{"type", "string"}}; }

Value parameter(std::string_view name, std::string_view place) {
  return Object{{"name", name}, {"in", place}, {"required", place == "path"}, {"schema", text_schema()}};
}

/// The names between braces, in order.
std::vector<std::string_view> names_in(std::string_view path) {
  std::vector<std::string_view> names;
  for (const std::string_view segment : text::split(path, '/')) {
    if (segment.starts_with('{') && segment.ends_with('}')) names.push_back(segment.substr(1, segment.size() - 2));
  }
  return names;
}

/// "get_v1_me_notes_id" for GET /v1/me/notes/{id}.
std::string operation_id(const Route& route) {
  std::string id = text::lower(to_text(route.method));
  for (const std::string_view segment : text::split(route.path, '/')) {
    if (segment.empty()) continue;
    id += '_';
    for (const char c : segment) {
      if (c == '{' || c == '}') continue;
      id += c == '-' || c == '.' ? '_' : c;
    }
  }
  return id;
}

/// What the pipeline itself may answer on this route, besides what the feature lists.
std::vector<const ErrorKind*> all_errors(const Route& route) {
  std::vector<const ErrorKind*> errors = route.doc.errors;
  if (!is_safe(route.method)) errors.push_back(&cross_site);
  if (route.doc.request != nullptr) {
    errors.insert(errors.end(), {&wire::malformed_json, &validation_failed, &wrong_media_type, &too_large});
  }
  const Requirement& requirement = route.requirement;
  if (requirement.who == Who::principal) errors.push_back(&unauthenticated);
  if (requirement.level != Level::aal1 || requirement.max_age != Duration::max()) errors.push_back(&reauth_required);
  if (requirement.permission != nullptr) errors.push_back(&forbidden);
  errors.push_back(&internal_error);
  errors.push_back(&overloaded);
  return errors;
}

/// One response per status, the codes it may carry as an enum.
void add_errors(Object& responses, const Route& route) {
  std::map<int, std::set<std::string>> codes;
  for (const ErrorKind* kind : all_errors(route)) codes[route.surface->status_of(*kind)].emplace(kind->code);
  for (const auto& [status, names] : codes) {
    Array listing;
    for (const std::string& name : names) listing.emplace_back(name);
    Value narrowed = Object{{"properties", Object{{"code", Object{{"enum", std::move(listing)}}}}}};
    Value schema = Object{{"allOf", Array{reference("schemas", "Problem"), std::move(narrowed)}}};
    responses.push_back(
        {std::to_string(status),
         Object{{"description", "Refused"}, {"content", content("application/problem+json", std::move(schema))}}});
  }
}

Value responses_of(const Route& route) {
  Object success{{"description", "Success"}};
  if (route.doc.response != nullptr) success.push_back({"content", content("application/json", route.doc.response())});
  Object responses{{std::to_string(route.doc.status), std::move(success)}};
  add_errors(responses, route);
  return responses;
}

Value security_of(const Route& route) {
  if (route.requirement.who == Who::anyone) return Array{};
  Array ways{Object{{"cookie", Array{}}}, Object{{"bearer", Array{}}}};
  if (route.requirement.who == Who::optional) ways.emplace_back(Object{});
  return ways;
}

Value operation_of(const Route& route) {
  Object operation{{"operationId", operation_id(route)}, {"summary", route.doc.summary}};
  Array parameters;
  for (const std::string_view name : names_in(route.path)) parameters.push_back(parameter(name, "path"));
  for (const std::string_view name : route.doc.query) parameters.push_back(parameter(name, "query"));
  if (!parameters.empty()) operation.push_back({"parameters", std::move(parameters)});
  if (route.doc.request != nullptr) {
    operation.push_back(
        {"requestBody", Object{{"required", true}, {"content", content("application/json", route.doc.request())}}});
  }
  operation.push_back({"responses", responses_of(route)});
  operation.push_back({"security", security_of(route)});
  return operation;
}

Value field_schema() {
  return Object{{"type", "object"},
                {"properties", Object{{"pointer", text_schema()}, {"code", text_schema()}, {"detail", text_schema()}}},
                {"required", Array{"pointer", "code", "detail"}}};
}

Value problem_schema() {
  Object properties;
  for (const char* name : {"type", "title"}) properties.push_back({name, text_schema()});
  properties.push_back({"status", Object{{"type", "integer"}}});
  for (const char* name : {"code", "detail", "instance", "request_id", "message"}) {
    properties.push_back({name, text_schema()});
  }
  properties.push_back({"errors", Object{{"type", "array"}, {"items", field_schema()}}});
  return Object{{"type", "object"},
                {"properties", std::move(properties)},
                {"required", Array{"type", "title", "status", "code", "request_id"}}};
}

Value components() {
  Value cookie = Object{{"type", "apiKey"}, {"in", "cookie"}, {"name", session_cookie.cookie}};
  Value bearer = Object{{"type", "http"}, {"scheme", "bearer"}};
  return Object{{"schemas", Object{{"Problem", problem_schema()}}},
                {"securitySchemes", Object{{"cookie", std::move(cookie)}, {"bearer", std::move(bearer)}}}};
}

bool is_documented(const Route& route) { return !route.doc.summary.empty(); }

}  // namespace

std::string openapi(const std::vector<Route>& routes, std::string_view title, std::string_view version) {
  std::vector<const Route*> documented;
  for (const Route& route : routes) {
    if (is_documented(route)) documented.push_back(&route);
  }
  std::sort(documented.begin(), documented.end(),
            [](const Route* a, const Route* b) { return std::tie(a->path, a->method) < std::tie(b->path, b->method); });
  Object paths;
  for (const Route* route : documented) {
    if (paths.empty() || paths.back().name != route->path) paths.push_back({std::string{route->path}, Object{}});
    paths.back().value.get<Object>()->push_back({text::lower(to_text(route->method)), operation_of(*route)});
  }
  return wire::to_json(Object{{"openapi", "3.1.0"},
                              {"info", Object{{"title", title}, {"version", version}}},
                              {"paths", std::move(paths)},
                              {"components", components()}});
}

}  // namespace cardea::http
