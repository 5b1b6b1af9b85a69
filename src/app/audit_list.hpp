#pragma once
// `cardea audit list` and `cardea audit tail`: what happened, to whom, from where.

#include <optional>
#include <string>

#include "app/serve.hpp"
#include "app/talk.hpp"
#include "base/time.hpp"

namespace cardea::app {

/// Which events.
struct AuditQuestion {
  std::string kind = {};   // "signin.failed", or "signin" for all of them
  std::string since = {};  // "24h", "2026-11-23" or an instant
  std::string until = {};
  std::string user = {};   // account_finder.hpp, or the id of an account that is gone
  std::string address = {};
  std::optional<int> limit = {};
  bool follow = false;
};
int audit_list(const Options& options, const Manner& manner, const AuditQuestion& question);
/// The last twenty, and with `follow` what comes, until it is interrupted.
int audit_tail(const Options& options, const Manner& manner, const AuditQuestion& question);

/// "2026-11-23" is the beginning of that day in UTC, "24h" so long before `now`; or a whole instant.
[[nodiscard]] std::optional<Time> parse_moment(const std::string& text, Time now);

}  // namespace cardea::app
