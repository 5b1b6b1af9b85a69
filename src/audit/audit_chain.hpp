#pragma once
// The chain's arithmetic: one hash per event, over the one before it.

#include "audit/audit_store.hpp"

namespace cardea::audit {

/// The link of `entry` that follows `previous`: SHA-256 over previous hash, number and every field, each with its
/// length or its absence in front, so that no two events have the same encoding.
[[nodiscard]] Link next_link(const Link& previous, const Entry& entry);

}  // namespace cardea::audit
