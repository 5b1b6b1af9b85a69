#include "page/scope.hpp"

#include <type_traits>
#include <variant>

#include <fmt/format.h>

namespace cardea::page {
namespace {

mustache::data from_list(const wire::Array& items) {
  mustache::data list{mustache::data::type::list};
  for (const auto& item : items) list.push_back(to_mustache(item));
  return list;
}

mustache::data from_object(const wire::Object& members) {
  if (members.empty()) return mustache::data{false};
  mustache::data object{mustache::data::type::object};
  // Backwards, so that of two members of a name the first one counts, as it does for Value::find.
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    const auto& [name, value] = *member;
    object[name] = to_mustache(value);
    const auto* type = value.get<std::string>();
    if (name == "type" && type != nullptr) object["is_" + *type] = mustache::data{true};
  }
  return object;
}

const mustache::data* walk(const mustache::data* at, std::string_view name) {
  while (at != nullptr) {
    const auto dot = name.find('.');
    at = at->get(std::string{name.substr(0, dot)});
    if (dot == std::string_view::npos) break;
    name.remove_prefix(dot + 1);
  }
  return at;
}

}  // namespace

mustache::data to_mustache(const wire::Value& value) {
  return std::visit(
      [](const auto& held) -> mustache::data {
        using Held = std::remove_cvref_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::nullptr_t>)
          return mustache::data{false};
        else if constexpr (std::is_same_v<Held, bool>)
          return mustache::data{held};
        else if constexpr (std::is_same_v<Held, std::string>)
          return held.empty() ? mustache::data{false} : mustache::data{held};
        else if constexpr (std::is_same_v<Held, wire::Array>)
          return from_list(held);
        else if constexpr (std::is_same_v<Held, wire::Object>)
          return from_object(held);
        else
          return mustache::data{fmt::format("{}", held)};
      },
      value.state());
}

Scope::Scope(const mustache::data& root, const std::set<std::string, std::less<>>& required,
             std::function<std::string()> form_token)
    : items_{&root}, required_(required), form_token_(std::move(form_token)) {}

const mustache::data* Scope::get(const std::string& name) const {
  if (name == ".") return items_.back();
  if (name == "csrf") {
    if (csrf_.is_false()) csrf_ = mustache::data{form_token_()};
    return &csrf_;
  }
  for (auto item = items_.rbegin(); item != items_.rend(); ++item) {
    if (const auto* found = walk(*item, name)) return found;
  }
  if (required_.contains(name)) missing_.insert(name);
  return nullptr;
}

}  // namespace cardea::page
