#include "page/form.hpp"

#include <algorithm>

#include "http/problem.hpp"

namespace cardea::page {
namespace {

bool is_password(std::string_view name) { return name.starts_with("password") || name.ends_with("_password"); }

wire::Object form_view(const wire::Value& typed, const std::vector<FieldError>& problems) {
  wire::Object values;
  if (const auto* members = typed.get<wire::Object>()) {
    for (const auto& member : *members) {
      if (!is_password(member.name)) values.push_back(member);
    }
  }
  wire::Object errors;
  wire::Array listed;
  for (const auto& problem : problems) {
    listed.emplace_back(wire::Object{{"field", problem.field}, {"text", problem.detail}});
    const bool first =
        std::none_of(errors.begin(), errors.end(), [&](const auto& e) { return e.name == problem.field; });
    if (first && !problem.field.empty()) errors.push_back({problem.field, problem.detail});
  }
  return {{"values", std::move(values)},
          {"errors", std::move(errors)},
          {"problems", std::move(listed)},
          {"failed", !problems.empty()}};
}

}  // namespace

http::Response render_form(const Pages& pages, const http::Call& call, Form form) {
  auto view = form_view(form.values != nullptr ? *form.values : call.form, problems_of(form.error));
  auto response = pages.render(form.page, call, merged(std::move(view), std::move(form.data)),
                               form.error != nullptr ? form.error->kind->status : 200);
  if (form.error != nullptr) http::add_error_headers(response, *form.error, http::Style::page);
  return response;
}

std::vector<FieldError> problems_of(const Error* error) {
  if (error == nullptr) return {};
  if (!error->fields.empty()) return error->fields;
  return {{"", std::string{error->kind->code}, std::string{error->kind->title}}};
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
