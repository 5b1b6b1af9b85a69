#include "app/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace cardea::app {
namespace {

constexpr std::chrono::milliseconds between_bars{200};
constexpr std::chrono::seconds between_lines{5};
constexpr std::size_t widest_bar = 30;
constexpr std::size_t color_codes = 9;  // bytes that take no room
constexpr std::string_view take_back = "\r\033[K";

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

std::string amount(std::int64_t count, const ProgressUnit& unit) {
  if (unit.size == 1) return grouped(count);
  return fmt::format("{:.1f}", static_cast<double>(count) / static_cast<double>(unit.size));
}

/// "00:08", or with hours.
std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  const auto hours = whole / 3600;
  const auto rest = fmt::format("{:02}:{:02}", whole / 60 % 60, whole % 60);
  return hours > 0 ? fmt::format("{}:{}", hours, rest) : rest;
}

std::string bar_of(std::int64_t percent, bool has_color, std::size_t width) {
  const std::size_t filled = static_cast<std::size_t>(percent) * width / 100;
  const std::string done(filled, '#');
  const std::string left(width - filled, '-');
  return has_color && width > 0 ? "\033[36m" + done + "\033[0m" + left : done + left;
}

std::string rate_text(const ProgressState& state) {
  const auto seconds = static_cast<double>(state.elapsed.count()) / 1000;
  if (seconds < 1 || state.done == 0) return {};  // nothing to reckon from yet
  const auto rate = static_cast<double>(state.done) / seconds;
  std::string text =
      ", " + amount(static_cast<std::int64_t>(rate), state.unit) + " " + std::string{state.unit.name} + "/s";
  if (state.all > state.done) text += ", " + clock_text(static_cast<double>(state.all - state.done) / rate) + " left";
  return text;
}

}  // namespace

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), ",");
  }
  return text;
}

ProgressLook progress_look(bool is_wanted) {
  if (!is_wanted) return ProgressLook::none;
  if (::isatty(STDERR_FILENO) == 0) return ProgressLook::lines;
  const char* terminal = std::getenv("TERM");
  const bool is_dumb = terminal == nullptr || *terminal == '\0' || std::string_view{terminal} == "dumb";
  return is_dumb ? ProgressLook::lines : ProgressLook::bar;
}

namespace {

std::string text_of(const ProgressState& state, ProgressLook look, bool has_color, std::size_t bar_width) {
  const auto unit = std::string{state.unit.name};
  if (state.all == 0) {
    const std::string so_far = state.done == 0 ? "" : ": " + amount(state.done, state.unit) + " " + unit;
    return state.step + so_far + rate_text(state);
  }
  const auto done = std::min(state.done, state.all);
  const auto percent = done * 100 / state.all;
  std::string text = state.step;
  text += look == ProgressLook::bar ? fmt::format(" {} {:3} %", bar_of(percent, has_color, bar_width), percent)
                                    : fmt::format(": {} %", percent);
  text += fmt::format(", {} of {} {}", amount(done, state.unit), amount(state.all, state.unit), unit);
  return text + rate_text(state);
}

std::size_t terminal_columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// The same on one line of the terminal, with a shorter bar where it has to be: a line that wraps cannot be taken back.
std::string fitting_text(const ProgressState& state, bool has_color, std::size_t columns) {
  auto text = text_of(state, ProgressLook::bar, has_color, widest_bar);
  const auto taken = text.size() - (has_color && state.all > 0 ? color_codes : 0);
  if (taken < columns) return text;
  const auto excess = taken + 1 - columns;
  text = text_of(state, ProgressLook::bar, has_color, widest_bar - std::min(widest_bar, excess));
  if (excess > widest_bar) text.resize(std::min(text.size(), columns - 1));
  return text;
}

}  // namespace

std::string progress_text(const ProgressState& state, ProgressLook look, bool has_color) {
  return text_of(state, look, has_color, widest_bar);
}

Progress::Progress(bool is_wanted)
    : Progress(progress_look(is_wanted), !is_set("NO_COLOR"), &std::chrono::steady_clock::now,
               [](std::string_view text) {
                 (void)std::fwrite(text.data(), 1, text.size(), stderr);
                 (void)std::fflush(stderr);
               }) {}

Progress::Progress(ProgressLook look, bool has_color, std::function<Instant()> now,
                   std::function<void(std::string_view)> out)
    : look_(look), has_color_(has_color), now_(std::move(now)), out_(std::move(out)) {}

void Progress::begin(std::string step, std::int64_t all, ProgressUnit unit) {
  state_ = {.step = std::move(step), .unit = unit, .all = all};
  if (look_ == ProgressLook::none) return;
  begun_at_ = now_();
  if (look_ == ProgressLook::bar) return draw(begun_at_);
  // Lines go on at their pace from one step to the next: many short steps are not many lines.
  if (shown_at_ == Instant{}) shown_at_ = begun_at_;
}

void Progress::look() {
  if (look_ == ProgressLook::none) return;
  const auto now = now_();
  const auto pause = look_ == ProgressLook::bar ? between_bars : std::chrono::milliseconds{between_lines};
  if (now - shown_at_ >= pause) draw(now);
}

void Progress::draw(Instant now) {
  shown_at_ = now;
  state_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_at_);
  if (look_ == ProgressLook::lines) return out_(progress_text(state_, look_, has_color_) + "\n");
  is_shown_ = true;
  out_(std::string{take_back} + fitting_text(state_, has_color_, terminal_columns()));
}

void Progress::end() {
  if (is_shown_) out_(take_back);
  is_shown_ = false;
}

}  // namespace cardea::app
