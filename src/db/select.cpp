#include "db/select.hpp"

#include <stdexcept>
#include <utility>

namespace cardea::db {
namespace {

/// Appends pieces and numbers their places.
class Composer {
 public:
  explicit Composer(std::string_view text) { add(text); }

  void add(std::string_view piece) { append_piece(text_, piece, places_); }
  void add_condition(const Condition& condition) {
    begin_condition();
    condition.append_to(text_, places_);
  }
  /// "(a, b) > ($1, $2)", which an index on (a, b) answers.
  void add_position(std::string_view columns, std::size_t count, Direction direction) {
    begin_condition();
    text_ += "((" + std::string{columns} + ")";
    text_ += direction == Direction::ascending ? " > (" : " < (";
    for (std::size_t i = 0; i < count; ++i) add(i == 0 ? "$?" : ", $?");
    text_ += "))";
  }
  void add_order(std::string_view columns, Direction direction) {
    const std::string_view suffix = direction == Direction::ascending ? " ASC" : " DESC";
    text_ += " ORDER BY ";
    for (const char c : columns) {
      if (c == ',') text_ += suffix;
      text_ += c;
    }
    text_ += suffix;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void begin_condition() {
    text_ += has_condition_ ? " AND " : " WHERE ";
    has_condition_ = true;
  }

  std::string text_;
  int places_ = 0;
  bool has_condition_ = false;
};

}  // namespace

Select& Select::order_by(Columns columns, Direction direction) {
  if (!position_.empty()) throw std::logic_error("the order changes after the position in it");
  columns_ = columns;
  direction_ = direction;
  return *this;
}

Select& Select::set_position(std::vector<Value> position) {
  if (!columns_ || columns_->count() != position.size()) throw std::logic_error("a position of another order");
  position_ = std::move(position);
  return *this;
}

Select& Select::limit(std::int64_t rows) {
  limit_ = rows;
  return *this;
}

std::string Select::text() const {
  Composer composer(text_);
  for (const auto& condition : conditions_) composer.add_condition(condition);
  if (!position_.empty()) composer.add_position(columns_->names(), columns_->count(), direction_);
  if (columns_) composer.add_order(columns_->names(), direction_);
  if (limit_) composer.add(" LIMIT $?");
  return composer.take();
}

std::vector<Param> Select::params() const {
  std::vector<Param> params;
  for (const Value& value : values_) params.push_back(view_of(value));
  for (const Condition& condition : conditions_) condition.append_to(params);
  for (const Value& value : position_) params.push_back(view_of(value));
  if (limit_) params.emplace_back(*limit_);
  return params;
}

}  // namespace cardea::db
