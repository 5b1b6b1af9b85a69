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

namespace cardea::observe {

enum class Level { debug, info, warn, error };
constexpr auto enum_texts(Level) {
  return std::to_array<EnumText<Level>>(
      {{Level::debug, "debug"}, {Level::info, "info"}, {Level::warn, "warn"}, {Level::error, "error"}});
}
enum class Format { json, human };

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
class Log {
 public:
  Log(Format format, Level least);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});
  void debug(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::debug, event, fields); }
  void info(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::info, event, fields); }
  void warn(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::warn, event, fields); }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) { write(Level::error, event, fields); }

  /// Receives every finished line instead of standard error; for tests.
  void redirect(std::function<void(std::string_view)> sink);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cardea::observe
