#include "http/query.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"
#include "encoding/form.hpp"
#include "encoding/json_pointer.hpp"
#include "http/problem.hpp"

namespace cardea::http {
namespace {

constexpr std::size_t most_told = 8;    // names in one refusal
constexpr std::size_t longest_told = 100;  // bytes of one of them

struct Pair {
  std::string name;
  std::string value;
};

/// What Planner lets through decodes (is_query).
std::vector<Pair> pairs_of(std::string_view query) {
  std::vector<Pair> pairs;
  for (const std::string_view piece : text::split(query, '&')) {
    if (piece.empty()) continue;
    const auto equals = std::min(piece.find('='), piece.size());
    auto name = encoding::percent_decode(piece.substr(0, equals), true);
    auto value = encoding::percent_decode(piece.substr(std::min(equals + 1, piece.size())), true);
    if (name && value) pairs.push_back({*std::move(name), *std::move(value)});
  }
  return pairs;
}

/// "limit and cursor".
std::string names_of(const QueryKind& kind) {
  std::string names;
  for (std::size_t i = 0; i < kind.parameters.size(); ++i) {
    if (i > 0) names += i + 1 == kind.parameters.size() ? " and " : ", ";
    names += kind.parameters[i].name;
  }
  return names;
}

void tell(std::vector<FieldError>& problems, std::string_view name, std::string_view code, std::string detail) {
  if (problems.size() == most_told || name.size() > longest_told) return;
  problems.push_back({encoding::pointer_step(name), std::string{code}, std::move(detail)});
}

std::string bounds_of(const wire::Schema& schema) {
  const auto* min = schema.find("minimum");
  const auto* max = schema.find("maximum");
  std::string text = "Use a whole number";
  if (min != nullptr) text += " from " + std::to_string(*min->get<std::int64_t>());
  if (max != nullptr) text += " to " + std::to_string(*max->get<std::int64_t>());
  return text + ".";
}

bool has_type(const wire::Schema& schema, std::string_view wanted) {
  const auto* type = schema.find("type");
  if (type == nullptr) return false;
  if (const auto* types = type->get<wire::Array>()) {
    return std::find(types->begin(), types->end(), wire::Value{wanted}) != types->end();
  }
  return *type == wire::Value{wanted};
}

/// A parameter is there or not; there is no null.
wire::Schema without_null(wire::Schema schema) {
  for (auto& [name, value] : *schema.get<wire::Object>()) {
    auto* several = value.get<wire::Array>();
    if (several == nullptr) continue;
    std::erase_if(*several,
                  [](const wire::Value& each) { return each.is<std::nullptr_t>() || each == wire::Value{"null"}; });
    if (name == "type" && several->size() == 1) value = wire::Value{several->front()};
  }
  return schema;
}

std::string take_description(wire::Schema& schema) {
  std::string doc;
  std::erase_if(*schema.get<wire::Object>(), [&doc](const wire::Member& member) {
    if (member.name != "description") return false;
    doc = *member.value.get<std::string>();
    return true;
  });
  return doc;
}

}  // namespace

const QueryParameter* QueryKind::find(std::string_view name) const {
  const auto at = std::find_if(parameters.begin(), parameters.end(),
                               [name](const QueryParameter& parameter) { return parameter.name == name; });
  return at == parameters.end() ? nullptr : &*at;
}

QueryKind make_query_kind(const wire::Schema& schema, const wire::Value& defaults) {
  QueryKind kind;
  const auto* required = schema.find("required");
  for (const auto& [name, member] : *schema.find("properties")->get<wire::Object>()) {
    QueryParameter parameter{.name = name, .schema = without_null(member)};
    parameter.doc = take_description(parameter.schema);
    parameter.is_number = has_type(parameter.schema, "integer");
    if (required != nullptr) {
      const auto& names = *required->get<wire::Array>();
      parameter.is_required = std::find(names.begin(), names.end(), wire::Value{name}) != names.end();
    }
    const auto* value = defaults.find(name);
    if (value != nullptr && !parameter.is_required && !value->is<std::nullptr_t>()) {
      parameter.schema.get<wire::Object>()->push_back({"default", *value});
    }
    kind.parameters.push_back(std::move(parameter));
  }
  return kind;
}

const QueryKind& no_query() {
  static const QueryKind kind;
  return kind;
}

std::optional<Error> refusal_of(std::string_view query, const QueryKind& kind, UnknownParameters unknown) {
  if (query.empty()) return std::nullopt;
  std::vector<std::string> names;
  for (auto& pair : pairs_of(query)) names.push_back(std::move(pair.name));
  std::sort(names.begin(), names.end());
  std::vector<FieldError> problems;
  bool is_repeated = false;
  for (std::size_t i = 1; i < names.size(); ++i) {
    if (names[i] != names[i - 1]) continue;
    is_repeated = true;
    tell(problems, names[i], "repeated_parameter", "Send this parameter once.");
  }
  if (is_repeated) return Error{malformed_request, std::move(problems)};
  if (!is_query(query)) return malformed_request;
  if (unknown == UnknownParameters::ignored) return std::nullopt;
  bool is_unknown = false;
  for (const auto& name : names) {
    if (kind.find(name) != nullptr) continue;
    is_unknown = true;
    const std::string known = names_of(kind);
    tell(problems, name, "unknown_parameter",
         known.empty() ? "This address takes no parameters." : "This address takes " + known + ".");
  }
  if (is_unknown) return Error{unknown_parameter, std::move(problems)};
  return std::nullopt;
}

Result<wire::Value> read_query(std::string_view query, const QueryKind& kind, UnknownParameters unknown) {
  wire::Object members;
  std::vector<FieldError> problems;
  for (auto& [name, value] : pairs_of(query)) {
    const auto* parameter = kind.find(name);
    if (parameter == nullptr) continue;
    if (value.empty() && unknown == UnknownParameters::ignored) continue;
    if (!parameter->is_number) {
      members.push_back({name, std::move(value)});
    } else if (const auto number = text::parse_integer(value)) {
      members.push_back({name, *number});
    } else {
      problems.push_back({name, "out_of_range", bounds_of(parameter->schema)});
    }
  }
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  return wire::Value{std::move(members)};
}

Result<wire::Value> Call::declared_query(const QueryKind& kind) const {
  if (route.query != &kind) throw std::logic_error{"a query that is not declared: " + std::string{route.path}};
  return read_query(request.query, kind, route.surface->unknown_parameters);
}

}  // namespace cardea::http
