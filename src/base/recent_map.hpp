#pragma once
// A memory of bounded size that forgets the oldest, in constant time.

#include <cstddef>
#include <functional>
#include <unordered_map>
#include <utility>

namespace cardea {

/// Two halves: what is put goes into the young one; when that is full it becomes the old one, and what was old is
/// forgotten. So between half of `most` and `most` of the latest entries are there. Not thread-safe.
template <class Key, class Value, class Hash = std::hash<Key>>
class RecentMap {
 public:
  explicit RecentMap(std::size_t most) : half_(most / 2) {}

  void put(const Key& key, Value value) {
    if (half_ == 0) return;
    if (young_.size() >= half_ && !young_.contains(key)) {
      old_ = std::exchange(young_, {});
    }
    young_.insert_or_assign(key, std::move(value));
  }
  /// Null: not there. Valid until the next change.
  [[nodiscard]] const Value* find(const Key& key) const {
    for (const Half* half : {&young_, &old_}) {
      const auto at = half->find(key);
      if (at != half->end()) return &at->second;
    }
    return nullptr;
  }
  void clear() {
    young_.clear();
    old_.clear();
  }
  [[nodiscard]] std::size_t size() const { return young_.size() + old_.size(); }

 private:
  using Half = std::unordered_map<Key, Value, Hash>;
  std::size_t half_;
  Half young_;
  Half old_;
};

}  // namespace cardea
