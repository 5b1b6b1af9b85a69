#pragma once
// Prepared statements of one connection by their text. The program's statements are literals, so their number is
// bounded. Internal to db.

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cardea::db {

template <class Statement>
class StatementCache {
 public:
  /// The statement of that text; `prepare` makes it the first time. The reference stays valid.
  template <class Prepare>
  Statement& get(std::string_view sql, Prepare&& prepare) {
    if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
    return statements_.emplace(std::string{sql}, prepare()).first->second;
  }
  [[nodiscard]] std::size_t size() const { return statements_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, Statement, Hash, std::equal_to<>> statements_;
};

}  // namespace cardea::db
