#include "observe/log.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "observe/fatal.hpp"
#include "observe/line.hpp"
#include "observe/line_writer.hpp"

namespace cardea::observe {
namespace {

std::string one_line(Format format, Colour colour, Level level, std::string_view event, std::span<const Field> fields) {
  const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  return format == Format::json ? json_line(now, level, event, fields) : human_line(now, level, event, fields, colour);
}

LineWriter::Notice notice_of_drops(Format format, Colour colour) {
  return [format, colour](std::int64_t count) {
    const Field fields[] = {{"lines", count}, {"hint", "whoever reads standard error had stopped"}};
    return one_line(format, colour, Level::warn, "log.lines_dropped", fields);
  };
}

}  // namespace

struct Log::State {
  State(Format format_, Level least_, Colour colour_)
      : format(format_), least(least_), colour(colour_), writer(STDERR_FILENO, notice_of_drops(format_, colour_)) {}

  const Format format;
  const Level least;
  std::atomic<Colour> colour;
  LineWriter writer;
  std::mutex mutex{};  // of the sink
  std::function<void(std::string_view)> sink{};
};

Log::Log(Format format, Level least)
    : state_(new State{format, least,
                       colour_for(::isatty(STDERR_FILENO) == 1, std::getenv("NO_COLOR"), std::getenv("TERM"))}) {}
Log::~Log() { forget_fatal_signals(state_->writer); }

void Log::write(Level level, std::string_view event, std::initializer_list<Field> fields) noexcept {
  if (level < state_->least) return;
  try {
    const std::string line =
        one_line(state_->format, state_->colour, level, event, std::span{fields.begin(), fields.size()});
    const std::lock_guard lock{state_->mutex};
    if (state_->sink) return state_->sink(line);
    state_->writer.put(line, level == Level::error ? LineWriter::Priority::keep : LineWriter::Priority::usual);
  } catch (const std::exception&) {  // no memory for the line: most of those who log are busy with a failure already
    state_->writer.count_as_dropped();
  }
}

void Log::count_drops_in(Counter* counter) { state_->writer.count_drops_in(counter); }

bool Log::flush(Duration most) { return state_->writer.flush(most); }

void Log::flush_on_fatal_signals() { observe::flush_on_fatal_signals(state_->writer, state_->format); }

void Log::redirect(std::function<void(std::string_view)> sink) {
  const std::lock_guard lock{state_->mutex};
  state_->sink = std::move(sink);
  state_->colour = Colour::off;
}

}  // namespace cardea::observe
