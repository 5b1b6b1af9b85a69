#pragma once
// The rows of audit_event. The one UPDATE seals; there is no DELETE.

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "audit/audit.hpp"
#include "crypto/hash.hpp"

namespace cardea::audit {

/// An event's place in the chain.
struct Link {
  std::int64_t number = 0;  // from 1 without gaps
  crypto::Digest hash{};
};

struct Sealed {
  Entry entry;
  std::int64_t number;
  std::optional<Bytes> hash;
};

/// One statement for every two.
void insert(db::Tx& tx, std::span<const Entry> entries);
/// The last link; number 0 and a hash of zeros before the first.
Link head(db::Tx& tx);
/// The oldest events without a number, by id.
std::vector<Entry> unsealed(db::Tx& tx, std::int64_t limit);
/// Fills the chain columns of an event that has none.
void write_link(db::Tx& tx, const EventId& id, const Link& link);
/// Sealed events with numbers above `after`, in order.
std::vector<Sealed> sealed_after(db::Tx& tx, std::int64_t after, std::int64_t limit);
/// What the chain does not hold yet, and the latest instants that are stored.
struct Tail {
  std::int64_t unsealed = 0;
  std::optional<Time> oldest_unsealed = {};
  Time newest = {};    // of all events, by the time in their ids
  Time last_job = {};  // when a periodic job last succeeded
};
Tail read_tail(db::Tx& tx);
/// True when an event has a hash but no number, which sealing never leaves behind.
bool has_loose_hash(db::Tx& tx);

}  // namespace cardea::audit
