#pragma once
// The ranking: for each sortable field a row of every active account, with a copy of what the user list shows. The
// account is the truth; whatever changes one calls `rank` in the same transaction. Internal to identity.

#include "identity/identity.hpp"

namespace cardea::identity {

/// Ranks a new account by every ranked field it has a number for.
void rank_new(db::Tx& tx, const Account& account);
/// Makes the ranking show the account as it is now, or no more when it is not active.
void rank_again(db::Tx& tx, const Account& account);

}  // namespace cardea::identity
