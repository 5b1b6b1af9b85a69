#pragma once
// How much memory bodies may take together, those of requests and those of responses. They arrive before anyone's
// credentials are looked at and leave as slowly as a client likes, so the limit per body alone would let many clients
// fill the memory.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string>

#include "base/secret.hpp"

namespace cardea::edge {

/// What a server's bodies share. Any thread.
class BodyMemory {
 public:
  /// `most` is in bytes.
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

  const std::size_t most_;
  std::atomic<std::size_t> taken_{0};
};

/// What one exchange holds of the memory; given back when it goes.
class BodyShare {
 public:
  explicit BodyShare(BodyMemory& memory) : memory_(memory) {}
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;
  ~BodyShare() { give_back(); }

  /// False, and nothing changed, when there is not so much left. A share never shrinks.
  [[nodiscard]] bool grow_to(std::size_t size) {
    if (size <= size_) return true;
    if (!memory_.take(size - size_)) return false;
    size_ = size;
    return true;
  }
  void give_back() {
    memory_.taken_.fetch_sub(size_);
    size_ = 0;
  }

 private:
  BodyMemory& memory_;
  std::size_t size_ = 0;
};

inline constexpr std::size_t small_body = 16 * 1024;  // bytes; only larger ones have a share

/// Room for more of a body that will have `length` bytes: twice what it has, so that who takes much has sent half of
/// it. What has arrived is moved and wiped where it was. False, and nothing changed, when `share` cannot grow so far.
[[nodiscard]] inline bool make_room(std::string& body, BodyShare& share, std::size_t length) {
  const std::size_t wanted = std::min(length, std::max(small_body, body.capacity() * 2));
  if (wanted > small_body && !share.grow_to(wanted)) return false;
  std::string larger;
  larger.reserve(wanted);
  larger.append(body);
  wipe(body);
  body.swap(larger);
  return true;
}

}  // namespace cardea::edge
