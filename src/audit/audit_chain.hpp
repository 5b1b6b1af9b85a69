#pragma once
// The chain: one hash per event, over the one before it.

#include <vector>

#include "audit/audit_store.hpp"

namespace cardea::audit {

/// The link of `entry` that follows `previous`: SHA-256 over previous hash, number and every field, each with its
/// length or its absence in front, so that no two events have the same encoding. Of one that is sealed it is over the
/// sealed texts, whether or not it was opened.
[[nodiscard]] Link next_link(const Link& previous, const Entry& entry);

/// Checks events that follow `last`, and moves it forward as far as they do. Absent when all of them do.
[[nodiscard]] std::optional<Break> check_links(const std::vector<Sealed>& events, Link& last);

/// The sealed events in order, each checked before it is handed out. However long that takes, the server may remove
/// events meanwhile: what is gone before it was read is passed over.
class ChainReader {
 public:
  /// The database may be a copy of an earlier version.
  ChainReader(db::Database& database, const CheckpointKey& key);

  /// The next events; none at the end, and none from where the chain breaks.
  [[nodiscard]] std::vector<Sealed> next();
  [[nodiscard]] const std::optional<Break>& broken() const { return broken_; }
  /// The last event that was handed out; before the first, that after which the chain begins.
  [[nodiscard]] const Link& last() const { return last_; }
  /// Where the chain began at the last look; absent when no event was ever removed.
  [[nodiscard]] const std::optional<Checkpoint>& checkpoint() const { return checkpoint_; }

 private:
  struct Page;
  [[nodiscard]] Page read() const;
  [[nodiscard]] std::optional<Break> begin_at(const Page& page);

  db::Database* database_;
  CheckpointKey key_;
  Columns columns_;
  bool has_begun_ = false;
  Link last_;
  std::optional<Checkpoint> checkpoint_;
  std::optional<Break> broken_;
};

}  // namespace cardea::audit
