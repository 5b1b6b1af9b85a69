#include "http/openapi_components.hpp"

#include <algorithm>
#include <stdexcept>

namespace cardea::http::openapi_detail {
namespace {

using wire::Array;
using wire::Object;
using wire::Value;

constexpr std::string_view schemas_at = "#/components/schemas/";

/// Whether an object says that it has no other members. A request is held to that. A response may get more of them in a
/// later version, which a client made from this document must bear, so it promises nothing.
bool closes_response(const wire::Member& member, Direction direction) {
  return direction == Direction::response && member.name == "additionalProperties" && member.value == Value{false};
}

Value hoisted_reference(const Value& reference_value) {
  constexpr std::string_view local = "#/$defs/";
  const std::string_view target = *reference_value.get<std::string>();
  if (!target.starts_with(local)) return reference_value;
  return std::string{schemas_at}.append(target.substr(local.size()));
}

void set(Object& members, std::string_view name, Value value) {
  const auto at = std::find_if(members.begin(), members.end(), [&](const auto& each) { return each.name == name; });
  if (at == members.end()) {
    members.push_back({std::string{name}, std::move(value)});
  } else {
    at->value = std::move(value);
  }
}

void narrow(Value& component, const MemberBounds& bounds) {
  auto* properties = component.get<Object>();
  const auto at =
      std::find_if(properties->begin(), properties->end(), [](const auto& each) { return each.name == "properties"; });
  for (auto& [name, schema] : *at->value.get<Object>()) {
    if (name != bounds.member) continue;
    auto& members = *schema.get<Object>();
    if (bounds.min > 0) set(members, "minLength", bounds.min);
    if (bounds.max > 0) set(members, "maxLength", bounds.max);
    if (!bounds.pattern.empty()) set(members, "pattern", bounds.pattern);
    return;
  }
  throw std::logic_error{"bounds of a member that is not there: " + std::string{bounds.member}};
}

Value scheme_of(const CredentialSource& source, bool is_session) {
  if (source.place == CredentialPlace::cookie) {
    return Object{{"type", "apiKey"},
                  {"in", "cookie"},
                  {"name", source.cookie},
                  {"description", is_session ? "The cookie of a session, which signing in sets. Its name is the same "
                                               "in development: browsers take localhost for secure."
                                             : "A signed token as a cookie, which signing in sets."}};
  }
  return Object{{"type", "http"},
                {"scheme", "bearer"},
                {"bearerFormat", "JWT"},
                {"description", "A signed token that is worth as much as its session, and ends with it."}};
}

}  // namespace

Value Components::hoist(Value schema, Direction direction) {
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
    } else if (name != "examples") {
      value = hoist(std::move(value), direction);
    }
  }
  std::erase_if(*members, [direction](const wire::Member& member) {
    return member.name == "$defs" || closes_response(member, direction);
  });
  return schema;
}

Value Components::request(const Doc& doc) {
  Value schema = hoist(doc.request(), Direction::request);
  const auto* target = schema.find("$ref");
  if (doc.bounds.empty() || target == nullptr) return schema;
  Value& component = schemas_.at(target->get<std::string>()->substr(schemas_at.size()));
  for (const MemberBounds& bounds : doc.bounds) narrow(component, bounds);
  return schema;
}

std::string Components::scheme(const Surface& surface, const CredentialSource& source) {
  const bool is_cookie = source.place == CredentialPlace::cookie;
  const bool is_common = is_cookie ? source.token == nullptr : source.token == &access_token;
  std::string name = is_common ? (is_cookie ? "session" : "access_token")
                               : std::string{surface.name} + (is_cookie ? "_cookie" : "_token");
  schemes_.try_emplace(name, scheme_of(source, is_common));
  return name;
}

Value Components::take() {
  Object schemas;
  Object schemes;
  for (auto& [name, schema] : schemas_) schemas.push_back({name, std::move(schema)});
  for (auto& [name, scheme] : schemes_) schemes.push_back({name, std::move(scheme)});
  return Object{{"schemas", std::move(schemas)}, {"securitySchemes", std::move(schemes)}};
}

void Components::add(const std::string& name, Value schema) {
  const auto [at, is_new] = schemas_.try_emplace(name, schema);
  if (!is_new && at->second != schema) throw std::logic_error{"two shapes have the name " + name};
}

}  // namespace cardea::http::openapi_detail
