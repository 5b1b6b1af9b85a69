#pragma once
// The one way in which turns at something scarce are handed out.

#include <algorithm>
#include <cstddef>
#include <list>
#include <map>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/client_network.hpp"

namespace cardea {

/// On whose account something is asked for.
struct Share {
  ClientNetwork network = {};
  bool has_reserve = false;  // may take the places that are kept: shown by what strangers do not have
};

/// A bounded queue in which nobody waits behind another's crowd: turns go round by network, and within one by its
/// narrower networks. Where the queue is full, whoever has most in it makes room for whoever has less, so that one
/// network can fill it only while nobody else comes. Part of it is kept for those with a reserve, who also get every
/// other turn.
///
/// Not synchronised. `T` is movable without exceptions. Nothing but `push` needs memory: whoever takes an item out has
/// nobody to tell that there was none.
template <class T>
class FairQueue {
 public:
  /// Holds up to `limit`, of them up to `limit - reserve` without a reserve.
  explicit FairQueue(std::size_t limit, std::size_t reserve = 0)
      : limit_(limit), reserve_(limit > reserve ? reserve : 0) {}

  [[nodiscard]] std::size_t size() const { return usual_.size + reserved_.size; }
  [[nodiscard]] bool empty() const { return size() == 0; }

  /// Whether there would be a place for `share`, perhaps another's.
  [[nodiscard]] bool has_room_for(const Share& share) const {
    const Node& group = share.has_reserve ? reserved_ : usual_;
    return !is_full_for(share) || wins(group, share.network);
  }

  /// Queues `item`. What is returned has no place: `item` itself, or the last of whoever has most. Throws
  /// std::bad_alloc, and `item` stays the caller's.
  [[nodiscard]] std::optional<T> push(const Share& share, T& item) {
    Node& group = share.has_reserve ? reserved_ : usual_;
    const bool is_full = is_full_for(share);
    if (is_full && !wins(group, share.network)) return std::move(item);
    put(group, share.network.path(), item);
    if (is_full) return take_last_of_greatest(group);
    return std::nullopt;
  }

  /// The next, if there is one.
  [[nodiscard]] std::optional<T> pop() {
    if (empty()) return std::nullopt;
    const bool is_reserved = usual_.size == 0 || (reserved_.size > 0 && !was_reserved_);
    was_reserved_ = is_reserved;
    return take_next(is_reserved ? reserved_ : usual_);
  }

  /// Everything that waits, to be taken from there.
  [[nodiscard]] FairQueue take_all() { return std::exchange(*this, FairQueue{limit_, reserve_}); }

 private:
  /// A network: its items, or the narrower networks that have them.
  struct Node {
    std::map<std::string, Node> parts = {};
    std::list<std::string> turns = {};  // of the parts
    std::list<T> items = {};
    std::size_t size = 0;
  };

  [[nodiscard]] bool is_full_for(const Share& share) const {
    return size() >= limit_ || (!share.has_reserve && usual_.size >= limit_ - reserve_);
  }

  /// Whether somebody in `group` has so much more than `network` that one of theirs is to go.
  [[nodiscard]] static bool wins(const Node& group, const ClientNetwork& network) {
    const Node* node = &group;
    for (const std::string& key : network.path()) {
      if (node->parts.size() == node->size) return false;  // each has one
      const auto own = node->parts.find(key);
      const std::size_t held = own == node->parts.end() ? 0 : own->second.size;
      const auto greatest = greatest_of(*node);
      if (held + 1 < greatest->second.size) return true;
      if (own == node->parts.end() || held < greatest->second.size) return false;
      node = &own->second;  // among the greatest: whether a part of it has most of that
    }
    return false;
  }

  template <class N>
  [[nodiscard]] static auto greatest_of(N& node) {
    return std::max_element(node.parts.begin(), node.parts.end(),
                            [](const auto& a, const auto& b) { return a.second.size < b.second.size; });
  }

  static void put(Node& node, std::span<const std::string> path, T& item) {
    if (path.empty()) {
      node.items.push_back(std::move(item));
    } else {
      const auto [part, is_new] = node.parts.try_emplace(path.front());
      try {
        if (is_new) node.turns.push_back(path.front());
        put(part->second, path.subspan(1), item);
      } catch (const std::bad_alloc&) {
        if (part->second.size == 0) node.parts.erase(part);
        if (is_new && !node.turns.empty() && node.turns.back() == path.front()) node.turns.pop_back();
        throw;
      }
    }
    node.size += 1;
  }

  static T take_next(Node& node) {
    node.size -= 1;
    if (node.parts.empty()) return take(node.items, node.items.begin());
    const auto turn = node.turns.begin();
    const auto part = node.parts.find(*turn);
    T item = take_next(part->second);
    if (part->second.size == 0) {
      node.parts.erase(part);
      node.turns.erase(turn);
    } else {
      node.turns.splice(node.turns.end(), node.turns, turn);
    }
    return item;
  }

  static T take_last_of_greatest(Node& node) {
    node.size -= 1;
    if (node.parts.empty()) return take(node.items, std::prev(node.items.end()));
    const auto part = greatest_of(node);
    T item = take_last_of_greatest(part->second);
    forget_if_empty(node, part);
    return item;
  }

  static void forget_if_empty(Node& node, typename std::map<std::string, Node>::iterator part) {
    if (part->second.size > 0) return;
    node.turns.erase(std::find(node.turns.begin(), node.turns.end(), part->first));
    node.parts.erase(part);
  }

  static T take(std::list<T>& items, typename std::list<T>::iterator at) {
    T item = std::move(*at);
    items.erase(at);
    return item;
  }

  std::size_t limit_;
  std::size_t reserve_;
  bool was_reserved_ = false;
  Node usual_;
  Node reserved_;
};

}  // namespace cardea
