#include "password/hash_slots.hpp"

#include <algorithm>

namespace cardea::password {

HashSlots::HashSlots(std::size_t count, SteadyClock::duration kept_for)
    : kept_for_(kept_for), slots_(std::max<std::size_t>(count, 1)) {
  idle_.reserve(slots_.size());  // so that giving back cannot fail
  for (Slot& slot : slots_) idle_.push_back(&slot);
}

HashSlots::Slot& HashSlots::acquire() {
  std::unique_lock lock{mutex_};
  if (!idle_.empty()) {  // then nobody waits: a slot given back goes to the first who does
    Slot* slot = idle_.back();
    idle_.pop_back();
    return *slot;
  }
  Waiter self;
  queue_.push_back(&self);
  self.ready.wait(lock, [&] { return self.slot != nullptr; });
  return *self.slot;
}

void HashSlots::give_back(Slot& slot) noexcept {
  const std::lock_guard lock{mutex_};
  slot.used_at = SteadyClock::now();
  if (!queue_.empty()) {
    Waiter* first = queue_.front();
    queue_.pop_front();
    first->slot = &slot;
    first->ready.notify_one();  // under the lock: once that thread has it, its Waiter is gone
    return;
  }
  release_idle_since(slot.used_at - kept_for_);
  idle_.push_back(&slot);
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
