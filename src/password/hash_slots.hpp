#pragma once
// The places where passwords are hashed: a semaphore that counts them, each with the memory that Argon2 works in.
// Internal to password.
//
// More threads may want to hash than there are cores, because they also wait for the database; more hashes at once than
// cores only slow each other down, and cost 19 MiB each. Never: more blocks of memory than places.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

#include "crypto/argon2_memory.hpp"

namespace cardea::password {

class HashSlots {
 public:
  using SteadyClock = std::chrono::steady_clock;

  /// Memory that nobody has used for `kept_for` is released whenever another slot is given back, and by `release_idle`.
  HashSlots(std::size_t count, SteadyClock::duration kept_for);
  HashSlots(const HashSlots&) = delete;
  HashSlots& operator=(const HashSlots&) = delete;

 private:
  struct Slot {
    crypto::Argon2Memory memory;
    SteadyClock::time_point used_at;
  };

 public:
  /// Has a slot for as long as it lives, and waits for it: first come, first served. The wait is bounded by the threads
  /// that came before, each of which computes one hash. The slot used last is taken first, so that few keep memory when
  /// few are needed.
  class Lease {
   public:
    explicit Lease(HashSlots& slots) : slots_(slots), slot_(slots.acquire()) {}
    ~Lease() { slots_.give_back(slot_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    [[nodiscard]] crypto::Argon2Memory& memory() const { return slot_.memory; }

   private:
    HashSlots& slots_;
    Slot& slot_;
  };

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
  };

  Slot& acquire();
  void give_back(Slot& slot) noexcept;
  void release_idle_since(SteadyClock::time_point limit) noexcept;

  const SteadyClock::duration kept_for_;
  mutable std::mutex mutex_;
  std::deque<Slot> slots_;
  std::vector<Slot*> idle_;  // the one used last at the end
  std::deque<Waiter*> queue_;
};

}  // namespace cardea::password
