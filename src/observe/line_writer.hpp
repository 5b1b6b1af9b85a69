#pragma once
// Internal to observe: lines on their way to a descriptor whose reader may stall. One thread waits for it, nobody else.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/time.hpp"
#include "observe/metrics.hpp"

namespace cardea::observe {

/// Bytes that wait to be written at most; as many again may be with the kernel's caller.
inline constexpr std::size_t most_waiting = 1024 * 1024;
/// The part of them that only lines to be kept may take.
inline constexpr std::size_t reserve = most_waiting / 4;

class LineWriter {
 public:
  /// What is said of `count` lines that were dropped, as a line without its line feed. On the writing thread, which may
  /// outlive its maker, so it owns all that it needs.
  using Notice = std::function<std::string(std::int64_t count)>;
  /// Which lines get the reserve.
  enum class Priority { usual, keep };

  LineWriter(int descriptor, Notice notice);
  /// Writes what waits, as far as it is taken within `last_wait`; then leaves the thread to the end of the process.
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;
  static constexpr Duration last_wait = std::chrono::seconds{2};

  /// Takes a line without its line feed, or drops and counts it when there is no room or memory. Never waits for the
  /// descriptor. Lines of one thread stay in order. Any thread.
  void put(std::string_view line, Priority priority) noexcept;
  /// For a line that could not even be made.
  void count_as_dropped() noexcept;
  /// Where drops are counted from now on; null: nowhere. Outlives this, or is taken back.
  void count_drops_in(Counter* counter);
  /// Waits until everything taken so far is written or dropped; false when that took longer than `most`.
  bool flush(Duration most);
  /// For a signal handler: true while a line waits. Lock-free.
  [[nodiscard]] bool is_waiting() const noexcept;

 private:
  struct Queue;
  static void write_all(const std::shared_ptr<Queue>& queue) noexcept;

  std::shared_ptr<Queue> queue_;  // shared with the thread, which may be stuck in the kernel when this goes
};

}  // namespace cardea::observe
