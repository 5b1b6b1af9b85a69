#pragma once
// Internal to config: settings as text and back.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/entry.hpp"

namespace cardea::config {

/// A basic TOML string, quotes included; a JSON string as well.
[[nodiscard]] std::string quoted(std::string_view text);
/// A TOML key: bare when it can be, else quoted and cut to what a message can hold.
[[nodiscard]] std::string key_text(std::string_view key);

/// Reads "15m"; absent unless it is a whole number and one of us ms s m h d, within range of a Duration.
[[nodiscard]] std::optional<Duration> parse_span(std::string_view text);
/// The span in its largest whole unit.
[[nodiscard]] std::string span_text(Duration span);

/// "0 to 100", "at least 1" or "any integer".
[[nodiscard]] std::string range_text(const IntegerRange& range);
[[nodiscard]] std::string range_text(const SpanRange& range);

/// The present value as TOML, which is JSON too. Not for tables.
[[nodiscard]] std::string value_text(const Binding& binding);

/// "session.idle"; `key` alone at the top.
[[nodiscard]] std::string join(std::string_view path, std::string_view key);
/// "CARDEA_SESSION__IDLE" for "session.idle".
[[nodiscard]] std::string environment_name(std::string_view full_key);

/// The candidate nearest to `word` by edit distance, or else one whose last part is the same; absent when none is near
/// enough to be what was meant.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace cardea::config
