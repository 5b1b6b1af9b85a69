#pragma once
// Commands on the audit trail.

#include <string>

#include "app/serve.hpp"

namespace cardea::app {

/// What `audit verify` looks at.
struct AuditSource {
  std::string file = {};  // an export; "-": standard input; empty: the database
  std::string key = {};   // the public key, as `audit key` prints it; empty: that of the secret in the settings
};
int audit_verify(const Options& options, const AuditSource& source);

/// What `audit export` writes.
struct AuditOrder {
  std::string file = {};  // one that is not there yet; empty or "-": standard output
  std::string since = {};  // as RFC 3339, or a date; empty: from the beginning
  std::string until = {};  // the same; empty: to the end
};
int audit_export(const Options& options, const AuditOrder& order);

/// Prints the public key that signatures of the trail are checked with.
int audit_key(const Options& options);

}  // namespace cardea::app
