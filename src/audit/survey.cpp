// Looking through what is stored.
#include <algorithm>

#include "audit/audit_chain.hpp"

namespace cardea::audit {
namespace {

/// Reads it to its end, or to where it breaks.
void walk(ChainReader& chain) {
  while (!chain.next().empty()) {
  }
}

}  // namespace

std::optional<Break> verify(db::Database& database, const CheckpointKey& key) {
  ChainReader chain{database, key};
  walk(chain);
  return chain.broken();
}

Survey survey(db::Database& database, Time now, const CheckpointKey& key) {
  ChainReader chain{database, key};
  walk(chain);
  Survey found{.last_number = chain.last().number, .last_hash = to_bytes(chain.last().hash), .broken = chain.broken()};
  if (const auto& begin = chain.checkpoint()) {
    found.removed = begin->link.number;
    found.removed_at = begin->at;
  }
  found.sealed = found.last_number - found.removed;
  const Tail tail = database.read(read_tail);
  found.unsealed = tail.unsealed;
  found.oldest_unsealed = tail.oldest_unsealed;
  const Time latest = std::min(now, std::max(tail.newest, tail.last_job));
  found.is_overdue = tail.oldest_unsealed && latest - *tail.oldest_unsealed > sealed_within;
  return found;
}

}  // namespace cardea::audit
