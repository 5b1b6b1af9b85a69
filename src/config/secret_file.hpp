#pragma once
// Internal to config: secrets read from files.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cardea::config {

/// Reads the secret that `value` names: a path, or "credential:NAME" in `credentials_directory`. The error's detail
/// never repeats `value`, which may be the secret itself put in the wrong place.
Result<Secret> read_secret(std::string_view value, const std::optional<std::string>& credentials_directory);

}  // namespace cardea::config
