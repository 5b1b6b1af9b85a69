// Looking through what is stored.
#include <algorithm>

#include "audit/audit_chain.hpp"
#include "audit/walk.hpp"

namespace cardea::audit {
namespace {

/// Reads it to its end, or to where it breaks.
void walk(ChainReader& chain, db::Database& database, const ReadProgress& progress) {
  const auto last = progress ? database.read([](db::Tx& tx) { return head(tx).number; }) : 0;
  while (!chain.next().empty()) {
    if (progress) progress(chain.last().number, last);
  }
}

}  // namespace

std::optional<Break> verify(db::Database& database, const CheckpointKey& key) { return verify(database, key, {}); }

std::optional<Break> verify(db::Database& database, const CheckpointKey& key, const ReadProgress& progress) {
  ChainReader chain{database, key};
  walk(chain, database, progress);
  return chain.broken();
}

Survey survey(db::Database& database, Time now, const CheckpointKey& key) { return survey(database, now, key, {}); }

Survey survey(db::Database& database, Time now, const CheckpointKey& key, const ReadProgress& progress) {
  ChainReader chain{database, key};
  walk(chain, database, progress);
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
