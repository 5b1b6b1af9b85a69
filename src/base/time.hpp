#pragma once
// Instants and spans in microseconds, UTC. A request sees one instant; rooms take `Time now`, never a clock.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cardea {

using Duration = std::chrono::microseconds;
using Time = std::chrono::sys_time<Duration>;
using Date = std::chrono::year_month_day;

class Clock {
 public:
  virtual ~Clock() = default;
  /// The present instant. Callable from any thread.
  [[nodiscard]] virtual Time now() const = 0;
};

/// Microseconds since 1970-01-01 UTC, the form stored in databases.
[[nodiscard]] inline std::int64_t to_micros(Time time) { return time.time_since_epoch().count(); }
[[nodiscard]] inline Time from_micros(std::int64_t micros) { return Time{Duration{micros}}; }
/// Whole seconds since 1970-01-01 UTC, rounded down, the form in tokens.
[[nodiscard]] inline std::int64_t to_seconds(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// "2026-11-23T15:04:05.678Z" (RFC 3339, milliseconds).
[[nodiscard]] std::string rfc3339(Time time);

/// Reads exactly "yyyy-mm-dd"; a day that does not exist is absent.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
/// "yyyy-mm-dd".
[[nodiscard]] std::string to_text(Date date);

}  // namespace cardea
