#pragma once
// Instants as text on the wire; base/time writes them, this reads them.

#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace cardea::wire {

/// Reads an RFC 3339 date-time with "T" and "Z" in capitals or a numeric offset and at most six digits of fraction.
/// Leap seconds and days that do not exist are absent.
[[nodiscard]] std::optional<Time> parse_rfc3339(std::string_view text);

}  // namespace cardea::wire
