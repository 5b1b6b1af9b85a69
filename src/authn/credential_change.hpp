#pragma once
// What every change of what an account is signed in to by has in common. Internal to authn.

#include "authn/authn.hpp"

namespace cardea::authn {

/// A session that is bound to a device opens another only when the device has just shown its key: who has copied its
/// cookies, and knows the password, would have one that is theirs. Errors: reauth_required.
Result<Done> confirm_key(const Context& context);
/// Holds the account, so that sign-ins come before or after the change. Errors: unauthenticated.
Result<identity::Account> hold_active(db::Tx& tx, const AccountId& id);
/// Ends every other session of the principal: each was opened without what has been changed.
void end_others(db::Tx& tx, const Deps& deps, const Context& context);

}  // namespace cardea::authn
