#pragma once
// The trail as lines of JSON: what is kept elsewhere, and can be checked there without a database.
//
//   {"chain": {"number": 41, "hash": "…", "checkpoint": {…}}}   the event before the first; what was removed before
//   {"event": {"number": 42, "hash": "…", "id": "evt_…", …}}    each, in order
//   {"end": {"number": 57, "hash": "…", "events": 16, …, "signature": "…"}}

#include <functional>
#include <iosfwd>
#include <optional>
#include <string_view>

#include "audit/audit_chain.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace cardea::audit {

inline constexpr ErrorKind chain_broken{"audit.chain_broken", 500, "The audit chain is broken."};
inline constexpr ErrorKind export_interrupted{"audit.export_interrupted", 500, "The audit trail was not exported."};

/// Which sealed events. Whatever a clock did meanwhile, an export has no gap: it goes from the first event that is of
/// `since` or later to the last before `until`.
struct Selection {
  std::optional<Time> since = {};
  std::optional<Time> until = {};
  std::optional<std::int64_t> up_to = {};  // a number, the last
};

/// Takes a line without its end; false when it could not be written.
using LineSink = std::function<bool(std::string_view line)>;

/// Writes the events, each checked first. Holds a thousand at a time, and no transaction while it writes. `key`: what
/// signs the last line; null: nothing does. Returns the last event written. Errors: chain_broken, export_interrupted.
[[nodiscard]] Result<Link> write_export(db::Database& database, const Selection& selection, const Secret* key, Time now,
                                        const LineSink& line);

/// What an export holds.
struct ExportSurvey {
  std::optional<Break> broken = {};  // of its lines, where there is no event of that number
  Link begin = {};  // the event before the first
  Link end = {};
  std::int64_t removed = 0;  // events that a checkpoint says were removed before
  std::int64_t unsealed = 0;  // when it was made; these are not in it
  std::optional<Time> made_at = {};
  bool is_signed = false;
};

/// Reads an export to its end, a line at a time. With `key` it must be signed, and whatever is must be by that key.
[[nodiscard]] ExportSurvey survey_export(std::istream& in, const CheckpointKey& key);

}  // namespace cardea::audit
