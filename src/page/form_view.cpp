#include "page/form_view.hpp"

#include <algorithm>

namespace cardea::page {
namespace {

bool is_password(std::string_view name) { return name.starts_with("password") || name.ends_with("_password"); }

}  // namespace

wire::Object form_view(const wire::Value& typed, const std::vector<FieldError>& problems,
                       std::initializer_list<std::string_view> without_input) {
  wire::Object values;
  if (const auto* members = typed.get<wire::Object>()) {
    for (const auto& member : *members) {
      if (!is_password(member.name)) values.push_back(member);
    }
  }
  wire::Object errors;
  wire::Array listed;
  for (const auto& problem : problems) {
    const bool has_input = std::find(without_input.begin(), without_input.end(), problem.field) == without_input.end();
    listed.emplace_back(wire::Object{{"field", has_input ? problem.field : ""}, {"text", problem.detail}});
    const bool first =
        std::none_of(errors.begin(), errors.end(), [&](const auto& e) { return e.name == problem.field; });
    if (has_input && first && !problem.field.empty()) errors.push_back({problem.field, problem.detail});
  }
  return {{"values", std::move(values)},
          {"errors", std::move(errors)},
          {"problems", std::move(listed)},
          {"failed", !problems.empty()}};
}

std::vector<FieldError> problems_of(const Error& error) {
  if (!error.fields.empty()) return error.fields;
  return {{"", std::string{error.kind->code}, std::string{error.kind->title}}};
}

wire::Object merged(wire::Object data, wire::Object more) {
  std::move(more.begin(), more.end(), std::back_inserter(data));
  return data;
}

Secret typed_secret(const wire::Value& form, std::string_view name) {
  const auto* value = form.find(name);
  const auto* text = value != nullptr ? value->get<std::string>() : nullptr;
  return text != nullptr ? Secret{*text} : Secret{};
}

std::string typed(const wire::Value& form, std::string_view name) {
  const auto* value = form.find(name);
  const auto* text = value != nullptr ? value->get<std::string>() : nullptr;
  return text != nullptr ? *text : std::string{};
}

}  // namespace cardea::page
