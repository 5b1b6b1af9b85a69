#include "encoding/wire_schemer.hpp"

#include <stdexcept>

namespace cardea::wire {
namespace {

Value number(std::size_t count) { return static_cast<std::int64_t>(count); }

Object typed(std::string_view type) { return {{"type", type}}; }

Object text_schema(const Limit& limit, std::string_view format) {
  Object schema = typed("string");
  if (limit.min > 0) schema.push_back({"minLength", number(limit.min)});
  if (limit.max != unlimited) schema.push_back({"maxLength", number(limit.max)});
  if (!format.empty()) schema.push_back({"format", format});
  return schema;
}

Object format_schema(std::string_view format) { return {{"type", "string"}, {"format", format}}; }

}  // namespace

Schema Schemer::schema_of(bool, const Limit&) { return typed("boolean"); }

Schema Schemer::schema_of(std::int64_t, const Range& range) {
  Object schema = typed("integer");
  if (range.min != Range{}.min) schema.push_back({"minimum", range.min});
  if (range.max != Range{}.max) schema.push_back({"maximum", range.max});
  return schema;
}

Schema Schemer::schema_of(std::string_view, const Limit& limit) { return text_schema(limit, limit.format); }

Schema Schemer::schema_of(const Secret&, const Limit& limit) {
  return text_schema(limit, limit.format.empty() ? "password" : limit.format);
}

Schema Schemer::schema_of(Time, const Limit&) { return format_schema("date-time"); }
Schema Schemer::schema_of(Date, const Limit&) { return format_schema("date"); }

Schema Schemer::id_schema(std::string_view prefix) {
  Object schema = typed("string");
  schema.push_back({"pattern", "^" + std::string{prefix} + "[0-9A-HJKMNP-TV-Z]{26}$"});
  return schema;
}

Schema Schemer::enum_schema(const std::vector<std::string_view>& texts) {
  Object schema = typed("string");
  schema.push_back({"enum", Array(texts.begin(), texts.end())});
  return schema;
}

void Schemer::add_example(Schema& schema, std::string_view json) {
  schema.get<Object>()->push_back({"examples", Array{parse(json).value()}});
}

Schema Schemer::nullable(Schema schema) {
  if (schema.find("$ref") != nullptr || schema.find("oneOf") != nullptr)
    return Object{{"anyOf", Array{std::move(schema), typed("null")}}};
  for (auto& member : *schema.get<Object>()) {
    if (member.name == "type" && member.value.is<std::string>()) {
      member.value = Array{std::move(member.value), Value{"null"}};
    }
    if (member.name == "enum") member.value.get<Array>()->push_back(nullptr);
  }
  return schema;
}

Schema Schemer::list_schema(Schema item, const Limit& limit) {
  Object schema = typed("array");
  schema.push_back({"items", std::move(item)});
  if (limit.min > 0) schema.push_back({"minItems", number(limit.min)});
  if (limit.max != unlimited) schema.push_back({"maxItems", number(limit.max)});
  return schema;
}

void Schemer::take_others(std::string_view doc) {
  others_ = doc.empty() ? Value{true} : Value{Object{{"description", doc}}};
}

void Schemer::add(std::string_view name, Schema schema, std::string_view doc) {
  if (!doc.empty()) schema.get<Object>()->push_back({"description", doc});
  properties_.push_back({std::string{name}, std::move(schema)});
}

Schema Schemer::define(std::string_view name, Schema schema) {
  const auto at =
      std::find_if(definitions_.begin(), definitions_.end(), [&](const auto& one) { return one.name == name; });
  if (at == definitions_.end()) {
    definitions_.push_back({std::string{name}, std::move(schema)});
  } else if (at->value != schema) {
    throw std::logic_error{"two types call themselves " + std::string{name}};
  }
  return Object{{"$ref", "#/$defs/" + std::string{name}}};
}

Schema Schemer::take() {
  Object schema = typed("object");
  schema.push_back({"properties", std::move(properties_)});
  if (!required_.empty()) schema.push_back({"required", std::move(required_)});
  schema.push_back({"additionalProperties", std::move(others_)});
  return schema;
}

}  // namespace cardea::wire
