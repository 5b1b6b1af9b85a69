#pragma once
// How much memory bodies and long heads may take together, those of requests and those of responses. They arrive before
// anyone's credentials are looked at and leave as slowly as a client likes, so a limit for each alone would let many
// clients fill the memory.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "base/secret.hpp"

namespace cardea::edge {

/// What the memory is taken for. The last eighth is for responses alone: they belong to requests that were accepted,
/// perhaps a probe's.
enum class BodyUse { request, response };

/// What a server's bodies share. While half of it is free anybody may have any part of that; of the rest nobody gets
/// more who has an eighth of the whole already, counted by network and by account. A body that is its owner's only one
/// may be larger. Any thread.
class BodyMemory {
 public:
  /// `most` is in bytes.
  explicit BodyMemory(std::size_t most) : most_(most) {}
  [[nodiscard]] std::size_t taken() const { return taken_.load(std::memory_order_relaxed); }

 private:
  friend class BodyShare;
  using Owners = std::array<std::string, 2>;  // a network and an account; empty: not known

  [[nodiscard]] bool take(const Owners& owners, std::size_t size, std::size_t held, BodyUse use);
  void give_back(const Owners& owners, std::size_t size);

  const std::size_t most_;
  std::atomic<std::size_t> taken_{0};  // written under the mutex
  std::mutex mutex_;
  std::map<std::string, std::size_t> owned_;
};

/// What one exchange, or the input of one connection, holds of the memory; given back when it goes.
class BodyShare {
 public:
  explicit BodyShare(BodyMemory& memory) : memory_(memory) {}
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;
  ~BodyShare() { give_back(); }

  /// Whose it is: a network, as text, and an account, where it is known. Before anything is taken.
  void belongs_to(std::string network, std::string account) {
    if (size_ == 0) owners_ = {std::move(network), std::move(account)};
  }
  /// False, and nothing changed, when there is not so much left, for all or for its owner. A share never shrinks.
  [[nodiscard]] bool grow_to(std::size_t size, BodyUse use = BodyUse::request) {
    if (size <= size_) return true;
    if (!memory_.take(owners_, size - size_, size_, use)) return false;
    size_ = size;
    return true;
  }
  void give_back() {
    if (size_ > 0) memory_.give_back(owners_, size_);
    size_ = 0;
  }

 private:
  BodyMemory& memory_;
  BodyMemory::Owners owners_;
  std::size_t size_ = 0;
};

inline constexpr std::size_t small_body = 8 * 1024;  // bytes; only larger ones have a share
inline constexpr std::size_t begun_body = 2 * 1024;  // bytes that are set aside before any of a body has arrived

/// Room for more of a body that will have `length` bytes: twice what it has, so that who takes much has sent half of
/// it. What has arrived is moved and wiped where it was. So many bytes as `free` need no share. False, and nothing
/// changed, when `share` cannot grow so far.
[[nodiscard]] inline bool make_room(std::string& body, BodyShare& share, std::size_t length,
                                    std::size_t free = small_body) {
  const std::size_t wanted = std::min(length, std::max(small_body, body.capacity() * 2));
  if (wanted > free && !share.grow_to(wanted)) return false;
  std::string larger;
  larger.reserve(wanted);
  larger.append(body);
  wipe(body);
  body.swap(larger);
  return true;
}

}  // namespace cardea::edge
