#pragma once
// Internal to config: one value into one variable.

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/entry.hpp"
#include "config/toml.hpp"

namespace cardea::config {

/// Fills the variable of `binding`, which is none of tables; on an error, whose detail says what is wrong without
/// naming the key, the variable keeps its value.
Result<Done> set(Binding& binding, const TomlValue& value, const std::optional<std::string>& credentials_directory);

/// An environment variable's text as the value it would be in the file.
Result<TomlValue> from_environment(const Binding& binding, const std::string& text);

}  // namespace cardea::config
