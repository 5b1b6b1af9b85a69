#pragma once
// What every change of an account's second factors brings with it, in the transaction that makes the change, whichever
// feature makes it: `enrol` and `remove_factor` for those that are enrolled by a code, and a feature that keeps more
// than one of a kind.

#include "authn/authn.hpp"

namespace cardea::authn {

/// After a second factor was added: every other session ends, every browser is forgotten, and a new session replaces
/// the principal's, with `assurance`. Each was opened without the factor, perhaps by somebody who knew the password.
SignedIn start_afresh(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser,
                      identity::Account account, const Assurance& assurance);

/// After something of `method` was removed: where it was the last that stands by itself, backups go with it, and
/// nothing is removed where policy asks for one. Every other session ends, and no browser is trusted. A passkey is a
/// first step that reaches the level of two factors: another passkey, or a second factor, is enough in its place.
/// Errors: last_factor, upon which the transaction is to be rolled back.
Result<Done> after_removal(db::Tx& tx, const Deps& deps, const Context& context, const identity::Account& account,
                           AuthMethod method);

}  // namespace cardea::authn
