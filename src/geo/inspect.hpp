#pragma once
// What a file of countries says of itself, for whoever looks at the settings.

#include <string>

#include "base/time.hpp"

namespace cardea::geo {

/// When the file at `path` was made. Throws std::runtime_error when it cannot be used, with the name of the setting.
[[nodiscard]] Time made_at(const std::string& path);

}  // namespace cardea::geo
