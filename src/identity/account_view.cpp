#include "identity/account_view.hpp"

namespace cardea::identity {
namespace {

bool sees(Viewer viewer, const Field& field) {
  return field.see == Visibility::everyone || viewer == Viewer::admin ||
         (viewer == Viewer::self && field.see == Visibility::self);
}

}  // namespace

void write_members(wire::Writer& writer, const ShownProfile& profile) {
  for (const auto& field : *profile.fields) {
    if (!sees(profile.viewer, field)) continue;
    const auto* value = profile.values.find(field.name);
    if (value == nullptr) {
      writer.member(field.name, nullptr);
    } else if (const auto* words = std::get_if<std::string_view>(value)) {
      writer.member(field.name, *words);
    } else if (const auto* json = std::get_if<JsonView>(value)) {
      writer.member(field.name, wire::WrittenJson{json->text});
    } else if (const auto number = std::get<std::int64_t>(*value); field.type == FieldType::boolean) {
      writer.member(field.name, number != 0);
    } else {
      writer.member(field.name, number);
    }
  }
}

AccountView view(const Account& account, const Settings& settings, Viewer viewer) {
  AccountView out{.id = account.id,
                  .uid = account.uid,
                  .name = account.name,
                  .profile = {.fields = &settings.fields, .viewer = viewer, .values = ProfileView{account.profile}}};
  if (viewer != Viewer::everyone) {
    out.email.emplace(account.email);
    out.email_verified = account.email_verified_at.has_value();
    if (account.pending_email) out.pending_email = *account.pending_email;
    out.status = account.status;
    out.role = account.role;
    out.created_at = account.created_at;
    out.updated_at = account.updated_at;
    out.erase_at = account.erase_at;
  }
  return out;
}

AccountView view(const Listed& account, const Settings& settings) {
  return {.id = account.id,
          .uid = account.uid,
          .name = account.name,
          .profile = {.fields = &settings.fields, .viewer = Viewer::everyone, .values = account.profile}};
}

}  // namespace cardea::identity
