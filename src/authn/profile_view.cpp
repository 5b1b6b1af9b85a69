#include "authn/profile_view.hpp"

#include <algorithm>

namespace cardea::authn {
namespace {

wire::Value shown_value(const identity::Field& field, const wire::Value& values) {
  const auto* value = values.find(field.name);
  if (value == nullptr || value->is<std::nullptr_t>()) {
    return field.type == identity::FieldType::boolean ? wire::Value{false} : wire::Value{""};
  }
  const auto* text = value->get<std::string>();
  if (field.type == identity::FieldType::boolean && text != nullptr) return *text == "true" || *text == "on";
  if (field.type == identity::FieldType::json && text == nullptr) return wire::to_json(*value);
  return *value;
}

std::string error_of(const identity::Field& field, const std::vector<FieldError>& problems) {
  const auto at = std::find_if(problems.begin(), problems.end(), [&](const auto& p) { return p.field == field.name; });
  return at == problems.end() ? std::string{} : at->detail;
}

/// Whether a choice has been made: neither answer stands for who has given none.
bool is_answered(const identity::Field& field, const wire::Value& values) {
  const auto* value = values.find(field.name);
  const auto* text = value == nullptr ? nullptr : value->get<std::string>();
  return value != nullptr && !value->is<std::nullptr_t>() && (text == nullptr || !text->empty());
}

/// An end of an integer's range, which the browser then checks too.
wire::Value end_of_range(const identity::Field& field, std::int64_t limit) {
  if (field.type != identity::FieldType::integer) return false;
  return wire::Object{{"limit", limit}};
}

/// JSON is typed as text.
identity::FieldType input_type(const identity::Field& field) {
  return field.type == identity::FieldType::json ? identity::FieldType::text : field.type;
}

wire::Object presence(const identity::Settings& settings, bool (*holds)(identity::Presence)) {
  return {{"name", holds(settings.name)}, {"uid", holds(settings.uid)}, {"email", holds(settings.email)}};
}

}  // namespace

wire::Object profile_view(const identity::Settings& settings, const wire::Value& values,
                          const std::vector<FieldError>& problems, ShownOn page) {
  wire::Array fields;
  bool has_fixed = false;
  for (const auto& field : settings.fields) {
    if (field.see == identity::Visibility::admin) continue;
    if (page == ShownOn::signup && !field.on_signup) continue;
    const bool editable = field.edit == identity::Editor::user;
    has_fixed = has_fixed || !editable;
    const bool is_text = field.type == identity::FieldType::text || field.type == identity::FieldType::json;
    fields.emplace_back(wire::Object{{"name", field.name},
                                     {"label", field.label},
                                     {"type", enum_text(input_type(field))},
                                     {"value", shown_value(field, values)},
                                     {"is_answered", is_answered(field, values)},
                                     {"editable", editable},
                                     {"required", false},
                                     {"error", error_of(field, problems)},
                                     {"max", is_text ? wire::Value{field.most()} : wire::Value{""}},
                                     {"low", end_of_range(field, field.least())},
                                     {"high", end_of_range(field, field.most())},
                                     {"birthday", field.name == "dob"}});
  }
  return {{"show", presence(settings, [](identity::Presence p) { return p != identity::Presence::off; })},
          {"need", presence(settings, [](identity::Presence p) { return p == identity::Presence::required; })},
          {"fields", std::move(fields)},
          {"has_fixed", has_fixed}};
}

identity::Submitted read_form(const identity::Settings& settings, const wire::Value& form,
                              std::initializer_list<std::string_view> besides) {
  const auto text = [&form](std::string_view name) -> std::optional<std::string> {
    const auto* value = form.find(name);
    const auto* typed = value != nullptr ? value->get<std::string>() : nullptr;
    return typed != nullptr ? std::optional{*typed} : std::nullopt;
  };
  identity::Submitted submitted{.name = text("name"), .uid = text("uid"), .email = text("email")};
  const auto* inputs = form.get<wire::Object>();
  if (inputs == nullptr) return submitted;
  for (const auto& [name, value] : *inputs) {
    const bool is_own = name == "name" || name == "uid" || name == "email";
    if (is_own || std::find(besides.begin(), besides.end(), name) != besides.end()) continue;
    const auto* field = identity::find_field(settings.fields, name);
    const auto* typed = value.get<std::string>();
    submitted.profile.push_back(
        {name, field != nullptr && typed != nullptr ? identity::from_text(*field, *typed) : value});
  }
  return submitted;
}

wire::Value values_of(const identity::Account& account, const identity::Settings& settings) {
  wire::Object values{{"name", account.name}, {"email", account.pending_email.value_or(account.email.value_or(""))}};
  for (const auto& field : settings.fields) {
    const auto at = account.profile.find(field.name);
    if (at != account.profile.end()) values.push_back({field.name, identity::to_wire(field, at->second)});
  }
  return values;
}

}  // namespace cardea::authn
