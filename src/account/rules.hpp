#pragma once
// What the functions of this module ask before they act. Internal to account.

#include "account/account.hpp"

namespace cardea::account {

/// A proof of the principal is recent enough for what only its owner should do.
[[nodiscard]] bool is_recent(const Deps& deps, const Context& context);
/// The principal holds `permission`, also by its account's row, and owners.manage when `id` is an owner. Errors:
/// forbidden, not_found.
Result<Done> may_act_on(db::Tx& tx, const Context& context, const AccountId& id, const Permission& permission);
/// In whose role it was done: nothing for the account itself, "admin", or "command" when no account acts.
[[nodiscard]] std::string_view reason_of(const Context& context, const AccountId& id);

}  // namespace cardea::account
