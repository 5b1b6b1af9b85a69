#include "page/form.hpp"

#include <algorithm>

#include "http/problem.hpp"

namespace cardea::page {
namespace {

/// The declared inputs in the data of a page, to be changed where that may be; null: there are none.
template <class Data>
auto* declared_fields(Data& data) {
  const auto at = std::find_if(data.begin(), data.end(), [](const auto& member) { return member.name == "fields"; });
  return at == data.end() ? nullptr : at->value.template get<wire::Array>();
}

/// What concerns no input, then the page's own inputs as they stand in its template, then the declared ones.
std::vector<std::string> order_of(const std::vector<std::string>& own, const std::vector<std::string_view>& last,
                                  const wire::Array* declared) {
  std::vector<std::string> order{""};
  std::ranges::copy_if(own, std::back_inserter(order),
                       [&](const std::string& name) { return std::ranges::find(last, name) == last.end(); });
  order.insert(order.end(), last.begin(), last.end());
  if (declared == nullptr) return order;
  for (const auto& each : *declared) order.push_back(typed(each, "name"));
  return order;
}

std::vector<FieldError> in_order(std::vector<FieldError> problems, const std::vector<std::string>& order) {
  const auto place_of = [&order](const FieldError& problem) { return std::ranges::find(order, problem.field); };
  const auto before = [&](const FieldError& a, const FieldError& b) { return place_of(a) < place_of(b); };
  std::vector<FieldError> sorted;
  for (auto& problem : problems) {
    sorted.insert(std::upper_bound(sorted.begin(), sorted.end(), problem, before), std::move(problem));
  }
  return sorted;
}

std::string input_label(const Words& words, std::string_view page, const std::string& field,
                        const wire::Array* declared) {
  if (field.empty()) return {};
  if (declared != nullptr) {
    for (const auto& each : *declared) {
      if (typed(each, "name") == field) return typed(each, "label");
    }
  }
  for (const auto& key : {std::string{page} + "." + field, "field." + field}) {
    if (words.has(key)) return std::string{words.text(key)};
  }
  return {};
}

wire::Object form_view(const Pages& pages, const http::Call& call, const Form& form) {
  const auto words = pages.words(call);
  wire::Object values;
  const auto& filled = form.values != nullptr ? *form.values : call.form;
  if (const auto* members = filled.get<wire::Object>()) {
    for (const auto& member : *members) {
      if (!is_password(member.name)) values.push_back(member);
    }
  }
  const auto* declared = declared_fields(form.data);
  const auto problems =
      in_order(problems_of(words, form.error, form.data), order_of(pages.inputs(form.page), form.last, declared));
  wire::Object errors;
  wire::Array listed;
  for (const auto& problem : problems) {
    listed.emplace_back(wire::Object{{"field", problem.field},
                                     {"label", input_label(words, form.page, problem.field, declared)},
                                     {"text", problem.detail}});
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
  auto view = form_view(pages, call, form);
  auto response = pages.render(form.page, call, merged(std::move(view), std::move(form.data)),
                               form.error != nullptr ? form.error->kind->status : 200);
  if (form.error != nullptr) http::add_retry_after(response, *form.error);
  return response;
}

bool is_password(std::string_view name) { return name.starts_with("password") || name.ends_with("_password"); }

bool is_beyond_form(const Error& error) { return error.is(http::unauthenticated); }

void add_labels(const Words& words, wire::Object& data) {
  auto* fields = declared_fields(data);
  if (fields == nullptr) return;
  for (auto& field : *fields) {
    auto* members = field.get<wire::Object>();
    if (members == nullptr) continue;
    for (auto& member : *members) {
      if (member.name == "label") member.value = label_of(words, typed(field, "name"), typed(field, "label"));
    }
  }
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
