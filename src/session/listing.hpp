#pragma once
// Sessions of everybody, for the operator.

#include <vector>

#include "session/session.hpp"

namespace cardea::session {

/// Live sessions behind `after`, in the order in which they began; at most `limit`.
[[nodiscard]] std::vector<Session> live_after(db::Tx& tx, const SessionId& after, Time now, std::int64_t limit);
/// When an account was last seen in a session that is still stored; absent when there is none.
[[nodiscard]] std::optional<Time> last_seen(db::Tx& tx, const AccountId& account);

}  // namespace cardea::session
