#include "identity/account_view.hpp"

namespace cardea::identity {

AccountView view(const Account& account, const Settings& settings, Viewer viewer) {
  AccountView out{.id = account.id, .uid = account.uid, .name = account.name};
  if (viewer != Viewer::everyone) {
    out.email.emplace(account.email);
    out.status = account.status;
    out.role = account.role;
    out.created_at = account.created_at;
    out.updated_at = account.updated_at;
  }
  for (const auto& field : settings.fields) {
    const bool visible = field.see == Visibility::everyone || viewer == Viewer::admin ||
                         (viewer == Viewer::self && field.see == Visibility::self);
    if (!visible) continue;
    const auto at = account.profile.find(field.name);
    const bool is_empty = at == account.profile.end();
    out.profile.push_back({field.name, is_empty ? wire::Value{nullptr} : to_wire(field, at->second)});
  }
  return out;
}

wire::Object to_wire(const Account& account, const Settings& settings, Viewer viewer) {
  auto shown = view(account, settings, viewer);
  const auto text_or_null = [](const std::optional<std::string>& text) {
    return text ? wire::Value{*text} : wire::Value{nullptr};
  };
  wire::Object out{{"id", shown.id.text()}, {"uid", text_or_null(shown.uid)}, {"name", shown.name}};
  if (shown.email) out.push_back({"email", text_or_null(*shown.email)});
  if (shown.status) out.push_back({"status", enum_text(*shown.status)});
  if (shown.role) out.push_back({"role", enum_text(*shown.role)});
  if (shown.created_at) out.push_back({"created_at", rfc3339(*shown.created_at)});
  if (shown.updated_at) out.push_back({"updated_at", rfc3339(*shown.updated_at)});
  for (auto& member : shown.profile) out.push_back(std::move(member));
  return out;
}

wire::Value account_schema() { return wire::schema<AccountView>(); }

}  // namespace cardea::identity
