#pragma once
// Reading, printing and documenting the settings that a tree of Sections binds.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/section.hpp"

namespace cardea::config {

inline constexpr ErrorKind wrong_settings{"config.wrong", 500, "The settings cannot be used."};

/// Looks up one environment variable; absent when unset.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

/// Fills the variables bound in `root` from `toml` (a file's text; may be empty), then from the environment:
/// CARDEA_ + SECTION + __ + KEY, upper case, deeper sections separated by "__" too (CARDEA_SERVER__IO_THREADS,
/// CARDEA_URL for a top-level key). `names` are the variable names of the environment, so that a CARDEA_… that
/// is no setting is refused like an unknown key. Every problem is one line of the error's detail, with the line number
/// in the file and, for an unknown key, the nearest known one.
Result<Done> load(Section& root, std::string_view toml, std::string_view file_name, const Environment& environment,
                  const std::vector<std::string>& names);

/// A problem that begins with the full key it is about, with the place before it where that key was set:
/// "cardea.toml:3: url: …", "CARDEA_URL: url: …". As it is when the key has its default.
[[nodiscard]] std::string located(const Section& root, std::string problem);

/// The settings in force as TOML; secrets as their file's path. `defaults_too`: also those that were not set.
std::string show(const Section& root, bool defaults_too);
/// Reference page: a Markdown table per section (key, type, default, environment name, meaning).
std::string reference(const Section& root);
/// JSON Schema 2020-12 of the file, for editors.
std::string json_schema(const Section& root);

}  // namespace cardea::config
