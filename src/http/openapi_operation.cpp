#include "http/openapi_operation.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "http/openapi_responses.hpp"
#include "http/problem.hpp"
#include "http/replays.hpp"

namespace cardea::http::openapi_detail {
namespace {

using wire::Array;
using wire::Object;
using wire::Value;

Value text_schema() { return Object{{"type", "string"}}; }

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

/// Who may call, as a sentence.
std::string callers_of(const Route& route) {
  const Requirement& requirement = route.requirement;
  if (requirement.who == Who::anyone) return "Anybody may call this.";
  if (requirement.who == Who::optional) return "Anybody may call this; who is signed in is looked at.";
  std::string text = requirement.permission != nullptr
                         ? "Needs the permission " + std::string{requirement.permission->name} + "."
                         : "Needs somebody who is signed in.";
  if (requirement.max_age != Duration::max()) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(requirement.max_age).count();
    text += " The password has to have been shown within " + std::to_string(minutes) + " minutes.";
  }
  if (refuses_bearer(route)) text += " An access token cannot do this.";
  return text;
}

Value header_parameter(std::string_view name, std::string_view doc, Value schema) {
  return Object{
      {"name", name}, {"in", "header"}, {"required", false}, {"description", doc}, {"schema", std::move(schema)}};
}

void add_path_parameters(Array& parameters, const Route& route) {
  const auto names = names_in(route.path);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& schemas = route.doc.params;
    parameters.emplace_back(Object{{"name", names[i]},
                                   {"in", "path"},
                                   {"required", true},
                                   {"schema", i < schemas.size() ? schemas[i] : text_schema()}});
  }
}

/// What settings make of a parameter.
Value with_choices(const QueryParameter& parameter, const Doc& doc) {
  Value schema = parameter.schema;
  for (const auto& [name, choices] : doc.choices) {
    if (name != parameter.name) continue;
    auto& members = *schema.get<Object>();
    std::erase_if(members, [](const auto& member) { return member.name.ends_with("Length"); });
    members.push_back({"enum", Array(choices.begin(), choices.end())});
  }
  return schema;
}

void add_query_parameters(Array& parameters, const Route& route) {
  for (const QueryParameter& each : route.query->parameters) {
    Object parameter{{"name", each.name}, {"in", "query"}, {"required", each.is_required}};
    if (!each.doc.empty()) parameter.push_back({"description", each.doc});
    parameter.push_back({"schema", with_choices(each, route.doc)});
    parameters.emplace_back(std::move(parameter));
  }
}

// Tags of one that was not ours are read too, so what bounds them is the head of a request (edge::max_head_size).
constexpr std::int64_t longest_tags = 16 * 1024;  // bytes

void add_header_parameters(Array& parameters, const Route& route) {
  const Value tag =
      Object{{"type", "string"}, {"maxLength", longest_tags}, {"examples", Array{"\"zL1mYb9Qd7Xv5c3K1a0TRw5s\""}}};
  if (route.has_etag && is_safe(route.method)) {
    parameters.emplace_back(header_parameter(
        "If-None-Match", "The ETag of what the client has; answered with 304 while it is the same.", tag));
  } else if (route.has_etag) {
    parameters.emplace_back(
        header_parameter("If-Match", "The ETag of what the client has read; 412 when it has changed since.", tag));
  }
  if (route.takes_idempotency_key) {
    parameters.emplace_back(header_parameter(
        idempotency_key,
        "A random text, new for each thing to do: a request that is sent again with it is carried out once.",
        Object{{"type", "string"},
               {"minLength", 1},
               {"maxLength", static_cast<std::int64_t>(longest_key)},
               {"pattern", "^[!-~]+$"},
               {"examples", Array{"6b1f0f2e-8a43-4c7e-9f07-2b7d5f8c1e44"}}}));
  }
}

Value security_of(const Route& route, Components& components) {
  Array ways;
  if (route.requirement.who == Who::anyone) return ways;
  for (const CredentialSource& source : route.surface->credentials) {
    if (source.place == CredentialPlace::bearer && refuses_bearer(route)) continue;
    ways.emplace_back(Object{{components.scheme(*route.surface, source), Array{}}});
  }
  if (route.requirement.who == Who::optional) ways.emplace_back(Object{});
  return ways;
}

}  // namespace

Value operation_of(const Route& route, const Edition& edition, Components& components) {
  Object operation{
      {"operationId", operation_id(route)}, {"summary", route.doc.summary}, {"description", callers_of(route)}};
  if (route.doc.tag != nullptr) operation.push_back({"tags", Array{route.doc.tag->name}});
  Array parameters;
  add_path_parameters(parameters, route);
  add_query_parameters(parameters, route);
  add_header_parameters(parameters, route);
  if (!parameters.empty()) operation.push_back({"parameters", std::move(parameters)});
  if (route.doc.request != nullptr) {
    Value body = Object{{"application/json", Object{{"schema", components.request(route.doc)}}}};
    operation.push_back(
        {"requestBody", Object{{"required", !route.doc.request_is_optional}, {"content", std::move(body)}}});
  }
  operation.push_back({"responses", responses_of(route, edition, components)});
  operation.push_back({"security", security_of(route, components)});
  return operation;
}

}  // namespace cardea::http::openapi_detail
