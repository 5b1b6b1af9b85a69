#include "http/openapi.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include "base/text.hpp"
#include "http/problem.hpp"
#include "http/problem_body.hpp"

namespace cardea::http {
namespace {

using wire::Array;
using wire::Object;
using wire::Value;

std::string component(std::string_view section, std::string_view name) {
  return "#/components/" + std::string{section} + "/" + std::string{name};
}

enum class Direction { request, response };

/// Whether an object says that it has no other members. A request is held to that. A response may get more of them in a
/// later version, which a client made from this document must bear, so it promises nothing.
bool closes_response(const wire::Member& member, Direction direction) {
  return direction == Direction::response && member.name == "additionalProperties" && member.value == Value{false};
}

/// The named schemas of all bodies, by name.
class Components {
 public:
  /// The schema with its "$defs" moved here, and its references turned to where they now are. Throws std::logic_error
  /// when a name stands for two shapes, which it does too when a type with that name is both sent and answered.
  Value hoist(Value schema, Direction direction) {
    if (auto* items = schema.get<Array>()) {
      for (Value& item : *items) item = hoist(std::move(item), direction);
    }
    auto* members = schema.get<Object>();
    if (members == nullptr) return schema;
    for (auto& [name, value] : *members) {
      if (name == "$ref" && value.is<std::string>()) {
        value = hoisted_reference(value);
      } else if (name == "$defs") {
        for (auto& [type, definition] : *value.get<Object>()) add(type, hoist(std::move(definition), direction));
      } else {
        value = hoist(std::move(value), direction);
      }
    }
    std::erase_if(*members, [direction](const wire::Member& member) {
      return member.name == "$defs" || closes_response(member, direction);
    });
    return schema;
  }

  [[nodiscard]] Value take() {
    Object schemas;
    for (auto& [name, schema] : schemas_) schemas.push_back({name, std::move(schema)});
    return schemas;
  }

 private:
  static Value hoisted_reference(const Value& reference_value) {
    constexpr std::string_view local = "#/$defs/";
    const std::string_view target = *reference_value.get<std::string>();
    if (!target.starts_with(local)) return reference_value;
    return component("schemas", target.substr(local.size()));
  }

  void add(const std::string& name, Value schema) {
    const auto [at, is_new] = schemas_.try_emplace(name, schema);
    if (!is_new && at->second != schema) throw std::logic_error{"two shapes have the name " + name};
  }

  std::map<std::string, Value> schemas_;
};

Object content(std::string_view type, Value schema) {
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

/// "delete_v1_me_sessions_id" for DELETE /v1/me/sessions/{id}.
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

/// Whether a token that its surface takes is worth nothing on a route.
bool refuses_bearer(const Route& route) {
  return takes_bearer(*route.surface) && route.requirement.who != Who::anyone &&
         route.requirement.bearer == Bearer::refused;
}

/// What the pipeline itself may answer on this route, besides what the feature lists.
std::vector<const ErrorKind*> all_errors(const Route& route) {
  std::vector<const ErrorKind*> errors = route.doc.errors;
  if (!is_safe(route.method)) errors.push_back(&cross_site);
  if (route.doc.request != nullptr) {
    errors.insert(errors.end(), {&wire::malformed_json, &validation_failed, &wrong_media_type, &too_large});
  }
  const Requirement& requirement = route.requirement;
  if (refuses_bearer(route)) errors.push_back(&session_cookie_required);
  if (requirement.who == Who::principal) errors.push_back(&unauthenticated);
  if (requirement.level != Level::aal1 || requirement.max_age != Duration::max()) errors.push_back(&reauth_required);
  if (requirement.permission != nullptr) errors.push_back(&forbidden);
  errors.push_back(&internal_error);
  errors.push_back(&overloaded);
  return errors;
}

/// One response per status, the codes it may carry as an enum.
void add_errors(Object& responses, const Route& route, Components& components) {
  std::map<int, std::set<std::string>> codes;
  for (const ErrorKind* kind : all_errors(route)) codes[route.surface->status_of(*kind)].emplace(kind->code);
  for (const auto& [status, names] : codes) {
    Array listing;
    for (const std::string& name : names) listing.emplace_back(name);
    Value narrowed = Object{{"properties", Object{{"code", Object{{"enum", std::move(listing)}}}}}};
    Value schema = Object{
        {"allOf", Array{components.hoist(wire::schema<ProblemBody>(), Direction::response), std::move(narrowed)}}};
    responses.push_back(
        {std::to_string(status),
         Object{{"description", "Refused"}, {"content", content("application/problem+json", std::move(schema))}}});
  }
}

Value responses_of(const Route& route, Components& components) {
  Object success{{"description", "Success"}};
  Object bodies;
  if (route.doc.response != nullptr) {
    bodies = content("application/json", components.hoist(route.doc.response(), Direction::response));
  }
  for (const std::string_view type : route.doc.media_types) bodies.push_back({std::string{type}, Object{}});
  if (!bodies.empty()) success.push_back({"content", std::move(bodies)});
  Object responses{{std::to_string(route.doc.status), std::move(success)}};
  add_errors(responses, route, components);
  return responses;
}

Value security_of(const Route& route) {
  if (route.requirement.who == Who::anyone) return Array{};
  Array ways{Object{{"cookie", Array{}}}};
  if (!refuses_bearer(route)) ways.emplace_back(Object{{"bearer", Array{}}});
  if (route.requirement.who == Who::optional) ways.emplace_back(Object{});
  return ways;
}

Value operation_of(const Route& route, Components& components) {
  Object operation{{"operationId", operation_id(route)}, {"summary", route.doc.summary}};
  Array parameters;
  for (const std::string_view name : names_in(route.path)) parameters.push_back(parameter(name, "path"));
  for (const std::string_view name : route.doc.query) parameters.push_back(parameter(name, "query"));
  if (!parameters.empty()) operation.push_back({"parameters", std::move(parameters)});
  if (route.doc.request != nullptr) {
    Value body = content("application/json", components.hoist(route.doc.request(), Direction::request));
    operation.push_back(
        {"requestBody", Object{{"required", !route.doc.request_is_optional}, {"content", std::move(body)}}});
  }
  operation.push_back({"responses", responses_of(route, components)});
  operation.push_back({"security", security_of(route)});
  return operation;
}

Value security_schemes() {
  Value cookie = Object{{"type", "apiKey"}, {"in", "cookie"}, {"name", session_cookie.cookie}};
  Value bearer = Object{{"type", "http"}, {"scheme", "bearer"}};
  return Object{{"cookie", std::move(cookie)}, {"bearer", std::move(bearer)}};
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
  Components components;
  Object paths;
  for (const Route* route : documented) {
    if (paths.empty() || paths.back().name != route->path) paths.push_back({std::string{route->path}, Object{}});
    paths.back().value.get<Object>()->push_back(
        {text::lower(to_text(route->method)), operation_of(*route, components)});
  }
  return wire::to_json(
      Object{{"openapi", "3.1.0"},
             {"info", Object{{"title", title}, {"version", version}}},
             {"paths", std::move(paths)},
             {"components", Object{{"schemas", components.take()}, {"securitySchemes", security_schemes()}}}});
}

}  // namespace cardea::http
