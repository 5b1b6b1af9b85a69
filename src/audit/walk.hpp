#pragma once
// Looking through the whole trail while somebody watches how far it is.

#include <functional>
#include <iosfwd>

#include "audit/audit.hpp"
#include "audit/export.hpp"

namespace cardea::audit {

/// Told now and then of how many events were read, and of how many there are; 0: nobody knows.
using ReadProgress = std::function<void(std::int64_t read, std::int64_t all)>;

/// The same as without one.
[[nodiscard]] std::optional<Break> verify(db::Database& database, const CheckpointKey& key,
                                          const ReadProgress& progress);
[[nodiscard]] Survey survey(db::Database& database, Time now, const CheckpointKey& key, const ReadProgress& progress);
[[nodiscard]] ExportSurvey survey_export(std::istream& in, const CheckpointKey& key, const ReadProgress& progress);

}  // namespace cardea::audit
