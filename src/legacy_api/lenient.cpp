#include "legacy_api/lenient.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace cardea::legacy_api {
namespace {

using identity::FieldType;

bool is_blank(const wire::Value& value) {
  const auto* words = value.get<std::string>();
  return value.is<std::nullptr_t>() || (words != nullptr && words->empty());
}

bool is_scalar(const wire::Value& value) { return value.is<bool>() || value.is<std::int64_t>() || value.is<double>(); }

/// "1990-2-8" as "1990-02-08"; anything else as it is.
std::string with_zeros(const std::string& date) {
  const auto pieces = text::split(date, '-');
  if (pieces.size() != 3 || pieces[0].size() != 4) return date;
  std::string out{pieces[0]};
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (pieces[i].empty() || pieces[i].size() > 2) return date;
    out.append(pieces[i].size() == 1 ? "-0" : "-").append(pieces[i]);
  }
  return out;
}

/// Members of every account, of which a change here is refused rather than passed over: who sends one means it.
bool is_of_account(std::string_view name) {
  constexpr std::array<std::string_view, 6> names{"uid", "name", "email", "password", "status", "role"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_unchanged(const wire::Value& shown, std::string_view name, const wire::Value& value) {
  const auto* current = shown.find(name);
  if (current == nullptr) return false;
  return *current == value || (is_blank(*current) && is_blank(value));
}

}  // namespace

wire::Value respelled(const identity::Field& field, wire::Value value) {
  const auto* words = value.get<std::string>();
  switch (field.type) {
    case FieldType::text: return is_scalar(value) ? wire::Value{wire::to_json(value)} : value;
    case FieldType::date: return words != nullptr ? wire::Value{with_zeros(*words)} : value;
    case FieldType::integer:
    case FieldType::boolean: return words != nullptr ? identity::from_text(field, *words) : value;
    case FieldType::json: return value;
  }
  return value;
}

wire::Object settable(const identity::Settings& settings, wire::Object members) {
  wire::Object kept;
  for (auto& [name, value] : members) {
    const auto* field = identity::find_field(settings.fields, name);
    const bool is_users = field != nullptr && field->edit == identity::Editor::user;
    if (is_users) kept.push_back({std::move(name), respelled(*field, std::move(value))});
  }
  return kept;
}

Update read_update(const identity::Settings& settings, const wire::Value& shown, bool is_admin, wire::Object members) {
  Update update;
  for (auto& [name, sent] : members) {
    const auto* field = identity::find_field(settings.fields, name);
    const bool is_hidden = field != nullptr && field->see == identity::Visibility::admin && !is_admin;
    if (is_hidden || (field == nullptr && !is_of_account(name))) continue;
    wire::Value value = field != nullptr ? respelled(*field, std::move(sent)) : std::move(sent);
    if (is_unchanged(shown, name, value) || (name == "password" && is_blank(value))) continue;
    if (field != nullptr && field->edit == identity::Editor::user) {
      update.submitted.profile.push_back({std::move(name), std::move(value)});
    } else {
      update.refused.push_back({std::move(name), "field_read_only", "This cannot be updated."});
    }
  }
  return update;
}

}  // namespace cardea::legacy_api
