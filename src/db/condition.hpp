#pragma once
// What may hold of a database, with its values; asked alone, several at once (Tx::which_hold), or in a Select:
//
//   db::Condition is_enrolled(const AccountId& account) {
//     return {"EXISTS (SELECT 1 FROM totp WHERE account_id = $?)", account};
//   }
//
// No text but literals gets in, and no value gets into the text.

#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "db/value.hpp"

namespace cardea::db {

/// How many `$?` there are outside quotes; -1 unless the text is a piece of one statement that is whole in itself:
/// parentheses and quotes are closed, and there is no ';', no comment, no quoted name and no numbered parameter.
consteval int count_places(std::string_view piece) {
  int places = 0;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const char c = piece[i];
    const char next = i + 1 < piece.size() ? piece[i + 1] : '\0';
    if (c == '\'') quoted = !quoted;
    if (quoted || c == '\'') continue;
    if (c == ';' || c == '"' || c == '\\' || (c == '-' && next == '-') || (c == '/' && next == '*')) return -1;
    if (c == '$' && next != '?') return -1;
    if (c == '$') ++places;
    if (c == '(') ++depth;
    if (c == ')' && --depth < 0) return -1;
  }
  return quoted || depth != 0 || piece.empty() ? -1 : places;
}

// Named so that the compiler's message says what is wrong.
void fragment_is_not_whole_or_has_another_number_of_places_than_arguments();

/// A condition with as many `$?` as `Args`. Only a literal converts to it.
template <class... Args>
class Fragment {
 public:
  consteval Fragment(const char* text) : text_(text) {  // NOLINT(google-explicit-constructor): a literal is the SQL
    if (count_places(text_) != static_cast<int>(sizeof...(Args))) {
      fragment_is_not_whole_or_has_another_number_of_places_than_arguments();
    }
  }
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// Owns the values it is given.
class Condition {
 public:
  template <class... Args>
  Condition(Fragment<std::type_identity_t<Args>...> text, const Args&... args)  // NOLINT(google-explicit-constructor)
      : pieces_{text.text()} {
    (values_.push_back(to_value(to_param(args))), ...);
  }

  /// This and the other.
  [[nodiscard]] Condition and_also(Condition other) &&;

  /// Appends "(… = $3) AND (…)" to a statement that has `places` parameters, and counts those it adds.
  void append_to(std::string& statement, int& places) const;
  /// The values in the order of their places, valid as long as this is unchanged.
  void append_to(std::vector<Param>& params) const;

 private:
  std::vector<std::string_view> pieces_;
  std::vector<Value> values_;
};

/// Appends a checked piece of a statement, whose `$?` become `$4`, `$5` … after `places` of them.
void append_piece(std::string& statement, std::string_view piece, int& places);

/// "SELECT CASE WHEN (…) THEN 1 ELSE 0 END, …": a row with 1 for each that holds.
[[nodiscard]] std::string text_asking(std::span<const Condition> conditions);

}  // namespace cardea::db
