#pragma once
// The bytes of one connection that were received and not yet used. Small while idle, bounded always, wiped behind.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "base/secret.hpp"

namespace cardea::edge {

class InputBuffer {
 public:
  inline static constexpr std::size_t small = 2 * 1024;  // bytes: what an idle connection keeps
  inline static constexpr std::size_t unpaid = 4 * 1024;  // bytes that a connection may have for nothing

  /// `limit` is in bytes.
  explicit InputBuffer(std::size_t limit) : limit_(limit), bytes_(std::make_unique<char[]>(small)), capacity_(small) {}
  ~InputBuffer() { wipe(bytes_.get() + begin_, end_ - begin_); }
  InputBuffer(const InputBuffer&) = delete;
  InputBuffer& operator=(const InputBuffer&) = delete;

  [[nodiscard]] std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  [[nodiscard]] bool full() const { return end_ - begin_ == limit_; }

  /// What it will hold, in bytes, after room().
  [[nodiscard]] std::size_t capacity_for_more() const {
    if (end_ < capacity_ || full() || can_move_up()) return capacity_;
    return std::min(limit_, capacity_ * 2);
  }
  /// Room for the next read; grows up to the limit, and is empty only when full(). Views of earlier bytes end here.
  [[nodiscard]] std::span<char> room() {
    if (end_ == capacity_ && !full()) make_room();
    return {bytes_.get() + end_, capacity_ - end_};
  }
  void received(std::size_t size) { end_ += size; }

  /// Wipes and forgets the first `size` bytes: they may have held a password or a session's cookie.
  void consume(std::size_t size) {
    wipe(bytes_.get() + begin_, size);
    begin_ += size;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  /// Gives memory back; for an idle connection. False when there is too much in it.
  bool shrink() {
    if (capacity_ > small && view().size() <= small) move_to(small);
    return capacity_ == small;
  }

 private:
  void make_room() { move_to(can_move_up() ? capacity_ : std::min(limit_, capacity_ * 2)); }
  [[nodiscard]] bool can_move_up() const { return begin_ > 0 && view().size() <= capacity_ / 2; }
  void move_to(std::size_t capacity) {
    auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
    const std::size_t size = end_ - begin_;
    std::memcpy(bytes.get(), bytes_.get() + begin_, size);
    wipe(bytes_.get() + begin_, size);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
    begin_ = 0;
    end_ = size;
  }

  std::size_t limit_;
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace cardea::edge
