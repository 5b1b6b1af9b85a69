#pragma once
// A SELECT put together when the program runs, from pieces that were each checked when it was compiled:
//
//   db::Select select{"SELECT id, name FROM account"};
//   if (status) select.where("status = $?", *status);
//   select.order_by("created_at, id", db::Direction::descending);
//   if (position) select.after(position->created_at, position->id);
//   const auto rows = tx.all(select.limit(50));
//
// No text but literals gets in, and no value gets into the text.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "db/condition.hpp"

namespace cardea::db {

/// Whether `word` stands in `piece` outside parentheses.
consteval bool has_clause(std::string_view piece, std::string_view word) {
  int depth = 0;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (piece[i] == '(') ++depth;
    if (piece[i] == ')') --depth;
    if (depth == 0 && piece.substr(i).starts_with(word)) return true;
  }
  return false;
}

/// How many names there are, with commas between; 0 when the text is anything else.
consteval std::size_t count_columns(std::string_view names) {
  std::size_t count = 1;
  bool is_name_open = false;  // a name has begun and may end
  for (std::size_t i = 0; i < names.size(); ++i) {
    const char c = names[i];
    if (c == ',') {
      if (!is_name_open || !names.substr(i).starts_with(", ")) return 0;
      ++i;  // the blank
      is_name_open = false;
      ++count;
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.') {
      is_name_open = true;
    } else {
      return 0;
    }
  }
  return is_name_open ? count : 0;
}

// Named so that the compiler's message says what is wrong.
void a_select_begins_with_select_and_leaves_its_clauses_to_be_added();
void columns_are_plain_names_with_a_comma_and_a_blank_between();

/// "SELECT … FROM …", joins included, up to where its conditions begin.
template <class... Args>
class SelectText : public Fragment<Args...> {
 public:
  consteval SelectText(const char* text) : Fragment<Args...>(text) {  // NOLINT(google-explicit-constructor): as above
    bool is_open = this->text().starts_with("SELECT ");
    for (const std::string_view clause : {" WHERE ", " GROUP BY ", " ORDER BY ", " LIMIT ", " UNION "}) {
      is_open = is_open && !has_clause(this->text(), clause);
    }
    if (!is_open) a_select_begins_with_select_and_leaves_its_clauses_to_be_added();
  }
};

/// "value, account_id": what a list is ordered by, none of them ever null, and together different in every row.
class Columns {
 public:
  consteval Columns(const char* names)  // NOLINT(google-explicit-constructor): a literal is the SQL
      : names_(names), count_(count_columns(names)) {
    if (count_ == 0) columns_are_plain_names_with_a_comma_and_a_blank_between();
  }
  [[nodiscard]] constexpr std::string_view names() const { return names_; }
  [[nodiscard]] constexpr std::size_t count() const { return count_; }

 private:
  std::string_view names_;
  std::size_t count_;
};

enum class Direction { ascending, descending };

/// Owns the values it is given.
class Select {
 public:
  template <class... Args>
  explicit Select(SelectText<std::type_identity_t<Args>...> text, const Args&... args) : text_(text.text()) {
    (values_.push_back(to_value(to_param(args))), ...);
  }

  /// Adds a condition; all of them have to hold.
  template <class... Args>
  Select& where(Fragment<std::type_identity_t<Args>...> condition, const Args&... args) {
    conditions_.emplace_back(condition, args...);
    return *this;
  }

  /// Orders by all the columns in one direction, so that one index serves.
  Select& order_by(Columns columns, Direction direction);
  /// Only what comes after these values of the order's columns; without an order, or with as many as it does not
  /// have, throws std::logic_error.
  template <class... Args>
  Select& after(const Args&... position) {
    return set_position({to_value(to_param(position))...});
  }
  /// At most so many rows.
  Select& limit(std::int64_t rows);
  [[nodiscard]] std::optional<std::int64_t> limit() const { return limit_; }

  /// The statement, with `$1`, `$2` …, and its parameters, valid as long as this is unchanged.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::vector<Param> params() const;

 private:
  Select& set_position(std::vector<Value> position);

  std::string_view text_;
  std::vector<Value> values_;  // of the text
  std::vector<Condition> conditions_;
  std::optional<Columns> columns_;
  Direction direction_ = Direction::ascending;
  std::vector<Value> position_;
  std::optional<std::int64_t> limit_;
};

}  // namespace cardea::db
