#pragma once
// observe: a structured log, counters and histograms. Ids and outcomes, never secrets: `Secret` has no overload here.

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/enum_text.hpp"
#include "base/time.hpp"

namespace cardea::observe {

enum class Level { debug, info, warn, error };
constexpr auto enum_texts(Level) {
  return std::to_array<EnumText<Level>>(
      {{Level::debug, "debug"}, {Level::info, "info"}, {Level::warn, "warn"}, {Level::error, "error"}});
}
enum class Format { json, human };

class Counter;

/// One named value of a log line.
struct Field {
  std::string_view name;
  std::variant<std::int64_t, double, bool, std::string_view> value;
  Field(std::string_view n, std::string_view v) : name(n), value(v) {}
  Field(std::string_view n, const std::string& v) : name(n), value(std::string_view{v}) {}
  Field(std::string_view n, const char* v) : name(n), value(std::string_view{v}) {}
  Field(std::string_view n, bool v) : name(n), value(v) {}
  Field(std::string_view n, double v) : name(n), value(v) {}
  template <class I>
    requires std::integral<I>
  Field(std::string_view n, I v) : name(n), value(static_cast<std::int64_t>(v)) {}
};

/// Writes lines to standard error. One event is one line, whatever the values hold: control characters, ANSI and
/// bidirectional marks are escaped. Callable from any thread.
///
/// Nobody waits for whoever reads standard error: a thread of the log's own writes, and up to a mebibyte waits for it.
/// What finds no room is dropped and counted, lines of level error last of all; when it goes on, a line says how many
/// there were. What waits at the end is written if it is taken within two seconds.
class Log {
 public:
  Log(Format format, Level least);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  using Fields = std::initializer_list<Field>;
  void write(Level level, std::string_view event, Fields fields = {}) noexcept;
  void debug(std::string_view event, Fields fields = {}) noexcept { write(Level::debug, event, fields); }
  void info(std::string_view event, Fields fields = {}) noexcept { write(Level::info, event, fields); }
  void warn(std::string_view event, Fields fields = {}) noexcept { write(Level::warn, event, fields); }
  void error(std::string_view event, Fields fields = {}) noexcept { write(Level::error, event, fields); }

  /// Counts dropped lines from now on; null: no longer. The counter outlives the log, or is taken back.
  void count_drops_in(Counter* counter);
  /// Waits until what was logged so far is written or dropped; false when that took longer than `most`.
  bool flush(Duration most = std::chrono::seconds{2});
  /// When this process breaks, what was logged before is written first. One log at a time.
  void flush_on_fatal_signals();

  /// Receives every finished line instead of standard error; for tests.
  void redirect(std::function<void(std::string_view)> sink);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cardea::observe
