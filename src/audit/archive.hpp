#pragma once
// Files of events that are about to be removed. Internal to audit.

#include <string>

#include "audit/export.hpp"

namespace cardea::audit {

/// Writes the events from the beginning of the chain to that number into a file of `folder`, named after the first and
/// the last. When it returns, the file and its name would survive a power cut, and the file was read once and found to
/// be whole. One of that name which an earlier run left is kept if it is. Returns the last event. Errors: chain_broken,
/// export_interrupted.
[[nodiscard]] Result<Link> archive(db::Database& database, const std::string& folder, std::int64_t up_to,
                                   const Secret& key, Time now);

}  // namespace cardea::audit
