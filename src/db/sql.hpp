#pragma once
// A statement's text, fixed when the program is compiled. `$1`, `$2` … are its parameters on both engines.

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace cardea::db {

/// The highest `$N` outside quotes. Every number from 1 to it must appear; -1 otherwise.
consteval int count_parameters(std::string_view sql) {
  bool seen[64] = {};
  int highest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '\'') quoted = !quoted;
    if (quoted || sql[i] != '$') continue;
    int number = 0;
    while (i + 1 < sql.size() && sql[i + 1] >= '0' && sql[i + 1] <= '9') number = number * 10 + (sql[++i] - '0');
    if (number < 1 || number >= 64) return -1;
    seen[number] = true;
    if (number > highest) highest = number;
  }
  for (int n = 1; n <= highest; ++n) {
    if (!seen[n]) return -1;
  }
  return highest;
}

// Named so that the compiler's message says what is wrong.
void sql_has_another_number_of_parameters_than_arguments();

/// Text of a statement with as many parameters as `Args`. Only a literal converts to it.
template <class... Args>
class Sql {
 public:
  consteval Sql(const char* text) : text_(text) {  // NOLINT(google-explicit-constructor): a literal is the SQL
    if (count_parameters(text_) != static_cast<int>(sizeof...(Args))) {
      sql_has_another_number_of_parameters_than_arguments();
    }
  }
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Named so that the compiler's message says what is wrong.
void a_statement_that_reads_begins_with_select();

/// Text of a statement that only reads. Only a literal converts to it.
template <class... Args>
class Query : public Sql<Args...> {
 public:
  consteval Query(const char* text) : Sql<Args...>(text) {  // NOLINT(google-explicit-constructor): as above
    if (!this->text().starts_with("SELECT ")) a_statement_that_reads_begins_with_select();
  }
};

}  // namespace cardea::db
