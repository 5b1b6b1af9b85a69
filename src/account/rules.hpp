#pragma once
// What the functions of this module check before they act. Internal to account.

#include "account/account.hpp"

namespace cardea::account {

/// Whether the principal's proof is recent enough for what only the owner should do.
[[nodiscard]] bool is_recent(const Deps& deps, const Context& context);
/// Whether the principal holds `permission`, and owners.manage when `id` is an owner. Errors: forbidden, not_found.
Result<Done> may_act_on(db::Tx& tx, const Context& context, const AccountId& id, const Permission& permission);
/// On whose behalf it is done: empty for the account itself, "admin", or "command" when no account acts.
[[nodiscard]] std::string_view reason_of(const Context& context, const AccountId& id);

}  // namespace cardea::account
