#pragma once
// The places where passwords are hashed: a semaphore that counts them, each with the memory that Argon2 works in. Who
// waits for one gets it in fair turns (base/fair_queue.hpp). Internal to password.
//
// More threads may want to hash than there are cores, because they also wait for the database; more hashes at once than
// cores only slow each other down, and cost 19 MiB each. Never: more blocks of memory than places.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "base/fair_queue.hpp"
#include "crypto/argon2_memory.hpp"

namespace cardea::password {

class HashSlots {
 public:
  using SteadyClock = std::chrono::steady_clock;

  /// Up to `most_waiting` threads wait, an eighth of them only with a reserve. Memory that nobody has used for
  /// `kept_for` is released whenever another slot is given back, and by `release_idle`.
  HashSlots(std::size_t count, std::size_t most_waiting, SteadyClock::duration kept_for);
  HashSlots(const HashSlots&) = delete;
  HashSlots& operator=(const HashSlots&) = delete;

 private:
  struct Slot {
    crypto::Argon2Memory memory;
    SteadyClock::time_point used_at;
  };

 public:
  /// Has a slot for as long as it lives, and waits for it until it is the turn of `share`; or has none, because no
  /// place to wait was left or this one went to somebody who had less. The slot used last is taken first, so that few
  /// keep memory when few are needed.
  class Lease {
   public:
    Lease(HashSlots& slots, const Share& share) : slots_(slots), slot_(slots.acquire(share)) {}
    ~Lease() {
      if (slot_ != nullptr) slots_.give_back(*slot_);
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    [[nodiscard]] explicit operator bool() const { return slot_ != nullptr; }
    [[nodiscard]] crypto::Argon2Memory& memory() const { return slot_->memory; }

   private:
    HashSlots& slots_;
    Slot* slot_;
  };

  /// Whether `share` would get a slot now, perhaps after a wait.
  [[nodiscard]] bool has_room_for(const Share& share) const;
  /// Sends away whoever waits, and from now on whoever would have to.
  void close();

  /// Releases memory that nobody has used for `kept_for`. For a thread that rests.
  void release_idle() noexcept;

  /// Threads that wait for a slot.
  [[nodiscard]] std::size_t waiting() const;
  /// Bytes kept by slots that nobody uses.
  [[nodiscard]] std::size_t memory_kept() const;

 private:
  /// A thread in the queue; lives on that thread's stack.
  struct Waiter {
    std::condition_variable ready;
    Slot* slot = nullptr;
    bool is_refused = false;
  };

  /// Null: there is no place.
  Slot* acquire(const Share& share);
  static void refuse(Waiter& waiter);
  void give_back(Slot& slot) noexcept;
  void release_idle_since(SteadyClock::time_point limit) noexcept;

  const SteadyClock::duration kept_for_;
  mutable std::mutex mutex_;
  std::deque<Slot> slots_;
  std::vector<Slot*> idle_;  // the one used last at the end
  FairQueue<Waiter*> queue_;
  bool is_closed_ = false;
};

}  // namespace cardea::password
