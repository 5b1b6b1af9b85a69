#pragma once
// How much memory request bodies may take together. Bodies arrive before anyone's credentials are looked at, so the
// limit per body alone would let many anonymous clients fill the memory.

#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>

namespace cardea::edge {

/// What a server's bodies share. Any thread.
class BodyMemory {
 public:
  explicit BodyMemory(std::size_t most) : most_(most) {}
  [[nodiscard]] std::size_t taken() const { return taken_.load(); }

 private:
  friend class BodyShare;
  [[nodiscard]] bool take(std::size_t size) {
    std::size_t taken = taken_.load();
    do {
      if (size > most_ || taken > most_ - size) return false;
    } while (!taken_.compare_exchange_weak(taken, taken + size));
    return true;
  }

  const std::size_t most_;  // bytes
  std::atomic<std::size_t> taken_{0};
};

/// One body's part of the memory, given back when it goes.
class BodyShare {
 public:
  /// Absent when `size` bytes are not left.
  [[nodiscard]] static std::optional<BodyShare> take(BodyMemory& memory, std::size_t size) {
    if (!memory.take(size)) return std::nullopt;
    return BodyShare{memory, size};
  }
  BodyShare(BodyShare&& other) noexcept : memory_(std::exchange(other.memory_, nullptr)), size_(other.size_) {}
  BodyShare& operator=(BodyShare&&) = delete;
  ~BodyShare() {
    if (memory_ != nullptr) memory_->taken_.fetch_sub(size_);
  }

 private:
  BodyShare(BodyMemory& memory, std::size_t size) : memory_(&memory), size_(size) {}
  BodyMemory* memory_;
  std::size_t size_;
};

}  // namespace cardea::edge
