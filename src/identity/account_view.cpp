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
  out.profile.reserve(settings.fields.size());
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

}  // namespace cardea::identity
