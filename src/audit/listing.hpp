#pragma once
// Looking for events, sealed or not, and opening what can be opened.

#include <optional>
#include <string>
#include <vector>

#include "audit/audit.hpp"

namespace cardea::audit {

/// Which events; all of what is given must hold.
struct Wanted {
  std::string kind = {};  // "signin.failed", or its beginning up to a dot: "signin"
  std::optional<AccountId> account = {};  // that it is about, or that did it
  std::optional<Pseudonym> pseudonym = {};  // the same, of an account that may be gone
  /// Known once an event is opened, so that each is which the other conditions leave.
  std::string address = {};
  std::optional<Time> since = {};  // it happened, or was last repeated, at that time or later
  std::optional<Time> until = {};
};

/// Events about an account since `since`, the latest first, below `before` when it is given; at most `limit`. Read
/// through an index, however many there are.
[[nodiscard]] std::vector<Entry> about(db::Tx& tx, const Keys& keys, const AccountId& account,
                                       const std::optional<EventId>& before, Time since, std::int64_t limit);

/// The latest `limit` events, the oldest of them first.
[[nodiscard]] std::vector<Entry> latest(db::Tx& tx, const Keys& keys, const Wanted& wanted, std::int64_t limit);

}  // namespace cardea::audit
