#pragma once
// How long events are kept, and what is left of those that are not: a signed checkpoint, and a file if that is wanted.

#include <optional>
#include <string>

#include "audit/audit.hpp"
#include "base/secret.hpp"
#include "config/section.hpp"

namespace cardea::audit {

struct Settings {
  std::string keep = "400d";          // a span, or "forever"
  std::string export_before_removal;  // a folder; empty: nothing is written
};
void describe(config::Section& section, Settings& settings);

/// Absent: for ever. Throws std::invalid_argument for what is neither a span nor "forever".
[[nodiscard]] std::optional<Duration> keep_span(const Settings& settings);

/// Removes events from the beginning of the chain.
class Retention {
 public:
  /// `key` as in sign_checkpoint. The rest outlives this.
  Retention(db::Database& database, const Settings& settings, Secret key, observe::Log& log);

  /// Removes sealed events older than `settings.keep`, up to the first that is younger; never the newest, whatever its
  /// age. In transactions of at most jobs::batch_size events, each of which moves the checkpoint forward. Where
  /// export_before_removal names a folder, what goes is first in a file there and on its disk.
  ///
  /// Each event is checked once more before it goes: nobody's traces are removed by it. Errors: chain_broken, and
  /// export_interrupted; nothing more is removed then.
  [[nodiscard]] Result<Done> remove_old(Time now) const;
  /// The same every hour. Outlived by this.
  [[nodiscard]] jobs::Periodic job() const;

 private:
  db::Database* database_;
  std::optional<Duration> keep_;
  std::string folder_;
  Secret key_;
  observe::Log* log_;
};

}  // namespace cardea::audit
