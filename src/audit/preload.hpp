#pragma once
// For work that must cost the same whether or not there is such an account.

#include "audit/keys.hpp"

namespace cardea::audit {

/// Reads an account's key by one statement, the same for an id that nobody has; an event about it that is recorded
/// within some minutes then takes no more statements than one about nobody.
void preload_key(db::Tx& tx, const Keys& keys, const AccountId& account, Time now);

}  // namespace cardea::audit
