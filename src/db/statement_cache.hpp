#pragma once
// Prepared statements of one connection by their text: as many as are worth keeping, the least recently used goes
// first. Internal to db.

#include <cstddef>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cardea::db {

template <class Statement>
class StatementCache {
 public:
  /// `most` is at least 1.
  explicit StatementCache(std::size_t most) : most_(most) {}

  /// The statement of that text, now the most recently used; null when there is none. Valid until it is removed.
  Statement* find(std::string_view sql) {
    const auto found = by_text_.find(sql);
    if (found == by_text_.end()) return nullptr;
    recent_.splice(recent_.begin(), recent_, found->second);
    return &found->second->second;
  }
  /// Gives a statement away, to be added again; absent when there is none of that text.
  std::optional<Statement> take(std::string_view sql) {
    const auto found = by_text_.find(sql);
    if (found == by_text_.end()) return std::nullopt;
    const auto entry = found->second;
    by_text_.erase(found);
    std::optional<Statement> taken{std::move(entry->second)};
    recent_.erase(entry);
    return taken;
  }
  /// What has to be removed before another can be added; null when there is room.
  [[nodiscard]] const Statement* surplus() const { return recent_.size() < most_ ? nullptr : &recent_.back().second; }
  void remove_oldest() {
    by_text_.erase(recent_.back().first);
    recent_.pop_back();
  }
  Statement& add(std::string_view sql, Statement statement) {
    Entries added;  // which is there wholly or not at all
    added.emplace_front(std::string{sql}, std::move(statement));
    by_text_.emplace(added.front().first, added.begin());
    recent_.splice(recent_.begin(), added);
    return recent_.front().second;
  }
  [[nodiscard]] std::size_t size() const { return recent_.size(); }
  [[nodiscard]] std::size_t capacity() const { return most_; }

 private:
  using Entries = std::list<std::pair<std::string, Statement>>;

  const std::size_t most_;
  Entries recent_;  // most recently used first
  std::unordered_map<std::string_view, typename Entries::iterator> by_text_;  // views into recent_
};

}  // namespace cardea::db
