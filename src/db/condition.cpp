#include "db/condition.hpp"

#include <iterator>

namespace cardea::db {

Condition Condition::and_also(Condition other) && {
  pieces_.insert(pieces_.end(), other.pieces_.begin(), other.pieces_.end());
  values_.insert(values_.end(), std::make_move_iterator(other.values_.begin()),
                 std::make_move_iterator(other.values_.end()));
  return std::move(*this);
}

void Condition::append_to(std::string& statement, int& places) const {
  std::string_view between = "(";
  for (const auto piece : pieces_) {
    statement += between;
    append_piece(statement, piece, places);
    between = ") AND (";
  }
  statement += ')';
}

void Condition::append_to(std::vector<Param>& params) const {
  for (const Value& value : values_) params.push_back(view_of(value));
}

void append_piece(std::string& statement, std::string_view piece, int& places) {
  bool quoted = false;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (piece[i] == '\'') quoted = !quoted;
    statement += piece[i];
    if (quoted || piece[i] != '$') continue;
    statement += std::to_string(++places);
    ++i;  // the '?'
  }
}

std::string text_asking(std::span<const Condition> conditions) {
  std::string statement;
  int places = 0;
  for (const Condition& each : conditions) {
    statement += statement.empty() ? "SELECT CASE WHEN " : ", CASE WHEN ";
    each.append_to(statement, places);
    statement += " THEN 1 ELSE 0 END";
  }
  return statement;
}

}  // namespace cardea::db
