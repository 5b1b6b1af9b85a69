#include "observe/log.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "observe/line.hpp"

namespace cardea::observe {
namespace {

void write_to_standard_error(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    if (written < 0 && errno != EINTR) return;  // nowhere is left to report that
    if (written > 0) line.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

struct Log::State {
  Format format;
  Level least;
  std::atomic<Colour> colour;
  std::mutex mutex{};  // one line at a time: a pipe keeps writes whole only up to PIPE_BUF octets
  std::function<void(std::string_view)> sink{};
};

Log::Log(Format format, Level least)
    : state_(new State{format, least,
                       colour_for(::isatty(STDERR_FILENO) == 1, std::getenv("NO_COLOR"), std::getenv("TERM"))}) {}
Log::~Log() = default;

void Log::write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (level < state_->least) return;
  const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const std::span<const Field> all{fields.begin(), fields.size()};
  std::string line = state_->format == Format::json ? json_line(now, level, event, all)
                                                    : human_line(now, level, event, all, state_->colour);
  const std::lock_guard lock{state_->mutex};
  if (state_->sink) return state_->sink(line);
  line += '\n';
  write_to_standard_error(line);
}

void Log::redirect(std::function<void(std::string_view)> sink) {
  const std::lock_guard lock{state_->mutex};
  state_->sink = std::move(sink);
  state_->colour = Colour::off;
}

}  // namespace cardea::observe
