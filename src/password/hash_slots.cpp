#include "password/hash_slots.hpp"

#include <algorithm>

namespace cardea::password {

HashSlots::HashSlots(std::size_t count, std::size_t most_waiting, SteadyClock::duration kept_for)
    : kept_for_(kept_for), slots_(std::max<std::size_t>(count, 1)), queue_(most_waiting, most_waiting / 8) {
  idle_.reserve(slots_.size());  // so that giving back cannot fail
  for (Slot& slot : slots_) idle_.push_back(&slot);
}

HashSlots::Slot* HashSlots::acquire(const Share& share) {
  std::unique_lock lock{mutex_};
  if (!idle_.empty()) {  // then nobody waits: a slot given back goes to the next who does
    Slot* slot = idle_.back();
    idle_.pop_back();
    return slot;
  }
  if (is_closed_) return nullptr;
  Waiter self;
  Waiter* place = &self;
  if (const auto refused = queue_.push(share, place)) refuse(**refused);
  self.ready.wait(lock, [&] { return self.slot != nullptr || self.is_refused; });
  return self.slot;
}

/// Under the lock: once that thread knows, its Waiter is gone.
void HashSlots::refuse(Waiter& waiter) {
  waiter.is_refused = true;
  waiter.ready.notify_one();
}

void HashSlots::give_back(Slot& slot) noexcept {
  const std::lock_guard lock{mutex_};
  slot.used_at = SteadyClock::now();
  if (const auto next = queue_.pop()) {
    (*next)->slot = &slot;
    (*next)->ready.notify_one();  // under the lock, as in refuse()
    return;
  }
  release_idle_since(slot.used_at - kept_for_);
  idle_.push_back(&slot);
}

bool HashSlots::has_room_for(const Share& share) const {
  const std::lock_guard lock{mutex_};
  return !idle_.empty() || (!is_closed_ && queue_.has_room_for(share));
}

void HashSlots::close() {
  const std::lock_guard lock{mutex_};
  is_closed_ = true;
  while (const auto waiter = queue_.pop()) refuse(**waiter);
}

void HashSlots::release_idle() noexcept {
  const std::lock_guard lock{mutex_};
  release_idle_since(SteadyClock::now() - kept_for_);
}

void HashSlots::release_idle_since(SteadyClock::time_point limit) noexcept {
  for (Slot* slot : idle_) {
    if (slot->used_at <= limit) slot->memory.release();
  }
}

std::size_t HashSlots::waiting() const {
  const std::lock_guard lock{mutex_};
  return queue_.size();
}

std::size_t HashSlots::memory_kept() const {
  const std::lock_guard lock{mutex_};
  std::size_t kept = 0;
  for (const Slot* slot : idle_) kept += slot->memory.size();
  return kept;
}

}  // namespace cardea::password
