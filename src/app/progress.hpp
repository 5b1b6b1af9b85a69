#pragma once
// How far a command is that takes long: a bar that goes on changing on a terminal, a line every five seconds elsewhere.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cardea::app {

/// How it is shown.
enum class ProgressLook {
  none,
  lines,  // no terminal, or one that cannot take a line back (TERM=dumb)
  bar,
};
/// `is_wanted` is false after --no-progress. By standard error and the environment.
[[nodiscard]] ProgressLook progress_look(bool is_wanted);

/// What is counted.
struct ProgressUnit {
  std::string_view name = "rows";
  std::int64_t size = 1;  // so many counts are one of these
};
inline constexpr ProgressUnit in_mebibytes{"MiB", 1024 * 1024};
inline constexpr ProgressUnit in_events{"events", 1};

/// "1,204,113".
[[nodiscard]] std::string grouped(std::int64_t number);

/// A step, as far as it is.
struct ProgressState {
  std::string step;  // "copying account"
  ProgressUnit unit;
  std::int64_t done = 0;
  std::int64_t all = 0;  // 0: nobody knows
  std::chrono::milliseconds elapsed{0};
};
/// "copying account: 71 %, 855,002 of 1,204,113 rows, 41,300 rows/s, 00:08 left", before that the bar.
[[nodiscard]] std::string progress_text(const ProgressState& state, ProgressLook look, bool has_color);

class Progress {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  /// Onto standard error.
  explicit Progress(bool is_wanted);
  /// For tests.
  Progress(ProgressLook look, bool has_color, std::function<Instant()> now, std::function<void(std::string_view)> out);
  ~Progress() { end(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `all` is how much there is to be done; 0: nobody knows.
  void begin(std::string step, std::int64_t all, ProgressUnit unit = {});
  /// One more. Looks at the clock now and then only.
  void add() {
    if (++state_.done % counts_between_looks == 0) look();
  }
  void reach(std::int64_t done) { reach(done, state_.all); }
  void reach(std::int64_t done, std::int64_t all) {
    state_.done = done;
    state_.all = all;
    look();
  }
  /// Takes the bar away.
  void end();

 private:
  static constexpr std::int64_t counts_between_looks = 256;
  void look();
  void draw(Instant now);

  ProgressLook look_;
  bool has_color_;
  std::function<Instant()> now_;
  std::function<void(std::string_view)> out_;
  ProgressState state_;
  Instant begun_at_ = {};
  Instant shown_at_ = {};
  bool is_shown_ = false;  // a bar is on the terminal
};

}  // namespace cardea::app
