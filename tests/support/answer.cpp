#include "tests/support/answer.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"

namespace cardea::wire {
void PrintTo(const Value& value, std::ostream* out) { *out << to_json(value); }
}  // namespace cardea::wire

namespace cardea::testing_support {
namespace {

const wire::Value* step(const wire::Value& value, std::string_view name) {
  const auto* array = value.get<wire::Array>();
  if (array == nullptr) return value.find(name);
  const auto index = text::parse_integer(name);
  if (!index || *index < 0 || static_cast<std::size_t>(*index) >= array->size()) return nullptr;
  return &(*array)[static_cast<std::size_t>(*index)];
}

std::optional<wire::Value> find(std::string_view body, std::string_view path) {
  const auto whole = wire::parse(body, {.depth = 16, .members = 100'000});
  if (!whole) return std::nullopt;
  const wire::Value* at = &*whole;
  while (!path.empty() && at != nullptr) {
    const auto slash = std::min(path.find('/'), path.size());
    at = step(*at, path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  if (at == nullptr) return std::nullopt;
  return *at;
}

}  // namespace

std::vector<std::string> Answer::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& field : headers.fields()) {
    if (text::equals_ignoring_case(field.name, name)) values.emplace_back(field.value);
  }
  return values;
}

std::string Answer::set_cookie(std::string_view name) const {
  for (const auto& value : all("Set-Cookie")) {
    if (value.starts_with(std::string{name} + "=")) return value;
  }
  return {};
}

wire::Value Answer::json(std::string_view path) const {
  auto found = find(body, path);
  if (found) return *std::move(found);
  ADD_FAILURE() << "no JSON at \"" << path << "\" in " << status << " " << body;
  return nullptr;
}

bool Answer::has(std::string_view path) const { return find(body, path).has_value(); }

std::string Answer::text(std::string_view path) const {
  const auto value = json(path);
  const auto* text = value.get<std::string>();
  if (text != nullptr) return *text;
  ADD_FAILURE() << "no text at \"" << path << "\" in " << status << " " << body;
  return {};
}

std::size_t Answer::count(std::string_view path) const {
  const auto value = json(path);
  if (const auto* array = value.get<wire::Array>()) return array->size();
  if (const auto* object = value.get<wire::Object>()) return object->size();
  ADD_FAILURE() << "neither array nor object at \"" << path << "\" in " << body;
  return 0;
}

std::vector<std::string> Answer::members(std::string_view path) const {
  std::vector<std::string> names;
  const auto value = json(path);
  if (const auto* object = value.get<wire::Object>()) {
    for (const auto& member : *object) names.push_back(member.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string Answer::code() const { return has("code") ? text("code") : std::string{}; }

std::vector<std::string> Answer::problems() const {
  std::vector<std::string> found;
  const std::size_t size = has("errors") ? count("errors") : 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::string at = "errors/" + std::to_string(i);
    const std::string pointer = text(at + "/pointer");
    found.push_back(pointer.substr(std::min<std::size_t>(1, pointer.size())) + ":" + text(at + "/code"));
  }
  std::sort(found.begin(), found.end());
  return found;
}

void PrintTo(const Answer& answer, std::ostream* out) { *out << answer.status << " " << answer.body; }

}  // namespace cardea::testing_support
