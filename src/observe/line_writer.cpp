#include "observe/line_writer.hpp"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace cardea::observe {
namespace {

constexpr std::size_t kept_capacity = 64 * 1024;  // a burst's memory is given back

/// Writes all of `text`, waiting as long as it takes. Returns how many bytes were taken before an error.
std::size_t write_whole(int descriptor, std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(descriptor, text.data() + done, text.size() - done);
    if (written > 0) {
      done += static_cast<std::size_t>(written);
    } else if (written < 0 && errno == EAGAIN) {  // whoever shares the descriptor has made it non-blocking
      pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&waiting, 1, -1);
    } else if (written < 0 && errno != EINTR) {
      break;
    }
  }
  return done;
}

/// The longest run of whole lines that a pipe takes in one piece, so that other writers cannot get between; a longer
/// line alone.
std::string_view next_piece(std::string_view text) {
  if (text.size() <= PIPE_BUF) return text;
  const auto end = text.rfind('\n', PIPE_BUF - 1);
  return text.substr(0, (end != std::string_view::npos ? end : text.find('\n')) + 1);
}

/// What reached the descriptor.
class Output {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) {}

  /// Returns how many lines of `text` were written.
  std::int64_t write(std::string_view text) {
    std::int64_t lines = 0;
    if (is_torn_) write_whole(descriptor_, "\n");  // what comes is not to be read as the rest of another line
    is_torn_ = false;
    while (!text.empty()) {
      const std::string_view piece = next_piece(text);
      const std::size_t taken = write_whole(descriptor_, piece);
      lines += std::count(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(taken), '\n');
      if (taken < piece.size()) {
        is_torn_ = taken > 0 && piece[taken - 1] != '\n';
        break;
      }
      text.remove_prefix(piece.size());
    }
    return lines;
  }

 private:
  int descriptor_;
  bool is_torn_ = false;
};

}  // namespace

struct LineWriter::Queue {
  Queue(int descriptor_, Notice notice_) : descriptor(descriptor_), notice(std::move(notice_)) {}

  const int descriptor;
  const Notice notice;
  std::mutex mutex{};
  std::condition_variable changed{};
  std::string waiting{};         // whole lines with their line feeds
  std::int64_t lines = 0;        // in `waiting`
  std::int64_t untold = 0;       // lines dropped since the last notice
  Counter* drops = nullptr;
  bool has_thread = false;
  bool is_ending = false;
  std::atomic<bool> is_busy = false;  // a line waits or is being written

  /// With the mutex held.
  void drop(std::int64_t count) {
    untold += count;
    if (drops != nullptr) drops->add(static_cast<std::uint64_t>(count));
  }
  [[nodiscard]] std::string notice_text(std::int64_t count) const {
    if (count == 0) return {};
    try {
      return notice(count) + "\n";
    } catch (const std::exception&) {
      return {};  // the counter tells it too
    }
  }
};

LineWriter::LineWriter(int descriptor, Notice notice)
    : queue_(std::make_shared<Queue>(descriptor, std::move(notice))) {}

LineWriter::~LineWriter() {
  std::unique_lock lock{queue_->mutex};
  queue_->is_ending = true;
  queue_->changed.notify_all();
  queue_->changed.wait_for(lock, last_wait, [this] { return !queue_->has_thread; });
  queue_->drops = nullptr;
}

void LineWriter::put(std::string_view line, Priority priority) noexcept {
  const std::lock_guard lock{queue_->mutex};
  try {
    const std::size_t most = priority == Priority::keep ? most_waiting : most_waiting - reserve;
    if (queue_->waiting.size() + line.size() + 1 > most) return queue_->drop(1);
    if (!queue_->has_thread) {
      std::thread{[queue = queue_] { write_all(queue); }}.detach();
      queue_->has_thread = true;
    }
    const std::size_t before = queue_->waiting.size();
    queue_->waiting.reserve(before + line.size() + 1);  // all of the line or nothing
    queue_->waiting.append(line) += '\n';
    ++queue_->lines;
    queue_->is_busy = true;
    if (before == 0) queue_->changed.notify_all();
  } catch (const std::exception&) {  // no memory, or no thread
    queue_->drop(1);
  }
}

void LineWriter::count_as_dropped() noexcept {
  const std::lock_guard lock{queue_->mutex};
  queue_->drop(1);
}

void LineWriter::count_drops_in(Counter* counter) {
  const std::lock_guard lock{queue_->mutex};
  queue_->drops = counter;
}

bool LineWriter::flush(Duration most) {
  std::unique_lock lock{queue_->mutex};
  return queue_->changed.wait_for(lock, most, [this] { return !queue_->is_busy; });
}

bool LineWriter::is_waiting() const noexcept { return queue_->is_busy; }

void LineWriter::write_all(const std::shared_ptr<Queue>& queue) noexcept {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);  // of a closed pipe, EPIPE is enough
  Output output{queue->descriptor};
  std::string batch;
  std::unique_lock lock{queue->mutex};
  while (true) {
    queue->changed.wait(lock, [&] { return !queue->waiting.empty() || queue->is_ending; });
    if (queue->waiting.empty()) break;
    batch.swap(queue->waiting);
    const std::int64_t lines = std::exchange(queue->lines, 0);
    const std::int64_t dropped = std::exchange(queue->untold, 0);
    lock.unlock();
    std::int64_t written = output.write(batch);
    bool is_told = dropped == 0;
    if (written == lines && dropped > 0) is_told = output.write(queue->notice_text(dropped)) > 0;
    batch.clear();
    if (batch.capacity() > kept_capacity) std::string{}.swap(batch);
    lock.lock();
    if (!is_told) queue->untold += dropped;
    if (written < lines) queue->drop(lines - written);
    if (queue->waiting.empty()) {
      queue->is_busy = false;
      queue->changed.notify_all();
    }
  }
  queue->has_thread = false;
  queue->changed.notify_all();
}

}  // namespace cardea::observe
