#pragma once
// An account on the wire: fixed members, then one for each declared profile field, as far as the viewer may see them.

#include <optional>
#include <string>
#include <string_view>

#include "encoding/wire.hpp"
#include "identity/identity.hpp"

namespace cardea::identity {

/// What is absent is not for this viewer; an inner absence is a null.
struct AccountView {
  static constexpr std::string_view schema_name = "Account";
  AccountId id;
  std::optional<std::string> uid;
  std::string name;
  std::optional<std::optional<std::string>> email;
  std::optional<Status> status;
  std::optional<Role> role;
  std::optional<Time> created_at;
  std::optional<Time> updated_at;
  wire::Object profile;
};
template <class D>
void describe(D& d, wire::Of<D, AccountView>& account) {
  constexpr std::string_view not_for_everyone = "Only for the account itself and administrators.";
  d.required("id", account.id);
  d.required("uid", account.uid, {.max = longest_uid, .doc = "User id."});
  d.required("name", account.name, {.max = longest_name, .doc = "Display name; empty where none is asked for."});
  d.if_present("email", account.email, {.max = 320, .doc = not_for_everyone, .format = "email"});
  d.if_present("status", account.status, {.doc = not_for_everyone});
  d.if_present("role", account.role, {.doc = not_for_everyone});
  d.if_present("created_at", account.created_at, {.doc = not_for_everyone});
  d.if_present("updated_at", account.updated_at, {.doc = not_for_everyone});
  d.rest(account.profile,
         "A declared profile field that the caller may see: text, integer, boolean, a date as text, null.");
}

/// The one place that decides who sees what of an account.
[[nodiscard]] AccountView view(const Account& account, const Settings& settings, Viewer viewer);

}  // namespace cardea::identity
