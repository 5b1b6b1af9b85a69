#pragma once
// Whether sign-ups come faster than people make them: how many in the last minute, in this process.

#include <array>
#include <cstdint>
#include <mutex>

#include "base/time.hpp"

namespace cardea::proof_of_work {

/// Begins at so many attempts in a minute, and ends when there have been fewer than half as many for five minutes, so
/// that it does not begin and end with every wave. Any thread.
class AttackWatch {
 public:
  static constexpr Duration calm_for = std::chrono::minutes{5};

  explicit AttackWatch(std::int64_t from) : from_(from) {}

  enum class Change { none, began, ended };
  struct Seen {
    bool is_under_attack = false;
    std::int64_t attempts = 0;  // in the last minute
    std::int64_t solved = 0;    // of those that brought a right proof
    Change change = Change::none;  // since the last look; told once
  };
  /// An attempt, whatever becomes of it.
  Seen add_attempt(Time now);
  void add_solved(Time now);
  Seen look(Time now);

 private:
  static constexpr std::int64_t slots = 12;
  static constexpr Duration slot_span = std::chrono::seconds{5};
  struct Slot {
    std::int64_t number = -1;
    std::int64_t attempts = 0;
    std::int64_t solved = 0;
  };

  Slot& slot_at(Time now);
  Seen seen_at(Time now);

  const std::int64_t from_;
  std::mutex mutex_;
  std::array<Slot, slots> slots_{};
  bool is_under_attack_ = false;
  Time last_loud_ = {};
};

/// How hard a challenge is, `bits` at least. It grows with what is solved, a bit with each doubling: those who do
/// nothing cannot make it harder for those who do.
[[nodiscard]] std::int64_t difficulty(std::int64_t bits, std::int64_t from, const AttackWatch::Seen& seen);

}  // namespace cardea::proof_of_work
