#include "app/move_progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace cardea::app {
namespace {

constexpr std::chrono::milliseconds on_a_terminal{200};
constexpr std::chrono::seconds elsewhere{10};
constexpr std::int64_t width = 30;

}  // namespace

MoveProgress::MoveProgress() : is_terminal_(::isatty(STDERR_FILENO) != 0) {}

void MoveProgress::begin(std::string step, std::string table, std::int64_t all) {
  step_ = std::move(step);
  table_ = std::move(table);
  all_ = all;
  done_ = 0;
  shown_at_ = std::chrono::steady_clock::now();
  if (is_terminal_) draw();
}

void MoveProgress::look() {
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_at_ < (is_terminal_ ? std::chrono::milliseconds{on_a_terminal} : elsewhere)) return;
  shown_at_ = now;
  draw();
}

void MoveProgress::draw() const {
  const auto done = std::min(done_, all_);
  const auto percent = all_ == 0 ? 100 : done * 100 / all_;
  if (!is_terminal_) {
    fmt::print(stderr, "{} {}: {} of {} rows, {} %\n", step_, table_, done, all_, percent);
    return;
  }
  const auto filled = static_cast<std::size_t>(percent * width / 100);
  fmt::print(stderr, "\r\033[K{:<9} {:<16} [{:<{}}] {:3} %  {} of {} rows", step_, table_, std::string(filled, '#'),
             width, percent, done, all_);
  std::fflush(stderr);
}

void MoveProgress::end() {
  if (is_terminal_) fmt::print(stderr, "\r\033[K");
}

}  // namespace cardea::app
