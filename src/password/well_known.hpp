#pragma once
// Long passwords that everybody knows: phrases, names, titles, teams; private to this module.

#include <optional>
#include <string_view>

#include "base/secret.hpp"

namespace cardea::password {

/// What is left of `password` (UTF-8) when well-known phrases are taken out, however they are spaced, in any case and
/// with digits or signs for letters. Absent when there is none in it.
[[nodiscard]] std::optional<Secret> without_well_known(std::string_view password);

}  // namespace cardea::password
