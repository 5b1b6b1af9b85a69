#pragma once
// The OpenAPI document of a world, and a check of values against its schemas.

#include <algorithm>
#include <stdexcept>

#include "tests/api/scene.hpp"

namespace cardea::api_tests {

using wire::Array;
using wire::Object;
using wire::Value;

inline constexpr std::string_view component_prefix = "#/components/schemas/";

inline bool is_null(const Value& value) { return value.is<std::nullptr_t>(); }

inline bool is_of_type(const Value& value, std::string_view type) {
  if (type == "null") return is_null(value);
  if (type == "boolean") return value.is<bool>();
  if (type == "integer") return value.is<std::int64_t>();
  if (type == "number") return value.is<std::int64_t>() || value.is<double>();
  if (type == "string") return value.is<std::string>();
  if (type == "array") return value.is<Array>();
  return type == "object" && value.is<Object>();
}

/// What of JSON Schema the document uses for answers. Stricter in one respect: a member that is not declared is wrong
/// even where the schema leaves an object open for later versions.
class Checker {
 public:
  explicit Checker(const Value& document) : schemas_(document.find("components")->find("schemas")) {}

  /// What is wrong with a value, one line each; nothing when it is as its schema says.
  [[nodiscard]] Texts check(const Value& schema, const Value& value, const std::string& at = "") const {
    Texts wrong;
    if (const auto* target = schema.find("$ref")) append(wrong, check(resolve(*target), value, at));
    if (const auto* any = schema.find("anyOf")) {
      if (matches(*any, value, at) == 0) wrong.push_back(at + ": none of the schemas");
    }
    if (const auto* one = schema.find("oneOf")) {
      if (matches(*one, value, at) != 1) wrong.push_back(at + ": not exactly one of the schemas");
    }
    append(wrong, check_type(schema, value, at));
    if (const auto* listed = schema.find("enum")) {
      const auto& values = *listed->get<Array>();
      if (std::find(values.begin(), values.end(), value) == values.end()) wrong.push_back(at + ": not listed");
    }
    if (schema.find("properties") != nullptr && value.is<Object>()) append(wrong, check_members(schema, value, at));
    const auto* items = schema.find("items");
    if (const auto* array = value.get<Array>(); items != nullptr && array != nullptr) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        append(wrong, check(*items, (*array)[i], at + "/" + std::to_string(i)));
      }
    }
    return wrong;
  }

  [[nodiscard]] const Value& resolve(const Value& target) const {
    const std::string& text = *target.get<std::string>();
    const auto* schema =
        text.starts_with(component_prefix) ? schemas_->find(text.substr(component_prefix.size())) : nullptr;
    if (schema == nullptr) throw std::out_of_range{text};
    return *schema;
  }

 private:
  static void append(Texts& all, Texts more) { all.insert(all.end(), more.begin(), more.end()); }

  [[nodiscard]] std::size_t matches(const Value& schemas, const Value& value, const std::string& at) const {
    const auto& all = *schemas.get<Array>();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const Value& schema) { return check(schema, value, at).empty(); }));
  }

  static Texts check_type(const Value& schema, const Value& value, const std::string& at) {
    const auto* type = schema.find("type");
    if (type == nullptr) return {};
    const auto types = type->is<Array>() ? *type->get<Array>() : Array{*type};
    const bool fits = std::any_of(types.begin(), types.end(),
                                  [&](const Value& each) { return is_of_type(value, *each.get<std::string>()); });
    return fits ? Texts{} : Texts{at + ": of another type"};
  }

  [[nodiscard]] Texts check_members(const Value& schema, const Value& value, const std::string& at) const {
    Texts wrong;
    if (const auto* required = schema.find("required")) {
      for (const Value& name : *required->get<Array>()) {
        if (value.find(*name.get<std::string>()) == nullptr)
          wrong.push_back(at + "/" + *name.get<std::string>() + ": missing");
      }
    }
    for (const auto& [name, member] : *value.get<Object>()) {
      const auto* declared = schema.find("properties")->find(name);
      const auto* others = schema.find("additionalProperties");
      if (declared != nullptr) {
        append(wrong, check(*declared, member, at + "/" + name));
      } else if (others == nullptr || *others == Value{false}) {
        wrong.push_back(at + "/" + name + ": not declared");
      }
    }
    return wrong;
  }

  const Value* schemas_;
};

inline Value document_of(World& world) {
  return wire::parse(world.house().openapi(), {.depth = 32, .members = 100'000}).value();
}

/// Calls `visit` with each operation and its name, "post /v1/signin".
template <class Visit>
void for_each_operation(const Value& document, Visit visit) {
  for (const auto& [path, operations] : *document.find("paths")->get<Object>()) {
    for (const auto& [method, operation] : *operations.get<Object>()) visit(method + " " + path, operation);
  }
}

}  // namespace cardea::api_tests
