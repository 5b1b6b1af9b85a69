#pragma once
// Every account, for the operator.

#include <vector>

#include "identity/identity.hpp"

namespace cardea::identity {

/// Which accounts are listed.
struct Wanted {
  std::optional<Status> status = {};
  std::optional<Role> role = {};
};

/// The accounts behind `after`, in the order in which they were made; at most `limit`.
[[nodiscard]] std::vector<Account> accounts_after(db::Tx& tx, const AccountId& after, const Wanted& wanted,
                                                  std::int64_t limit);

}  // namespace cardea::identity
