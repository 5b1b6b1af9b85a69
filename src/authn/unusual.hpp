#pragma once
// Unusual sign-ins: a right password from a browser and a network that are both new to the account, which others have
// stolen passwords from. Internal to authn.
//
// Never: keeps anybody out who could not be asked for more; tells who has not shown the password whether it would ask.

#include <vector>

#include "authn/authn.hpp"

namespace cardea::authn {

enum class Asked {
  first,   // nobody was asked for anything yet
  before,  // it is answered
};
/// What can be asked for in place of a second factor that the account has not. Who was asked for it once is asked on,
/// so that nobody gets in by waiting until mail fails; who begins anew then is let in.
[[nodiscard]] std::vector<AuthMethod> stand_ins(db::Tx& tx, const Deps& deps, const Context& context,
                                                const AccountId& account, Asked asked);
/// Records what became of the step that was found unusual.
void record_unusual(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& account, const Step& step);

}  // namespace cardea::authn
