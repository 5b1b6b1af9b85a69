#pragma once
// The rows of audit_event and audit_checkpoint. Of an event that has a number nothing is changed.

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

/// What events have in common that are counted together.
using Flood = std::array<std::uint8_t, 16>;

/// Nobody is in it, so that what it names stands in the clear.
[[nodiscard]] inline bool is_of_nobody(const Entry& entry) {
  return !entry.account_pseudonym && !entry.actor_pseudonym && entry.account_sealed && entry.account_sealed->empty();
}

struct NewEntry {
  Entry entry;
  std::optional<Flood> flood = {};  // absent: it is a row of its own
};

/// Where the chain begins: its events up to `link` were removed. As they are numbered from 1 without gaps, the number
/// is also how many those are.
struct Checkpoint {
  Link link;
  Time at;
  Bytes signature;
};

/// From a row that begins with the columns of an event, in the order of Columns::all.
[[nodiscard]] Entry to_entry(const db::Row& row);
inline constexpr std::size_t entry_columns = 16;
[[nodiscard]] std::vector<Entry> to_entries(const db::Rows& rows);

/// One statement for every two. One that has the flood of an unsealed row is counted there, whoever else does the same
/// at the same time.
void insert(db::Tx& tx, std::span<const NewEntry> entries);
/// The last link; number 0 and a hash of zeros before the first.
Link head(db::Tx& tx);
/// The oldest events without a number, by id.
std::vector<Entry> unsealed(db::Tx& tx, std::int64_t limit);
/// The same without those that still count, at `now`.
std::vector<Entry> unsealed(db::Tx& tx, std::int64_t limit, Time now);
/// Fills the chain columns of an event that has none.
void write_link(db::Tx& tx, const EventId& id, const Link& link);
/// What the table has; a copy of an earlier version lacks migrations.
enum class Columns { all, without_pseudonyms, without_counts };
/// Sealed events with numbers above `after`, in order.
std::vector<Sealed> sealed_after(db::Tx& tx, std::int64_t after, std::int64_t limit, Columns columns = Columns::all);
/// What the chain does not hold yet, and the latest instants that are stored.
struct Tail {
  std::int64_t unsealed = 0;
  std::optional<Time> oldest_unsealed = {};
  Time newest = {};  // of all events, by the time in their ids
  Time last_job = {};  // when a periodic job last succeeded
};
Tail read_tail(db::Tx& tx);
/// The newest; absent while no event was ever removed.
std::optional<Checkpoint> find_checkpoint(db::Tx& tx);
void replace_checkpoint(db::Tx& tx, const Checkpoint& checkpoint);
/// Deletes the events up to that number; returns how many.
std::int64_t remove_up_to(db::Tx& tx, std::int64_t number);
/// True when there is a sealed event of that number or a lower one.
bool has_event_up_to(db::Tx& tx, std::int64_t number);
/// The lowest number of an event of that time or later, and the highest of one before that time; absent: there is none.
std::optional<std::int64_t> first_number_since(db::Tx& tx, Time since);
std::optional<std::int64_t> last_number_before(db::Tx& tx, Time until);
/// True when an event has a hash but no number, which sealing never leaves behind.
bool has_loose_hash(db::Tx& tx);

}  // namespace cardea::audit
