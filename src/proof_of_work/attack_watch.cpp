#include "proof_of_work/attack_watch.hpp"

#include <algorithm>

#include "proof_of_work/work.hpp"

namespace cardea::proof_of_work {
namespace {

std::int64_t slot_number(Time now, Duration span) { return to_micros(now) / span.count(); }

}  // namespace

AttackWatch::Slot& AttackWatch::slot_at(Time now) {
  const auto number = slot_number(now, slot_span);
  Slot& slot = slots_[static_cast<std::size_t>(number % slots)];
  if (slot.number != number) slot = {.number = number};
  return slot;
}

AttackWatch::Seen AttackWatch::seen_at(Time now) {
  const auto newest = slot_number(now, slot_span);
  Seen seen;
  for (const Slot& slot : slots_) {
    // What a clock that was ahead has counted is of no minute that is over yet.
    if (slot.number > newest || slot.number <= newest - slots) continue;
    seen.attempts += slot.attempts;
    seen.solved += slot.solved;
  }
  last_loud_ = std::min(last_loud_, now);
  const bool was = is_under_attack_;
  if (seen.attempts >= from_) is_under_attack_ = true;
  if (is_under_attack_ && seen.attempts * 2 >= from_) last_loud_ = now;
  if (is_under_attack_ && now - last_loud_ >= calm_for) is_under_attack_ = false;
  seen.is_under_attack = is_under_attack_;
  if (was != is_under_attack_) seen.change = was ? Change::ended : Change::began;
  return seen;
}

AttackWatch::Seen AttackWatch::add_attempt(Time now) {
  const std::lock_guard lock{mutex_};
  ++slot_at(now).attempts;
  return seen_at(now);
}

void AttackWatch::add_solved(Time now) {
  const std::lock_guard lock{mutex_};
  ++slot_at(now).solved;
}

AttackWatch::Seen AttackWatch::look(Time now) {
  const std::lock_guard lock{mutex_};
  return seen_at(now);
}

std::int64_t difficulty(std::int64_t bits, std::int64_t from, const AttackWatch::Seen& seen) {
  for (std::int64_t pace = from; seen.solved >= pace && bits < most_bits; pace *= 2) ++bits;
  return bits;
}

}  // namespace cardea::proof_of_work
