#pragma once
// What the frames of an HTTP/2 connection cost, counted before anybody acts on them (RFC 9113 §10.5). Pure.
//
// A request pays by its turn, its body and its deadlines, as over HTTP/1. Charged here is what keeps a server busy
// without being part of one: streams that are reset, settings, pings, priorities, window updates, empty frames. Each
// is legitimate now and then, so a connection has a budget, which fills with time and with what was really served.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cardea::edge {

inline constexpr std::int64_t frame_budget = 1000;        // points of a connection
inline constexpr std::int64_t frame_budget_per_second = 50;
inline constexpr std::int64_t price_of_reset = 10;        // points; work was begun for nothing
inline constexpr std::int64_t price_of_settings = 10;     // points; it may rewrite every stream's window
inline constexpr std::size_t max_continuations = 8;       // frames of one field block
inline constexpr std::size_t max_field_block = 64 * 1024;  // bytes, compressed

class Http2Watch {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  explicit Http2Watch(Instant now) : filled_(now) {}

  /// Takes what was received, from the client's preface on, in pieces of any size. False, and for good, when the client
  /// asks too much.
  [[nodiscard]] bool read(std::string_view bytes, Instant now);
  /// What a frame led to: a stream that was reset from this side for the other's fault.
  void charge(std::int64_t points) { left_ -= points; }
  /// A response was sent in full.
  void served() { refund(4); }
  /// So many bytes of a response were sent; whoever takes them sends window updates.
  void sent(std::size_t size);

  [[nodiscard]] bool is_exhausted() const { return left_ < 0 || is_hostile_; }
  /// True while a field block has begun and not ended.
  [[nodiscard]] bool is_in_head() const { return is_in_head_; }
  /// How many have begun.
  [[nodiscard]] std::uint64_t heads() const { return heads_; }

 private:
  static constexpr std::size_t preface = 24;  // bytes, RFC 9113 §3.4
  static constexpr std::size_t header = 9;  // bytes, §4.1

  void refill(Instant now);
  void refund(std::int64_t points);
  void begin_frame();
  void end_frame();
  [[nodiscard]] std::int64_t price() const;
  [[nodiscard]] bool has(std::uint8_t flag) const { return (header_[4] & flag) != 0; }

  std::int64_t left_ = frame_budget;
  Instant filled_;
  std::size_t unrewarded_ = 0;  // bytes sent
  bool is_hostile_ = false;  // over a limit that is no question of how often
  std::array<std::uint8_t, header> header_{};
  std::size_t have_ = 0;  // of header_
  std::size_t payload_ = preface;  // bytes still to come
  bool is_in_frame_ = false;
  bool is_in_head_ = false;
  std::uint64_t heads_ = 0;
  std::size_t continuations_ = 0;
  std::size_t block_ = 0;  // bytes
};

}  // namespace cardea::edge
