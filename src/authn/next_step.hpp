#pragma once
// What a sign-in needs next. Pure and total: the one decision, made anew from stored facts at each step.

#include <optional>
#include <variant>
#include <vector>

#include "principal/principal.hpp"

namespace cardea::authn {

/// What NIST SP 800-63B §5.2.10 calls restricted: whoever has taken over a telephone number reads what is sent to it.
[[nodiscard]] bool is_restricted(AuthMethod method);
/// Whether a method that was shown counts for an account that can be asked for these: one that is restricted does not
/// where it is none of them, since something stronger is enrolled, or it was removed.
[[nodiscard]] bool counts(AuthMethod shown, const std::vector<AuthMethod>& enrolled);

/// All that the decision rests on, read in the transaction that acts on it.
struct Facts {
  bool is_active = false;                  // the account is there, and its owner may show who they are
  bool proofs_hold = false;                // everything shown so far still holds
  std::vector<AuthMethod> shown = {};      // in this sign-in
  std::vector<AuthMethod> enrolled = {};   // second factors that the account has
  Level required = Level::aal1;            // by policy
  bool browser_is_trusted = false;         // its owner is not asked again for a second factor
  bool began_by_mail = false;              // by an e-mail code, beside which any second factor is enough
  bool awaits_confirmation = false;        // nobody gets in before the account's address is confirmed
  /// Of an unusual sign-in to an account that has no second factor: what is asked for in its place.
  std::vector<AuthMethod> stand_ins = {};
  bool awaits_erasure = false;             // its deletion was asked for
};

/// Enough was shown: open a session.
struct Open {};
/// One of these must be shown.
struct Ask {
  std::vector<AuthMethod> methods;
  bool is_unusual = false;  // they stand in for a second factor that the account has not
};
/// Policy asks for a second factor and the account has none.
struct Enrol {};
/// What was shown does not hold, or no longer.
struct Refused {};
/// The account's address must be confirmed first.
struct Verify {};
/// Enough was shown to keep an account that waits to be erased; what else it needs is asked for afterwards.
struct Restore {};
using Step = std::variant<Open, Ask, Enrol, Refused, Verify, Restore>;

[[nodiscard]] Step next_step(const Facts& facts);

}  // namespace cardea::authn
