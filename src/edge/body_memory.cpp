#include "edge/body_memory.hpp"

namespace cardea::edge {

bool BodyMemory::take(const Owners& owners, std::size_t size, std::size_t held, BodyUse use) {
  const std::lock_guard lock{mutex_};
  const std::size_t open = use == BodyUse::response ? most_ : most_ - most_ / 8;
  const std::size_t taken = taken_.load(std::memory_order_relaxed);
  if (taken > open || size > open - taken) return false;
  const bool is_scarce = taken + size > most_ / 2;
  for (const auto& owner : owners) {
    const auto owned = owner.empty() || !is_scarce ? owned_.end() : owned_.find(owner);
    // `held` is this body's own: the only one of an owner may be of any size.
    if (owned != owned_.end() && owned->second > held && owned->second + size > most_ / 8) return false;
  }
  for (const auto& owner : owners) {
    if (!owner.empty()) owned_[owner] += size;
  }
  taken_.store(taken + size, std::memory_order_relaxed);
  return true;
}

void BodyMemory::give_back(const Owners& owners, std::size_t size) {
  const std::lock_guard lock{mutex_};
  for (const auto& owner : owners) {
    const auto owned = owner.empty() ? owned_.end() : owned_.find(owner);
    if (owned == owned_.end()) continue;
    owned->second -= size;
    if (owned->second == 0) owned_.erase(owned);
  }
  taken_.store(taken_.load(std::memory_order_relaxed) - size, std::memory_order_relaxed);
}

}  // namespace cardea::edge
