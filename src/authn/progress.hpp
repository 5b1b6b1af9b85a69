#pragma once
// Where a sign-in stands when a step is taken, and the facts that the next step rests on. Internal to authn.

#include "authn/authn.hpp"
#include "authn/pending.hpp"

namespace cardea::authn {

struct Progress {
  AccountId account;
  std::vector<Evidence> evidence;
  std::optional<PendingRow> row = {};  // absent: this is the first step
  bool browser_is_known = false;
  bool browser_is_trusted = false;  // as it was found; asked again in the transaction that rests on it
  bool is_unusual = false;
  std::optional<Duration> lifetime = {};
  Trust trust = Trust::unchanged;
};

/// A row as a step of a sign-in that nothing has been added to.
[[nodiscard]] Progress progress_of(const PendingRow& row);

/// Gathers them, in the transaction that acts on them; nothing is shown for an account that is not there.
[[nodiscard]] Facts gather(db::Tx& tx, const Deps& deps, const Context& context, const Browser& browser,
                           const std::optional<identity::Account>& account, const Progress& progress);
/// What it needs now.
[[nodiscard]] Step step_of(db::Tx& tx, const Deps& deps, const Context& context, const Progress& progress);
/// What may be shown next: a second factor or, where the account has none, what stands in for one.
[[nodiscard]] std::vector<AuthMethod> askable(db::Tx& tx, const Deps& deps, const Context& context,
                                              const Progress& progress);

}  // namespace cardea::authn
