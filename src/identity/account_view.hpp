#pragma once
// An account on the wire: fixed members, then one for each declared profile field, as far as the viewer may see them.

#include <optional>
#include <string_view>
#include <vector>

#include "encoding/wire.hpp"
#include "identity/identity.hpp"
#include "identity/listing.hpp"

namespace cardea::identity {

/// The fields of a profile that a viewer may see. Shows each of them, with null where there is no value.
struct ShownProfile {
  const std::vector<Field>* fields = nullptr;
  Viewer viewer = Viewer::everyone;
  ProfileView values;
};
void write_members(wire::Writer& writer, const ShownProfile& profile);

/// What is absent is not for this viewer; an inner absence is a null. Refers to the account and the settings that were
/// given.
struct AccountView {
  static constexpr std::string_view schema_name = "Account";
  static constexpr std::string_view schema_example =
      R"({"id":"usr_01K2V7F3T4Q9M6W8X5Y0Z1A2B3","uid":"carol","name":"Carol",)"
      R"("email":"carol@example.com","email_verified":true,"status":"active","role":"user",)"
      R"("created_at":"2026-11-23T12:00:00.000Z","updated_at":"2026-11-23T12:00:00.000Z"})";
  AccountId id;
  std::optional<std::string_view> uid;
  std::string_view name;
  std::optional<std::optional<std::string_view>> email;
  std::optional<bool> email_verified;
  std::optional<std::string_view> pending_email;  // only where there is one
  std::optional<Status> status;
  std::optional<Role> role;
  std::optional<Time> created_at;
  std::optional<Time> updated_at;
  std::optional<Time> erase_at;  // only where there is one
  ShownProfile profile;
};
template <class D>
void describe(D& d, wire::Of<D, AccountView>& account) {
  constexpr std::string_view not_for_everyone = "Only for the account itself and administrators.";
  d.required("id", account.id);
  d.required("uid", account.uid, {.max = longest_uid, .doc = "User id."});
  d.required("name", account.name, {.max = longest_name, .doc = "Display name; empty where none is asked for."});
  d.if_present("email", account.email, {.max = 320, .doc = not_for_everyone, .format = "email"});
  d.if_present("email_verified", account.email_verified,
               {.doc = "Whether its owner has confirmed the address. Only for the account itself and administrators."});
  d.if_present(
      "pending_email", account.pending_email,
      {.max = 320,
       .doc = "An address that waits to be confirmed, where there is one. Until then it does nothing. Only for "
              "the account itself and administrators.",
       .format = "email"});
  d.if_present("status", account.status, {.doc = not_for_everyone});
  d.if_present("role", account.role, {.doc = not_for_everyone});
  d.if_present("created_at", account.created_at, {.doc = not_for_everyone});
  d.if_present("updated_at", account.updated_at, {.doc = not_for_everyone});
  d.if_present("erase_at", account.erase_at,
               {.doc = "When the account will be erased, where its deletion was asked for. Only for administrators."});
  d.rest(account.profile,
         "A declared profile field that the caller may see: text, integer, boolean, a date as text, null; any JSON "
         "where the field holds JSON.");
}

/// The one place that decides who sees what of an account, together with the view of a profile.
[[nodiscard]] AccountView view(const Account& account, const Settings& settings, Viewer viewer);
[[nodiscard]] AccountView view(const Account&&, const Settings&, Viewer) = delete;  // would not live long enough
/// The same of an account in a list, which shows what everyone may see.
[[nodiscard]] AccountView view(const Listed& account, const Settings& settings);

}  // namespace cardea::identity
