#pragma once

#include <string>

#include "base/random.hpp"
#include "base/secret.hpp"

namespace cardea::app {

/// 32 random bytes as text, for secret_file.
[[nodiscard]] Secret generate_secret(Random& random);

/// A secret of a development folder: read from its file `name`, made with mode 0600 when there is none. Throws
/// std::runtime_error when it can be neither read nor made.
[[nodiscard]] Secret secret_in(const std::string& folder, const std::string& name);

}  // namespace cardea::app
