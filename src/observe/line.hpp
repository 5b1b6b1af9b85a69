#pragma once
// Internal to observe: one event as one line of text, without the line feed.

#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "observe/log.hpp"

namespace cardea::observe {

enum class Colour { off, on };

/// {"time":"…","level":"info","event":"…",…fields in order}. A double that is not finite is null.
[[nodiscard]] std::string json_line(Time time, Level level, std::string_view event, std::span<const Field> fields);

/// "  12:04:31  signin.succeeded      account=usr_…"; UTC. The first two columns mark the level: "-" debug, "!" warn,
/// "!!" error.
[[nodiscard]] std::string human_line(Time time, Level level, std::string_view event, std::span<const Field> fields,
                                     Colour colour);

/// On for a terminal unless NO_COLOR has a value (no-color.org) or the terminal calls itself dumb. The arguments are
/// those environment variables, null when unset.
[[nodiscard]] Colour colour_for(bool is_terminal, const char* no_color, const char* term);

}  // namespace cardea::observe
