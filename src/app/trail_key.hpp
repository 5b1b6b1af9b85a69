#pragma once
// The key by which a command reads and writes what the audit trail seals.

#include "app/serve.hpp"

namespace cardea::app {

/// Of the secret in the settings, or of the one that `cardea dev` keeps in the folder that the options name. Empty when
/// there is neither.
[[nodiscard]] Secret trail_key(const Options& options, const Settings& settings);

}  // namespace cardea::app
